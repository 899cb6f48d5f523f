// What one member can tell of its own values from what its neighbours suggest: by day, by slow departure, and by how often it has failed lately.
// The whole network's gate and the live kind, where each member sees itself alone, judge alike.
import { cholesky, choleskySolve } from '@madang/numerics';
import { against, distances, gram, productOver, weighted } from '../day-sums.ts';
import { lateness } from './lateness.ts';
import { known, ranked } from './rank.ts';
import { strangeness } from './strangeness.ts';

const DAY_SD = 6;
const DAY_LEAST = 1.5;
const FORGET = 1 / 8;
const DISTRUST = 0.2;

/** Standardised values and what is expected of them stay within so many standard deviations. */
export const CLIP_SD = 4;

export const clip = (x: number) => Math.max(-CLIP_SD, Math.min(CLIP_SD, x));

/** Standardised values within ± {@link CLIP_SD}; what is missing stays so. */
export function clipped(z: Float64Array): Float64Array {
  const out = new Float64Array(z.length);
  for (let d = 0; d < z.length; d++) out[d] = clip(z[d]);
  return out;
}

/** What a member's training days show of how it goes with the others. */
export interface Learnt {
  /** Least-squares weights of the day's sums. */
  readonly weights: Float64Array;
  /** What they make of its place on each day, as `expectedOf`. */
  readonly expected: Float64Array;
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
  const days = daysToLearn(sums[0], own, flagged, trainEnd);
  const products = gram(sums, days);
  const right = against(sums, own, days);
  const yy = productOver(own, own, days);
  const [xx, xy] = [products[0], right[0]];
  for (let i = 0; i < p; i++) products[i * p + i] += PULL;
  const weights = choleskySolve(cholesky(products, p), p, right);
  const expected = expectedOf(sums, weights);
  const left = known(distances(own, expected), trainEnd);
  return {
    weights,
    expected,
    spread: 1.4826 * (ranked(left, left.length >> 1) ?? 1),
    correlation: xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0,
  };
}

function daysToLearn(sums: Float64Array, own: Float64Array, flagged: Uint8Array, trainEnd: number): Int32Array {
  const days = new Int32Array(trainEnd);
  let n = 0;
  for (let d = 0; d < trainEnd; d++) if (!flagged[d] && !Number.isNaN(own[d] + sums[d])) days[n++] = d;
  return days.subarray(0, n);
}

/** What the sums make of a member's place on each day; NaN where nobody said anything. Weights from a handful of days can be anything; nothing that is sent may be. */
export function expectedOf(sums: readonly Float64Array[], weights: Float64Array): Float64Array {
  const out = weighted(sums, weights);
  for (let d = 0; d < out.length; d++) out[d] = clip(out[d]);
  return out;
}

/** The same again for days on which the sums have changed. */
export function expectAgain(
  sums: readonly Float64Array[],
  weights: Float64Array,
  days: Int32Array,
  expected: Float64Array,
): void {
  for (const d of days) {
    let v = 0;
    for (let k = 0; k < sums.length; k++) v += weights[k] * sums[k][d];
    expected[d] = clip(v);
  }
}

/** How far a value may be from what is expected on a single day. */
const dayLimit = (spread: number) => Math.max(DAY_SD * spread, DAY_LEAST);

/** How far values are from what is expected, in units of what a day may be. */
export function offBy(own: Float64Array, expected: Float64Array, spread: number): Float64Array {
  const limit = dayLimit(spread);
  const out = new Float64Array(own.length);
  for (let d = 0; d < out.length; d++) out[d] = Math.abs(own[d] - expected[d]) / limit;
  return out;
}

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
  const means = new Float64Array(own.length);
  const squares = new Float64Array(own.length);
  putLately(own, expected, means, squares);
  const out = inLimits(means, trainEnd, 0.5, 1.25);
  raise(out, inLimits(squares, trainEnd, 0.25, 1.5));
  raise(out, lateness(own, expected, trainEnd));
  raise(out, strangeness(own, expected, trainEnd));
  return out;
}

