// What one member can tell of its own values from what its neighbours suggest: by day, by slow departure, and by how often it has failed lately.
// The whole network's gate and the live kind, where each member sees itself alone, judge alike.
import { lateness } from './lateness.ts';

const DAY_SD = 6;
const DAY_LEAST = 1.5;
const FORGET = 1 / 8;
const DISTRUST = 0.2;

/** Standardised values and what is expected of them stay within so many standard deviations. */
export const CLIP_SD = 4;

export const clip = (x: number) => Math.max(-CLIP_SD, Math.min(CLIP_SD, x));

/** Standardised values within ± {@link CLIP_SD}; what is missing stays so. */
export const clipped = (z: Float64Array) => z.map(x => (Number.isNaN(x) ? x : clip(x)));

/** What is known of a member's values against what the others suggest. */
export interface Judged {
  /** Least squares on training days: the part of the others' mean that is to be expected here; NaN where none said anything. */
  readonly expected: Float64Array;
  /** Robust standard deviation of what is left, on training days. */
  readonly spread: number;
  readonly correlation: number;
}

/** Compares a member's own values with the others' mean (NaN: nobody said anything); a member alone can do it. */
export function judge(mean: Float64Array, own: Float64Array, flagged: Uint8Array, trainEnd: number): Judged {
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < trainEnd; i++) {
    if (Number.isNaN(own[i] + mean[i]) || flagged[i]) continue;
    xy += mean[i] * own[i];
    xx += mean[i] ** 2;
    yy += own[i] ** 2;
  }
  const slope = xx > 0 ? xy / xx : 0;
  // A slope from a handful of days can be anything; nothing that is sent may be.
  const expected = mean.map(v => clip(slope * v));
  const sizes: number[] = [];
  for (let i = 0; i < trainEnd; i++)
    if (!Number.isNaN(own[i] + expected[i])) sizes.push(Math.abs(own[i] - expected[i]));
  sizes.sort((a, b) => a - b);
  return {
    expected,
    spread: 1.4826 * (sizes[sizes.length >> 1] ?? 1),
    correlation: xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0,
  };
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
 * exponentially forgotten mean of the error), values of another day or place, plausible one by one (that of its square), or of the day before (lateness.ts).
 */
export function driftOf(own: Float64Array, expected: Float64Array, trainEnd: number): Float64Array {
  const errors = own.map((v, i) => Math.max(-3, Math.min(3, v - expected[i])));
  const squares = errors.map(e => e * e);
  const inLimits = (level: Float64Array, least: number, times: number) => {
    const limit = Math.max(least, times * nearlyMost(level.subarray(0, trainEnd)));
    return level.map(v => v / limit);
  };
  const mean = inLimits(forgotten(errors, FORGET).map(Math.abs), 0.5, 1.25);
  const days = inLimits(forgotten(squares, FORGET), 0.25, 1.5);
  const late = lateness(own, expected, trainEnd);
  return mean.map((v, i) => Math.max(v, days[i], late[i]));
}

/** Exponentially forgotten mean of all days so far; days that are NaN change nothing. */
function forgotten(values: Float64Array, share: number): Float64Array {
  let mean = 0;
  return values.map(v => {
    if (!Number.isNaN(v)) mean += share * (v - mean);
    return mean;
  });
}

/** What 998 of 1,000 values do not exceed. */
const nearlyMost = (values: Float64Array): number => values.slice().sort()[Math.floor(0.998 * (values.length - 1))];

/** Marks single days far from what was expected with 1. */
export function flagDays(own: Float64Array, { expected, spread }: Judged, flagged: Uint8Array): void {
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
