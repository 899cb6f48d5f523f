// What is usual on a day of the year: harmonics for the mean and for the variance, fitted by least squares on training days only.
import { cholesky, choleskySolve } from '@madang/numerics';
import { against, gram, weighted } from './day-sums.ts';

/** Mean and standard deviation for every day of the calendar, in the series' own unit. */
export interface Climatology {
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  /** Training values that took part. */
  readonly count: number;
}

const MEAN_PAIRS = 3;
const VARIANCE_PAIRS = 2;

/** What every series of a network asks for, by the angles it is of. */
interface Waves {
  /** 1, cos a, sin a, cos 2a, … for each day's angle. */
  readonly columns: readonly Float64Array[];
  /** The same in rows, one a day. */
  readonly rows: Float64Array;
  /** By days: the factor of the columns' products over so many days from the first on. */
  readonly factors: Map<number, Float64Array>;
}

const kept = new WeakMap<Float64Array, Waves[]>();

function wavesOf(angles: Float64Array, pairs: number): Waves {
  const byPairs = kept.get(angles) ?? [];
  kept.set(angles, byPairs);
  byPairs[pairs] ??= makeWaves(angles, pairs);
  return byPairs[pairs];
}

function makeWaves(angles: Float64Array, pairs: number): Waves {
  const columns = [new Float64Array(angles.length).fill(1)];
  for (let k = 1; k <= pairs; k++)
    columns.push(
      angles.map(a => Math.cos(k * a)),
      angles.map(a => Math.sin(k * a)),
    );
  const p = columns.length;
  const rows = new Float64Array(p * angles.length);
  for (const [r, c] of columns.entries()) for (let d = 0; d < c.length; d++) rows[d * p + r] = c[d];
  return { columns, rows, factors: new Map() };
}

/** Rows of 1, cos a, sin a, cos 2a, … for each day's angle: days x (2 pairs + 1). Kept for those angles; not to be changed. */
export const harmonics = (angles: Float64Array, pairs: number): Float64Array => wavesOf(angles, pairs).rows;

/** Fits on days < `trainEnd` whose value is not NaN; fewer than 60 such days give a flat climatology of their mean and spread. */
export function fitClimatology(values: Float64Array, angles: Float64Array, trainEnd: number): Climatology {
  const days = knownDays(values, 0, trainEnd);
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

/** Days of [from, to) whose value is known, rising. */
export function knownDays(values: Float64Array, from: number, to: number): Int32Array {
  const days = new Int32Array(to - from);
  let n = 0;
  for (let d = from; d < to; d++) if (!Number.isNaN(values[d])) days[n++] = d;
  return days.subarray(0, n);
}

/** Least squares of the values on some days by waves of the year, for every day. */
function project(values: Float64Array, angles: Float64Array, days: Int32Array, pairs: number): Float64Array {
  const { columns, factors } = wavesOf(angles, pairs);
  const p = columns.length;
  const n = days.length;
  // Most series miss no day of the training.
  const whole = n > 0 && days[n - 1] === n - 1;
  const factor = (whole ? factors.get(n) : undefined) ?? factorOver(columns, days);
  if (whole) factors.set(n, factor);
  return weighted(columns, choleskySolve(factor, p, against(columns, values, days)));
}

function factorOver(columns: readonly Float64Array[], days: Int32Array): Float64Array {
  const p = columns.length;
  const products = gram(columns, days);
  for (let r = 0; r < p; r++) products[r * p + r] += 1e-9;
  return cholesky(products, p);
}
