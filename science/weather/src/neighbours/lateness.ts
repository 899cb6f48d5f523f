// Whether a member sends yesterday's values: plausible day by day, and for pressure hardly farther from its neighbours than honest ones. But every day
// tells a little which of two of the neighbours' days it fits, by its level and by its change: Page's cumulative sum test (Biometrika 41, 1954) adds that up.
// Trap: some places lag behind their neighbours by nature. So the reference is half-way between what the member's own training days show as they are and
// what they would show a day late.

/** The test never remembers more limits than these, so that who mends is soon believed again. */
const MOST_LIMITS = 2;
/** Limit in standard deviations of one day's evidence, and over what training days ever reached. */
const LEAST_LIMIT = 3;
const OVER_TRAINING = 2;
/** Errors count up to so many standard deviations. */
const MOST_ERROR = 1.5;

/**
 * Evidence per day, in limits, that values are those of the day before; above 1 it is far more than training days (index below `trainEnd`) ever showed.
 * Days that are NaN in `own` (standardised values; `expected`: what the neighbours suggest) change nothing.
 */
export function lateness(own: Float64Array, expected: Float64Array, trainEnd: number): Float64Array {
  const evidence = evidenceOf(own, expected);
  const asIs = momentsOf(evidence.subarray(0, trainEnd));
  const late = momentsOf(evidenceOf(dayBefore(own), expected).subarray(0, trainEnd));
  if (!(asIs.sd > 0 && late.mean > asIs.mean)) return new Float64Array(own.length);
  const reference = (asIs.mean + late.mean) / 2;
  const steps = evidence.map(x => (x - reference) / asIs.sd);
  const ever = cumulative(steps.subarray(0, trainEnd), Number.POSITIVE_INFINITY).reduce((a, b) => Math.max(a, b), 0);
  const limit = Math.max(LEAST_LIMIT, OVER_TRAINING * ever);
  return cumulative(steps, MOST_LIMITS * limit).map(x => x / limit);
}

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

const squared = (error: number) => Math.min(MOST_ERROR, Math.abs(error)) ** 2;

const dayBefore = (v: Float64Array) => v.map((_, d) => (d === 0 ? Number.NaN : v[d - 1]));

/** Sum of the steps so far, never below 0 nor above `most`; NaN steps are left out. */
function cumulative(steps: Float64Array, most: number): Float64Array {
  let sum = 0;
  return steps.map(x => {
    if (!Number.isNaN(x)) sum = Math.min(most, Math.max(0, sum + x));
    return sum;
  });
}

function momentsOf(values: Float64Array): { readonly mean: number; readonly sd: number } {
  const known = values.filter(v => !Number.isNaN(v));
  const mean = known.reduce((s, v) => s + v, 0) / known.length;
  return { mean, sd: Math.sqrt(known.reduce((s, v) => s + (v - mean) ** 2, 0) / known.length) };
}