/** The size of the forgotten mean of the errors, and that of their squares. */
function putLately(own: Float64Array, expected: Float64Array, means: Float64Array, squares: Float64Array): void {
  let mean = 0;
  let square = 0;
  for (let d = 0; d < own.length; d++) {
    const error = Math.max(-3, Math.min(3, own[d] - expected[d]));
    mean = forget(mean, error);
    square = forget(square, error * error);
    means[d] = Math.abs(mean);
    squares[d] = square;
  }
}

/** Makes of `out` the higher of both on each day, NaN where one is. */
export function raise(out: Float64Array, levels: Float64Array): void {
  for (let d = 0; d < out.length; d++) out[d] = Math.max(out[d], levels[d]);
}

const forget = (mean: number, value: number): number => (Number.isNaN(value) ? mean : mean + FORGET * (value - mean));

/** Exponentially forgotten mean of all days so far; days that are NaN change nothing. */
export function forgotten(values: Float64Array): Float64Array {
  const out = new Float64Array(values.length);
  let mean = 0;
  for (let d = 0; d < out.length; d++) {
    mean = forget(mean, values[d]);
    out[d] = mean;
  }
  return out;
}

/** Levels in units of `times` what 998 of 1,000 training days do not exceed, or of `least`; NaN days show nothing. */
export function inLimits(levels: Float64Array, trainEnd: number, least: number, times: number): Float64Array {
  const shown = known(levels, trainEnd);
  const limit = Math.max(least, times * (ranked(shown, Math.floor(0.998 * (shown.length - 1))) ?? 0));
  const out = new Float64Array(levels.length);
  for (let d = 0; d < out.length; d++) out[d] = levels[d] / limit;
  return out;
}

/** Whether a flag says what a member's own values showed: 1 far off, 2 departed lately. */
export const isAccusation = (flag: number): boolean => flag === 1 || flag === 2;

/** Takes such flags back on those of `days` on which a member is within both limits, and marks the days; whether there were any. */
export function takeBack(
  flags: Uint8Array,
  days: Iterable<number>,
  off: Float64Array,
  drift: Float64Array,
  touched: Uint8Array,
): boolean {
  let found = false;
  for (const d of days) {
    if (!isAccusation(flags[d]) || drift[d] > 1 || !(off[d] <= 1)) continue;
    flags[d] = 0;
    touched[d] = 1;
    found = true;
  }
  return found;
}

/** Marks single days far from what was expected with 1. */
export function flagDays(own: Float64Array, expected: Float64Array, spread: number, flagged: Uint8Array): void {
  const limit = dayLimit(spread);
  for (let i = 0; i < own.length; i++) if (!flagged[i] && Math.abs(own[i] - expected[i]) > limit) flagged[i] = 1;
}

/** 1 on days when a station has lately been at fault too often: all it measures is then in doubt, also what no neighbour can check. */
export function distrust(faults: Uint8Array): Uint8Array {
  const out = new Uint8Array(faults.length);
  let level = 0;
  for (let d = 0; d < out.length; d++) {
    level += FORGET * (Math.min(faults[d], 1) - level);
    if (faults[d] >= 2 || level > DISTRUST) out[d] = 1;
  }
  return out;
}

/** Counts days without a single value among the doubtful. */
export function addSilent(doubtful: Uint8Array, values: readonly Float64Array[]): void {
  if (values.length === 0) return;
  const said = new Uint8Array(doubtful.length);
  for (const v of values) markKnown(v, said);
  for (let d = 0; d < said.length; d++) if (!said[d]) doubtful[d] = 1;
}

function markKnown(values: Float64Array, said: Uint8Array): void {
  for (let d = 0; d < said.length; d++) if (!Number.isNaN(values[d])) said[d] = 1;
}
