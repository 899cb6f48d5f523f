// Steps and multipliers at bounds, for the interior point for nonlinear programs. A side without a bound is infinite and its multiplier 0.

/** A point strictly inside its bounds, near the wanted one. */
export function into(wanted: number, lower: number, upper: number, push = 1e-2): number {
  const width = upper - lower;
  const low = lower + Math.min(push * Math.max(1, Math.abs(lower)), push * width);
  const high = upper - Math.min(push * Math.max(1, Math.abs(upper)), push * width);
  return Math.min(
    Math.max(wanted, Number.isFinite(lower) ? low : wanted),
    Number.isFinite(upper) ? high : Number.POSITIVE_INFINITY,
  );
}

/** A bound moved outwards by a hair (side 1: upwards), so that an interior exists. */
export function widen(bound: number, side: 1 | -1): number {
  return bound + side * 1e-8 * Math.max(1, Math.abs(bound));
}

/** a/gap, 0 for a side without bound. */
export function quotient(a: number, gap: number): number {
  return gap === Number.POSITIVE_INFINITY ? 0 : a / gap;
}

/** Largest step up to 1 that goes no more than `tau` of the way to a bound. */
export function reach(
  at: Float64Array,
  d: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  tau: number,
): number {
  let alpha = 1;
  for (let j = 0; j < at.length; j++) {
    if (d[j] < 0 && lower[j] > Number.NEGATIVE_INFINITY) alpha = Math.min(alpha, (tau * (lower[j] - at[j])) / d[j]);
    else if (d[j] > 0 && upper[j] < Number.POSITIVE_INFINITY)
      alpha = Math.min(alpha, (tau * (upper[j] - at[j])) / d[j]);
  }
  return alpha;
}

/** One side of a set of bounds: multipliers `z` of `side (at - bound) >= 0`. */
export interface Side {
  readonly z: Float64Array;
  readonly at: Float64Array;
  readonly bound: Float64Array;
  readonly side: 1 | -1;
}

function multiplierStep(z: number, gap: number, d: number, side: number, mu: number): number {
  return mu / gap - z - (z / gap) * side * d;
}

/** Largest step up to 1 of the multipliers that leaves `1 - tau` of each, when `at` moves by `d`. */
export function multiplierReach({ z, at, bound, side }: Side, d: Float64Array, mu: number, tau: number): number {
  let alpha = 1;
  for (let j = 0; j < z.length; j++) {
    if (z[j] === 0) continue;
    const step = multiplierStep(z[j], side * (at[j] - bound[j]), d[j], side, mu);
    if (step < 0) alpha = Math.min(alpha, (-tau * z[j]) / step);
  }
  return alpha;
}

export function moveMultipliers({ z, at, bound, side }: Side, d: Float64Array, mu: number, alpha: number): void {
  for (let j = 0; j < z.length; j++)
    if (z[j] !== 0) z[j] += alpha * multiplierStep(z[j], side * (at[j] - bound[j]), d[j], side, mu);
}

/** Keeps multipliers within a factor 1e10 of the central path. */
export function nearCentral({ z, at, bound, side }: Side, mu: number): void {
  for (let j = 0; j < z.length; j++) {
    if (z[j] === 0) continue;
    const gap = side * (at[j] - bound[j]);
    z[j] = Math.max(Math.min(z[j], (1e10 * mu) / gap), mu / (1e10 * gap));
  }
}
