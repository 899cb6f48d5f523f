// The differential equations of one step of the cycle: fluxes (face.ts), what the ends do, and kinetics by a linear driving force.
import type { Band } from '../stiff/band.ts';
import type { Problem } from '../stiff/bdf.ts';
import { cellSolver } from '../stiff/solvers.ts';
import { type Column, PER_CELL } from './column.ts';
import { equilibrium } from './equilibrium.ts';
import { ergun, innerFaces } from './face.ts';
import { jacobianOf } from './jacobian.ts';
import type { Bed } from './parameters.ts';

/** What happens at one end. Flows are positive into the column, mol/m2/s; inflow has composition `co2` and temperature `K`. */
export type End =
  | { readonly kind: 'closed' }
  | { readonly kind: 'flow'; readonly molM2S: number; readonly co2: number; readonly k: number }
  | { readonly kind: 'pressure'; readonly pa: (t: number) => number; readonly co2: number; readonly k: number };

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
  const { viscous, inertial, velocity, density } = ergun(bed);
  const equilibriumOf = equilibrium(sorbent, R);
  const q = new Float64Array(2);
  const P = new Float64Array(cells);
  const T = new Float64Array(cells);
  const X = new Float64Array(cells);
  const f1 = new Float64Array(cells + 1);
  const f2 = new Float64Array(cells + 1);
  const fe = new Float64Array(cells + 1);
  const inner = innerFaces(c, [P, T, X], [f1, f2, fe]);
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

  const boundary = (end: End, face: number, cell: number, into: 1 | -1, t: number): number => {
    if (end.kind === 'closed') {
      f1[face] = f2[face] = fe[face] = 0;
      return P[cell];
    }
    if (end.kind === 'flow') {
      f1[face] = into * end.molM2S * end.co2;
      f2[face] = into * end.molM2S * (1 - end.co2);
      fe[face] = into * end.molM2S * cp * (end.k - feedK);
      const u = (end.molM2S * R * end.k) / P[cell];
      return P[cell] + (viscous + inertial * density(P[cell], end.k, end.co2) * u) * u * (dz / 2);
    }
    const pa = end.pa(t);
    const gradient = (pa - P[cell]) / (dz / 2);
    const inward = velocity(gradient, density(pa, T[cell], X[cell]));
    const x = inward > 0 ? end.co2 : X[cell];
    const k = inward > 0 ? end.k : T[cell];
    const flow = into * inward * (pa / (R * k));
    f1[face] = flow * x;
    f2[face] = flow * (1 - x);
    fe[face] = flow * cp * (k - feedK);
    return pa;
  };

  /** Fluxes through both ends; gives the pressure at the left one. */
  const ends = (t: number): number => {
    boundary(right, cells, cells - 1, -1, t);
    return boundary(left, 0, 0, 1, t);
  };

  const derivative = (t: number, y: Float64Array, out: Float64Array) => {
    for (let j = 0; j < cells; j++) {
      const at = j * 5;
      cell(j, y);
      equilibriumOf(T[j], y[at] * scale.gas, y[at + 1] * scale.gas, q);
      out[at + 3] = k1 * (q[0] * perLoad - y[at + 3]);
      out[at + 4] = k2 * (q[1] * perLoad - y[at + 4]);
    }
    ends(t);
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
    const leftPa = ends(t);
    out[n] = f1[0];
    out[n + 1] = f2[0];
    out[n + 2] = fe[0];
    out[n + 3] = -f1[cells];
    out[n + 4] = -f2[cells];
    out[n + 5] = -fe[cells];
    const flow = f1[0] + f2[0];
    if (work.kind === 'feed' && flow > 0 && left.kind !== 'closed')
      out[n + 6] = flow * compressionJMol(bed, work.fromPa, leftPa, left.k);
    else if (work.kind === 'vacuum' && flow < 0)
      out[n + 6] = -flow * work.share * compressionJMol(bed, leftPa, ATMOSPHERE_PA, T[0]);
    else out[n + 6] = 0;
  };
  const slopes = jacobianOf(c, {
    cells: [P, T, X],
    fluxes: [f1, f2, fe],
    ends,
    inner: inner.slopes,
    rates: { gas: gasRate, energy: energyRate, load: loadRate },
  });
  const jacobian = (t: number, y: Float64Array, out: Band) => {
    for (let j = 0; j < cells; j++) cell(j, y);
    return slopes(t, y, out);
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
    solver: cellSolver(cells, 3, 2),
  };
}
