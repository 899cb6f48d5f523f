// Whether a member sends yesterday's values: plausible day by day, and for pressure hardly farther from its neighbours than honest ones. But every day
// tells a little which of two of the neighbours' days it fits, by its level and by its change.
// Trap: some places lag behind their neighbours by nature. So the reference is half-way between what the member's own training days show as they are and
// what they would show a day late.
import { cumulative, squared } from './cumulative.ts';

const HALF_WAY = 0.5;

/** Evidence per day, in limits, that the standardised values `own` are those of the day before; `expected` is what the neighbours suggest. */
export const lateness = (own: Float64Array, expected: Float64Array, trainEnd: number): Float64Array =>
  cumulative(evidenceOf(own, expected), evidenceOf(dayBefore(own), expected), trainEnd, HALF_WAY);

/** How much better a day's level and change fit those of the neighbours' day before than those of their same day. */
function evidenceOf(own: Float64Array, expected: Float64Array): Float64Array {
  const before = dayBefore(expected);
  const changes = (v: Float64Array) => v.map((x, d) => x - (d === 0 ? Number.NaN : v[d - 1]));
  const [change, same, late] = [changes(own), changes(expected), changes(before)];
  return own.map(
    (v, d) =>
      squared(v - expected[d]) - squared(v - before[d]) + squared(change[d] - same[d]) - squared(change[d] - late[d]),
  );
}

const dayBefore = (v: Float64Array) => v.map((_, d) => (d === 0 ? Number.NaN : v[d - 1]));
