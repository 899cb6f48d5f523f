// The differential equations of one step of the cycle, their Jacobian and their linear equations, all in the kernel (kernel.ts), as the stiff integrator wants them.
import type { Problem } from '../stiff/bdf.ts';
import { type Column, PER_CELL } from './column.ts';
import { type End, kernelOf, viscousTerm } from './kernel.ts';
import type { Bed } from './parameters.ts';
import { type Tape, tapeOf } from './tape.ts';

/** Which work a step does: feed from the atmosphere, outflow of the left end to the atmosphere, or inflow from the low pressure. */
export type Work =
  | { readonly kind: 'none' }
  | { readonly kind: 'feed'; readonly fromPa: number }
  | { readonly kind: 'vacuum'; readonly share: number };

/** Integrals: CO2, N2 (mol/m2), enthalpy (J/m2) through the left end, the same through the right, work (J/m2). */
export const INTEGRALS = 7;

/** Pressure outside, from which feed comes and to which the vacuum pump delivers: 1 bar, as in the model that the parameter file is from. */
export const ATMOSPHERE_PA = 1e5;

/** Work of compressing one mole from `from` to `to` Pa at temperature K, J/mol; 0 when there is nothing to compress. */
export function compressionJMol(bed: Bed, from: number, to: number, k: number): number {
  if (to <= from) return 0;
  const g = bed.adiabaticIndex;
  return ((g / (g - 1)) * bed.gasConstant * k * ((to / from) ** ((g - 1) / g) - 1)) / bed.compressorEfficiency;
}

/** One step's problem, and a tape for one integration of it. */
export interface Step extends Problem {
  tape(): Tape;
}

/** The differential equations of one step. */
export function step(c: Column, left: End, right: End, work: Work): Step {
  const { cells, bed } = c;
  const n = cells * PER_CELL;
  const kernel = kernelOf(c, left, right);
  const outside = (end: End, t: number) => ('pa' in end ? end.pa(t) : 0);
  /** Copies the state in. */
  const load = (y: Float64Array) => {
    const { k, at } = kernel();
    at.y.set(y);
    return { k, at };
  };
  const integrands = (t: number, y: Float64Array, out: Float64Array) => {
    const { k, at } = load(y);
    k.ends(outside(left, t), outside(right, t));
    const { f } = at;
    for (let i = n; i < n + 6; i++) out[i] = f[i];
    const [leftK, leftPa] = [f[n + 6], f[n + 7]];
    const flow = f[n] + f[n + 1];
    if (work.kind === 'feed' && flow > 0 && (left.kind === 'flow' || left.kind === 'inlet'))
      out[n + 6] = flow * compressionJMol(bed, work.fromPa, leftPa, left.k);
    else if (work.kind === 'vacuum' && flow < 0)
      out[n + 6] = -flow * work.share * compressionJMol(bed, leftPa, ATMOSPHERE_PA, leftK);
    else out[n + 6] = 0;
  };
  const here = new Float64Array(n + INTEGRALS);
  const leftOpen = 'pa' in left;
  const open = leftOpen ? left : right;
  const evenOutS = 0.4 * bed.voidFraction * bed.lengthM ** 2 * viscousTerm(c);
  return {
    n,
    integrals: INTEGRALS,
    derivative(t, y, out) {
      const { k, at } = load(y);
      k.derivative(outside(left, t), outside(right, t));
      out.set(at.f.subarray(0, out.length));
    },
    integrands,
    integrandInputs: Array.from({ length: 10 }, (_, i) => (i < 5 ? i : n - 10 + i)),
    /** As the Jacobian has them, so that what the cells gain is what the ends let in; of the work as of its flow. */
    integrandSlopes(t, y, out) {
      integrands(t, y, here);
      const { ends } = kernel().at;
      const workPerMol = here[n + 6] / (here[n] + here[n + 1] || 1);
      out.fill(0);
      for (let v = 0; v < 5; v++) {
        for (let r = 0; r < 3; r++) {
          out[INTEGRALS * v + r] = ends[5 * r + v];
          out[INTEGRALS * (5 + v) + 3 + r] = -ends[15 + 5 * r + v];
        }
        out[INTEGRALS * v + 6] = workPerMol * (ends[v] + ends[5 + v]);
      }
    },
    taken: () => kernel().k.take(),
    /**
     * Pressures from flows. A bed of little resistance lets so much gas through for a few pascal that the pressures of a predicted state, good to a relative 1e-4, say nothing about its flows, not even
     * which way they go, and Newton's iteration from there meets the square root in Ergun's equation on the wrong side. Flows change little from step to step: so the iteration starts from the
     * pressures that would drive those of the last step.
     */
    start(t, h, y) {
      if (!('pa' in open)) return;
      const pa = open.pa(t);
      // In a shorter step than pressures take to even out, flows are still to change.
      if (h < evenOutS / pa) return;
      const { k, at } = load(y);
      k.pressures(pa, leftOpen ? 1 : 0);
      y.set(at.y);
    },
    solver: {
      differentiate(t, y) {
        const { k } = load(y);
        return k.jacobian(outside(left, t), outside(right, t)) !== 0;
      },
      factor: c => kernel().k.factor(c) !== 0,
      solve(x) {
        const { k, at } = kernel();
        at.v.set(x);
        k.solve();
        x.set(at.v.subarray(0, n));
      },
    },
    tape: () => tapeOf(kernel),
  };
}
