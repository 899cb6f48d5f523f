// What stands in for a value that is missing or in doubt: what the neighbours suggest, and what the station's last own value said beyond that.
// A gap in all stations at once is bridged likewise: the last day's suggestion, as far as it is usually worth after so many days.

/** What is longer ago says nothing. */
const LONGEST_DAYS = 10;

/** Per day the last known value (NaN: unknown) times its regression on values so many days before, on training days; 0 where that is long ago. */
export function bridged(values: Float64Array, trainEnd: number): Float64Array {
  if (!values.includes(Number.NaN)) return values;
  const worth: number[] = [1];
  const out = new Float64Array(values.length);
  let last = Number.NEGATIVE_INFINITY;
  for (let d = 0; d < out.length; d++) {
    if (!Number.isNaN(values[d])) last = d;
    const ago = d - last;
    if (ago > LONGEST_DAYS) continue;
    worth[ago] ??= lagged(values, ago, trainEnd);
    out[d] = worth[ago] * values[last];
  }
  return out;
}

/** Least-squares slope of training values on those `lag` days before, within 0 and 1. */
function lagged(values: Float64Array, lag: number, trainEnd: number): number {
  let xy = 0;
  let xx = 0;
  for (let d = lag; d < trainEnd; d++) {
    const before = values[d - lag];
    const now = values[d];
    if (Number.isNaN(before + now)) continue;
    xy += before * now;
    xx += before * before;
  }
  return xx > 0 ? Math.max(0, Math.min(1, xy / xx)) : 0;
}

/**
 * A station's values with every gap filled. `own` is NaN where missing; where `doubted` is 1 a value counts for nothing, nor does what came before it.
 * `expected` is what neighbours suggest, NaN where none said anything.
 */
export function standIn(
  own: Float64Array,
  expected: Float64Array,
  doubted: Uint8Array,
  trainEnd: number,
): Float64Array {
  const known = bridged(expected, trainEnd);
  const beyond = new Float64Array(own.length);
  for (let d = 0; d < own.length; d++) beyond[d] = doubted[d] === 1 ? 0 : own[d] - known[d];
  return sumOf(bridged(beyond, trainEnd), known);
}

function sumOf(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let d = 0; d < out.length; d++) out[d] = a[d] + b[d];
  return out;
}
