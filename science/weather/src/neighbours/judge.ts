// What one member can tell of its own values from what its neighbours suggest: by day, by slow departure, and by how often it has failed lately.
// The whole network's gate and the live kind, where each member sees itself alone, judge alike.
import { cholesky, choleskySolve } from '@madang/numerics';
import { lateness } from './lateness.ts';
import { strangeness } from './strangeness.ts';

const DAY_SD = 6;
const DAY_LEAST = 1.5;
const FORGET = 1 / 8;
const DISTRUST = 0.2;

/** Standardised values and what is expected of them stay within so many standard deviations. */
export const CLIP_SD = 4;

export const clip = (x: number) => Math.max(-CLIP_SD, Math.min(CLIP_SD, x));

/** Standardised values within ± {@link CLIP_SD}; what is missing stays so. */
export const clipped = (z: Float64Array) => z.map(x => (Number.isNaN(x) ? x : clip(x)));

/** What a member's training days show of how it goes with the others. */
export interface Learnt {
  /** Least-squares weights of the day's sums. */
  readonly weights: Float64Array;
  /** Robust standard deviation of what is left, on training days. */
  readonly spread: number;
  /** With the plain mean of the others. */
  readonly correlation: number;
}

/** Pull of every weight to 0, in days. */
const PULL = 20;

/**
 * Learns from sums over the others (the first of them the plain mean; NaN: nobody said anything) what to expect of a member's own values, on training days
 * that are not `flagged`; a member alone can do it.
 */
export function learn(sums: readonly Float64Array[], own: Float64Array, flagged: Uint8Array, trainEnd: number): Learnt {
  const p = sums.length;
  const products = new Float64Array(p * p);
  const right = new Float64Array(p);
  const x = new Float64Array(p);
  let yy = 0;
  for (let d = 0; d < trainEnd; d++) {
    const y = own[d];
    if (Number.isNaN(y + sums[0][d]) || flagged[d]) continue;
    for (let k = 0; k < p; k++) x[k] = sums[k][d];
    for (let i = 0; i < p; i++) {
      right[i] += x[i] * y;
      for (let j = 0; j <= i; j++) products[i * p + j] += x[i] * x[j];
    }
    yy += y * y;
  }
  const [xx, xy] = [products[0], right[0]];
  for (let i = 0; i < p; i++) products[i * p + i] += PULL;
  const weights = choleskySolve(cholesky(products, p), p, right);
  const expected = expectedOf(sums, weights);
  const sizes = own
    .subarray(0, trainEnd)
    .map((v, d) => Math.abs(v - expected[d]))
    .filter(v => !Number.isNaN(v))
    .sort();
  return {
    weights,
    spread: 1.4826 * (sizes[sizes.length >> 1] ?? 1),
    correlation: xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0,
  };
}

/** What the sums make of a member's place on each day; NaN where nobody said anything. Weights from a handful of days can be anything; nothing that is sent may be. */
export function expectedOf(sums: readonly Float64Array[], weights: Float64Array): Float64Array {
  return sums[0].map((_, d) => {
    let v = 0;
    for (let k = 0; k < sums.length; k++) v += weights[k] * sums[k][d];
    return clip(v);
  });
}

/** How far a value may be from what is expected on a single day. */
export const dayLimit = (spread: number) => Math.max(DAY_SD * spread, DAY_LEAST);

/** Marks days of one member's drift with 2; `patience` multiplies the limit. */
export function flagDrift(
  own: Float64Array,
  expected: Float64Array,
  flagged: Uint8Array,
  trainEnd: number,
  patience = 1,
): void {
  const drift = driftOf(own, expected, trainEnd);
  for (let i = 0; i < own.length; i++) if (drift[i] > patience && !flagged[i] && !Number.isNaN(own[i])) flagged[i] = 2;
}

/**
 * How far a member has lately been from its neighbours, in units of limits just beyond what training days ever showed: a slow departure (the
 * exponentially forgotten mean of the error), values of another day or place, plausible one by one (that of its square, or strangeness.ts), or of the day before (lateness.ts).
 */
export function driftOf(own: Float64Array, expected: Float64Array, trainEnd: number): Float64Array {
  const errors = own.map((v, i) => Math.max(-3, Math.min(3, v - expected[i])));
  const squares = errors.map(e => e * e);
  const mean = inLimits(forgotten(errors).map(Math.abs), trainEnd, 0.5, 1.25);
  const days = inLimits(forgotten(squares), trainEnd, 0.25, 1.5);
  const late = lateness(own, expected, trainEnd);
  const strange = strangeness(own, expected, trainEnd);
  return mean.map((v, i) => Math.max(v, days[i], late[i], strange[i]));
}

/** Exponentially forgotten mean of all days so far; days that are NaN change nothing. */
export function forgotten(values: Float64Array): Float64Array {
  let mean = 0;
  return values.map(v => {
    if (!Number.isNaN(v)) mean += FORGET * (v - mean);
    return mean;
  });
}

/** Levels in units of `times` what 998 of 1,000 training days do not exceed, or of `least`; NaN days show nothing. */
export function inLimits(levels: Float64Array, trainEnd: number, least: number, times: number): Float64Array {
  const known = levels
    .subarray(0, trainEnd)
    .filter(v => !Number.isNaN(v))
    .sort();
  const limit = Math.max(least, times * (known[Math.floor(0.998 * (known.length - 1))] ?? 0));
  return levels.map(v => v / limit);
}

/** Marks single days far from what was expected with 1. */
export function flagDays(own: Float64Array, expected: Float64Array, spread: number, flagged: Uint8Array): void {
  const limit = dayLimit(spread);
  for (let i = 0; i < own.length; i++) if (!flagged[i] && Math.abs(own[i] - expected[i]) > limit) flagged[i] = 1;
}

/** 1 on days when a station has lately been at fault too often: all it measures is then in doubt, also what no neighbour can check. */
export function distrust(faults: Uint8Array): Uint8Array {
  let level = 0;
  return faults.map(f => {
    level += FORGET * (Math.min(f, 1) - level);
    return f >= 2 || level > DISTRUST ? 1 : 0;
  });
}

/** Counts days without a single value among the doubtful. */
export function addSilent(doubtful: Uint8Array, values: readonly Float64Array[]): void {
  if (values.length === 0) return;
  for (let i = 0; i < doubtful.length; i++) if (values.every(v => Number.isNaN(v[i]))) doubtful[i] = 1;
}
