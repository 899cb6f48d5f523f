// What stands in for a value that is missing or in doubt: what the neighbours suggest, and what the station's last own value said beyond that.
// A gap in all stations at once is bridged likewise: the last day's suggestion, as far as it is usually worth after so many days.

/** What is longer ago says nothing. */
const LONGEST_DAYS = 10;

/** Per day the last known value (NaN: unknown) times its regression on values so many days before, on training days; 0 where that is long ago. */
export function bridged(values: Float64Array, trainEnd: number): Float64Array {
  if (!values.some(Number.isNaN)) return values;
  const worth = Array.from({ length: LONGEST_DAYS + 1 }, (_, lag) => lagged(values, lag, trainEnd));
  let last = Number.NEGATIVE_INFINITY;
  return values.map((v, d) => {
    if (!Number.isNaN(v)) last = d;
    const ago = d - last;
    return ago === 0 ? v : ago <= LONGEST_DAYS ? worth[ago] * values[last] : 0;
  });
}

/** Least-squares slope of training values on those `lag` days before, within 0 and 1. */
function lagged(values: Float64Array, lag: number, trainEnd: number): number {
  let xy = 0;
  let xx = 0;
  for (let d = lag; d < trainEnd; d++) {
    const [before, now] = [values[d - lag], values[d]];
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
  const beyond = bridged(
    own.map((v, d) => (doubted[d] === 1 ? 0 : v - known[d])),
    trainEnd,
  );
  return beyond.map((v, d) => v + known[d]);
}
