// What is usual on a day of the year: harmonics for the mean and for the variance, fitted by least squares on training days only.
import { cholesky, choleskySolve } from '@madang/numerics';
import { normalEquations, weighted } from './day-sums.ts';

/** Mean and standard deviation for every day of the calendar, in the series' own unit. */
export interface Climatology {
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  /** Training values that took part. */
  readonly count: number;
}

const MEAN_PAIRS = 3;
const VARIANCE_PAIRS = 2;

/** Waves by the angles they are of: every series of a network asks for the same few. */
const kept = new WeakMap<Float64Array, Float64Array[]>();
const keptRows = new WeakMap<Float64Array, Float64Array[]>();

/** 1, cos a, sin a, cos 2a, … for each day's angle: 2 pairs + 1 arrays. Kept for those angles; not to be changed. */
function waves(angles: Float64Array, pairs: number): Float64Array[] {
  const found = kept.get(angles) ?? [new Float64Array(angles.length).fill(1)];
  kept.set(angles, found);
  for (let k = (found.length + 1) / 2; k <= pairs; k++)
    found.push(
      angles.map(a => Math.cos(k * a)),
      angles.map(a => Math.sin(k * a)),
    );
  return found.slice(0, 2 * pairs + 1);
}

/** The same in rows, one a day: days x (2 pairs + 1). Kept as well. */
export function harmonics(angles: Float64Array, pairs: number): Float64Array {
  const rows = keptRows.get(angles) ?? [];
  keptRows.set(angles, rows);
  rows[pairs] ??= rowsOf(waves(angles, pairs));
  return rows[pairs];
}

function rowsOf(columns: readonly Float64Array[]): Float64Array {
  const p = columns.length;
  const out = new Float64Array(p * columns[0].length);
  for (const [r, c] of columns.entries()) for (let d = 0; d < c.length; d++) out[d * p + r] = c[d];
  return out;
}

/** Fits on days < `trainEnd` whose value is not NaN; fewer than 60 such days give a flat climatology of their mean and spread. */
export function fitClimatology(values: Float64Array, angles: Float64Array, trainEnd: number): Climatology {
  const days = knownDays(values, trainEnd);
  const count = days.length;
  const few = count < 60;
  const mean = project(values, angles, days, few ? 0 : MEAN_PAIRS);
  const squares = squaredErrors(values, mean);
  const floor = Math.max((0.1 * totalOf(squares, days)) / Math.max(count, 1), 1e-12);
  return { mean, sd: roots(project(squares, angles, days, few ? 0 : VARIANCE_PAIRS), floor), count };
}

/** Values as departures from what is usual, in its standard deviations. */
export function standardised(values: Float64Array, { mean, sd }: Climatology): Float64Array {
  const out = new Float64Array(values.length);
  for (let d = 0; d < out.length; d++) out[d] = (values[d] - mean[d]) / sd[d];
  return out;
}

function squaredErrors(values: Float64Array, mean: Float64Array): Float64Array {
  const out = new Float64Array(values.length);
  for (let d = 0; d < out.length; d++) {
    const error = values[d] - mean[d];
    out[d] = error * error;
  }
  return out;
}

function totalOf(values: Float64Array, days: Int32Array): number {
  let total = 0;
  for (let i = 0; i < days.length; i++) total += values[days[i]];
  return total;
}

/** Square roots of what is at least `floor`, in place. */
function roots(values: Float64Array, floor: number): Float64Array {
  for (let d = 0; d < values.length; d++) values[d] = Math.sqrt(Math.max(values[d], floor));
  return values;
}

function knownDays(values: Float64Array, end: number): Int32Array {
  const days = new Int32Array(end);
  let n = 0;
  for (let d = 0; d < end; d++) if (!Number.isNaN(values[d])) days[n++] = d;
  return days.subarray(0, n);
}

/** Least squares of the values on some days by waves of the year, for every day. */
function project(values: Float64Array, angles: Float64Array, days: Int32Array, pairs: number): Float64Array {
  const columns = waves(angles, pairs);
  const p = columns.length;
  const { products, right } = normalEquations(columns, values, days);
  for (let r = 0; r < p; r++) products[r * p + r] += 1e-9;
  return weighted(columns, choleskySolve(cholesky(products, p), p, right));
}
