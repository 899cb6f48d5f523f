// The differential equations of one step of the cycle: fluxes (face.ts, ends.ts) and kinetics by a linear driving force.
import type { Band } from '../stiff/band.ts';
import type { Problem } from '../stiff/bdf.ts';
import { cellSolver } from '../stiff/solvers.ts';
import { type Column, PER_CELL } from './column.ts';
import { type End, ends } from './ends.ts';
import { equilibrium } from './equilibrium.ts';
import { innerFaces } from './face.ts';
import { jacobianOf } from './jacobian.ts';
import type { Bed } from './parameters.ts';
import { pressuresOf } from './pressures.ts';

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

/** The differential equations of one step. Not re-entrant: the returned problem has working arrays of its own. */
export function step(c: Column, left: End, right: End, work: Work): Problem {
  const { cells, bed, scale, sorbent, solidKgM3 } = c;
  const { voidFraction: e, gasConstant: R, feedK, cpGasJMolK: cp, cpAdsorbedJMolK: ca, cpSolidJKgK: cs } = bed;
  const [h1, h2] = sorbent.heatJMol;
  const dz = bed.lengthM / cells;
  const n = cells * PER_CELL;
  const equilibriumOf = equilibrium(sorbent, R);
  const q = new Float64Array(2);
  const P = new Float64Array(cells);
  const T = new Float64Array(cells);
  const X = new Float64Array(cells);
  const f1 = new Float64Array(cells + 1);
  const f2 = new Float64Array(cells + 1);
  const fe = new Float64Array(cells + 1);
  const inner = innerFaces(c, [P, T, X], [f1, f2, fe]);
  const outer = ends(c, left, right, [P, T, X], [f1, f2, fe]);
  // Flows through the faces in the last step that was taken, mol/m2/s.
  const flows = new Float64Array(cells + 1);
  const driving = pressuresOf(c, left, right, [P, T, X], flows);
  const [k1, k2] = bed.driving;
  const perLoad = 1 / scale.load;
  const gasRate = 1 / (dz * e * scale.gas);
  const loadRate = (solidKgM3 * scale.load) / (e * scale.gas);
  const energyRate = 1 / (dz * scale.energy);
  const integrandInputs = Array.from({ length: 10 }, (_, i) => (i < 5 ? i : n - 10 + i));
  const cell = (j: number, y: Float64Array) => {
    const at = j * 5;
    const c1 = y[at] * scale.gas;
    const gas = c1 + y[at + 1] * scale.gas;
    const q1 = y[at + 3] * scale.load;
    const q2 = y[at + 4] * scale.load;
    const theta =
      (y[at + 2] * scale.energy + e * gas * R * feedK - solidKgM3 * (q1 * h1 + q2 * h2)) /
      (e * gas * (cp - R) + solidKgM3 * (cs + ca * (q1 + q2)));
    T[j] = feedK + theta;
    P[j] = gas * R * (feedK + theta);
    X[j] = c1 / gas;
  };

  const derivative = (t: number, y: Float64Array, out: Float64Array) => {
    for (let j = 0; j < cells; j++) {
      const at = j * 5;
      cell(j, y);
      equilibriumOf(T[j], y[at] * scale.gas, y[at + 1] * scale.gas, q);
      out[at + 3] = k1 * (q[0] * perLoad - y[at + 3]);
      out[at + 4] = k2 * (q[1] * perLoad - y[at + 4]);
    }
    outer.flux(0, t);
    outer.flux(cells, t);
    for (let face = 1; face < cells; face++) inner.flux(face);
    for (let j = 0; j < cells; j++) {
      const at = j * 5;
      out[at] = (f1[j] - f1[j + 1]) * gasRate - out[at + 3] * loadRate;
      out[at + 1] = (f2[j] - f2[j + 1]) * gasRate - out[at + 4] * loadRate;
      out[at + 2] = (fe[j] - fe[j + 1]) * energyRate;
    }
  };

  const integrands = (t: number, y: Float64Array, out: Float64Array) => {
    cell(0, y);
    cell(cells - 1, y);
    const leftPa = outer.flux(0, t);
    outer.flux(cells, t);
    out[n] = f1[0];
    out[n + 1] = f2[0];
    out[n + 2] = fe[0];
    out[n + 3] = -f1[cells];
    out[n + 4] = -f2[cells];
    out[n + 5] = -fe[cells];
    const flow = f1[0] + f2[0];
    if (work.kind === 'feed' && flow > 0 && (left.kind === 'flow' || left.kind === 'inlet'))
      out[n + 6] = flow * compressionJMol(bed, work.fromPa, leftPa, left.k);
    else if (work.kind === 'vacuum' && flow < 0)
      out[n + 6] = -flow * work.share * compressionJMol(bed, leftPa, ATMOSPHERE_PA, T[0]);
    else out[n + 6] = 0;
  };
  const endsBy = new Float64Array(30);
  const slopes = jacobianOf(c, {
    cells: [P, T, X],
    end: outer.slopes,
    ends: endsBy,
    inner: inner.slopes,
    rates: { gas: gasRate, energy: energyRate, load: loadRate },
  });
  const jacobian = (t: number, y: Float64Array, out: Band) => {
    for (let j = 0; j < cells; j++) cell(j, y);
    return slopes(t, y, out);
  };
  const here = new Float64Array(n + INTEGRALS);
  /** As the Jacobian has them, so that what the cells gain is what the ends let in; of the work as of its flow. */
  const integrandSlopes = (t: number, y: Float64Array, out: Float64Array) => {
    integrands(t, y, here);
    const workPerMol = here[n + 6] / (here[n] + here[n + 1] || 1);
    out.fill(0);
    for (let v = 0; v < 5; v++)
      for (let r = 0; r < 3; r++) {
        out[INTEGRALS * v + r] = endsBy[5 * r + v];
        out[INTEGRALS * (5 + v) + 3 + r] = -endsBy[15 + 5 * r + v];
      }
    for (let v = 0; v < 5; v++) out[INTEGRALS * v + 6] = workPerMol * (endsBy[v] + endsBy[5 + v]);
  };
  return {
    n,
    lower: 14,
    upper: 14,
    integrals: INTEGRALS,
    derivative,
    jacobian,
    integrands,
    integrandInputs,
    integrandSlopes,
    taken() {
      for (let face = 0; face <= cells; face++) flows[face] = f1[face] + f2[face];
    },
    start(t, h, y) {
      for (let j = 0; j < cells; j++) cell(j, y);
      driving(t, h, y);
    },
    solver: cellSolver(cells, 3, 2),
  };
}
