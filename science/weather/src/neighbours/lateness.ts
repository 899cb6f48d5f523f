// Whether a member sends yesterday's values: plausible day by day, and for pressure hardly farther from its neighbours than honest ones. But every day
// tells a little which of two of the neighbours' days it fits, by its level and by its change.
// Trap: some places lag behind their neighbours by nature. So the reference is half-way between what the member's own training days show as they are and
// what they would show a day late.
import { cumulative, squared } from './cumulative.ts';

const HALF_WAY = 0.5;

/** Evidence per day, in limits, that the standardised values `own` are those of the day before; `expected` is what the neighbours suggest. */
export const lateness = (own: Float64Array, expected: Float64Array, trainEnd: number): Float64Array =>
  cumulative(evidenceOf(own, expected, 0), evidenceOf(own, expected, 1), trainEnd, HALF_WAY);

/** How much better a day's level and change fit those of the neighbours' day before than those of their same day, were the values sent so many days later. */
function evidenceOf(own: Float64Array, expected: Float64Array, late: number): Float64Array {
  const out = new Float64Array(own.length).fill(Number.NaN);
  for (let d = 2; d < out.length; d++) {
    const value = own[d - late];
    const change = value - own[d - late - 1];
    const now = expected[d];
    const before = expected[d - 1];
    out[d] =
      squared(value - now) -
      squared(value - before) +
      squared(change - (now - before)) -
      squared(change - (before - expected[d - 2]));
  }
  return out;
}
