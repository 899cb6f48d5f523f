// Bounds and first point of the AC model, per unit and radian.
import type { Grid } from '../grid/network.ts';
import type { AcCosts } from './ac-costs.ts';
import type { AcLayout } from './ac-layout.ts';

/** Part of the rating that rounds off the tip of |S|. */
const SOFT = 0.1;

/** Where to begin; generation per unit. */
export interface AcStart {
  readonly angle: Float64Array;
  readonly voltage: Float64Array;
  readonly power?: Float64Array;
  readonly reactive?: Float64Array;
}

/** Bounds of the unknowns, and the first point: without `start` flat voltages and generation in the middle of its limits. */
export function columnBounds(grid: Grid, at: AcLayout, costs: AcCosts, from?: AcStart) {
  const { buses, generators, dcLines, baseMva } = grid;
  const lower = new Float64Array(at.columns).fill(Number.NEGATIVE_INFINITY);
  const upper = new Float64Array(at.columns).fill(Number.POSITIVE_INFINITY);
  const start = new Float64Array(at.columns);
  for (const island of grid.islands)
    for (const i of island.references) {
      lower[at.angle + i] = 0;
      upper[at.angle + i] = 0;
    }
  const bound = (column: number, low: number, high: number, wanted?: number) => {
    lower[column] = low;
    upper[column] = high;
    const middle = Number.isFinite(low) && Number.isFinite(high) ? (low + high) / 2 : Math.min(Math.max(0, low), high);
    start[column] = wanted ?? middle;
  };
  const inMw = (column: number, low: number, high: number, wanted?: number) =>
    bound(column, low / baseMva, high / baseMva, wanted);
  for (let i = 0; i < buses.count; i++) {
    start[at.angle + i] = from?.angle[i] ?? 0;
    const [low, high] = [buses.voltageMinPu[i], buses.voltageMaxPu[i]];
    bound(at.voltage + i, low, high, from?.voltage[i] ?? Math.min(Math.max(1, low), high));
  }
  for (let g = 0; g < generators.count; g++) {
    inMw(at.power + g, generators.powerMinMw[g], generators.powerMaxMw[g], from?.power?.[g]);
    inMw(at.reactive + g, generators.reactiveMinMvar[g], generators.reactiveMaxMvar[g], from?.reactive?.[g]);
  }
  for (let d = 0; d < dcLines.count; d++) {
    inMw(at.dcPower + d, dcLines.powerMinMw[d], dcLines.powerMaxMw[d]);
    inMw(at.dcReactiveFrom + d, dcLines.reactiveMinFromMvar[d], dcLines.reactiveMaxFromMvar[d]);
    inMw(at.dcReactiveTo + d, dcLines.reactiveMinToMvar[d], dcLines.reactiveMaxToMvar[d]);
  }
  for (const l of costs.lines)
    start[l.epigraph] = Math.max(start[l.epigraph], (l.slope * start[l.column] + l.intercept) / costs.scale + 1);
  return { lower, upper, start };
}

/** Bounds of the rows, and the length s of each rated branch that stands beside P and Q (see ac-model). */
export function rowBounds({ buses, branches, baseMva }: Grid, at: AcLayout, costs: AcCosts) {
  const soft = new Float64Array(at.limited.length);
  const constraintLower = new Float64Array(at.rows).fill(Number.NEGATIVE_INFINITY);
  const constraintUpper = new Float64Array(at.rows);
  constraintLower.fill(0, 0, 2 * buses.count);
  for (const [q, k] of at.limited.entries()) {
    const rating = branches.ratingMva[k] / baseMva;
    soft[q] = SOFT * rating;
    constraintUpper[at.limitFrom + q] = Math.sqrt(rating ** 2 + soft[q] ** 2);
    constraintUpper[at.limitTo + q] = Math.sqrt(rating ** 2 + soft[q] ** 2);
  }
  for (const [q, k] of at.angles.entries()) {
    constraintLower[at.angleRow + q] = (branches.angleMinDegree[k] * Math.PI) / 180;
    constraintUpper[at.angleRow + q] = (branches.angleMaxDegree[k] * Math.PI) / 180;
  }
  for (const [q, l] of costs.lines.entries()) constraintUpper[at.lineRow + q] = -l.intercept / costs.scale;
  return { soft, constraintLower, constraintUpper };
}
