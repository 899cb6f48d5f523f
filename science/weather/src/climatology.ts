// What is usual on a day of the year: harmonics for the mean and for the variance, fitted by least squares on training days only.
import { cholesky, choleskySolve } from '@madang/numerics';

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
const waves = new WeakMap<Float64Array, Float64Array[]>();

/** Rows of 1, cos a, sin a, cos 2a, … for each day's angle: days x (2 pairs + 1). Kept for those angles; not to be changed. */
export function harmonics(angles: Float64Array, pairs: number): Float64Array {
  const kept = waves.get(angles) ?? [];
  waves.set(angles, kept);
  kept[pairs] ??= wavesOf(angles, pairs);
  return kept[pairs];
}

function wavesOf(angles: Float64Array, pairs: number): Float64Array {
  const p = 2 * pairs + 1;
  const h = new Float64Array(angles.length * p);
  for (let i = 0; i < angles.length; i++) {
    h[i * p] = 1;
    for (let k = 1; k <= pairs; k++) {
      h[i * p + 2 * k - 1] = Math.cos(k * angles[i]);
      h[i * p + 2 * k] = Math.sin(k * angles[i]);
    }
  }
  return h;
}

/** Fits on days < `trainEnd` whose value is not NaN; fewer than 60 such days give a flat climatology of their mean and spread. */
export function fitClimatology(values: Float64Array, angles: Float64Array, trainEnd: number): Climatology {
  const n = values.length;
  let count = 0;
  for (let i = 0; i < trainEnd; i++) if (!Number.isNaN(values[i])) count += 1;
  const few = count < 60;
  const mean = project(values, angles, trainEnd, few ? 0 : MEAN_PAIRS);
  const squares = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    squares[i] = (values[i] - mean[i]) ** 2;
    if (i < trainEnd && !Number.isNaN(squares[i])) total += squares[i];
  }
  const floor = Math.max((0.1 * total) / Math.max(count, 1), 1e-12);
  const sd = project(squares, angles, trainEnd, few ? 0 : VARIANCE_PAIRS).map(v => Math.sqrt(Math.max(v, floor)));
  return { mean, sd, count };
}

function project(values: Float64Array, angles: Float64Array, trainEnd: number, pairs: number): Float64Array {
  const p = 2 * pairs + 1;
  const h = harmonics(angles, pairs);
  const a = new Float64Array(p * p);
  const b = new Float64Array(p);
  for (let i = 0; i < trainEnd; i++) {
    if (Number.isNaN(values[i])) continue;
    for (let r = 0; r < p; r++) {
      b[r] += h[i * p + r] * values[i];
      for (let c = 0; c <= r; c++) a[r * p + c] += h[i * p + r] * h[i * p + c];
    }
  }
  for (let r = 0; r < p; r++) a[r * p + r] += 1e-9;
  const x = choleskySolve(cholesky(a, p), p, b);
  const out = new Float64Array(values.length);
  for (let i = 0; i < out.length; i++) for (let r = 0; r < p; r++) out[i] += h[i * p + r] * x[r];
  return out;
}
