// Page's cumulative sum test (Biometrika 41, 1954) of whether a member's values have become something else: each day says a little, and that adds up. What a day
// says is compared with what the member's own training days say as they are, and as they would if the values were that something else.

/** The test never remembers more limits than these, so that who mends is soon believed again. */
const MOST_LIMITS = 2.5;
/** Limit in standard deviations of one day's evidence, and over what training days ever reached. */
const LEAST_LIMIT = 3;
const OVER_TRAINING = 2;
/** Errors count up to so many standard deviations. */
const MOST_ERROR = 1.5;

/**
 * Evidence per day in limits; above 1 it is far more than training days (index below `trainEnd`) ever showed. `evidence` is of the values as they are, `otherwise` of the same values
 * were they something else; what lies beyond the point at `share` of the way between the two adds up. Days that are NaN change nothing. Where the two lie closer than `clear` standard deviations
 * of one day's evidence, nothing can be told: the sum would follow chance, and an honest member would be in doubt for months.
 */
export function cumulative(
  evidence: Float64Array,
  otherwise: Float64Array,
  trainEnd: number,
  share: number,
  clear = 0,
): Float64Array {
  const asIs = momentsOf(evidence, trainEnd);
  const other = momentsOf(otherwise, trainEnd);
  const steps = new Float64Array(evidence.length);
  if (!(asIs.sd > 0 && other.mean > asIs.mean + clear * asIs.sd)) return steps;
  const reference = asIs.mean + share * (other.mean - asIs.mean);
  for (let d = 0; d < steps.length; d++) steps[d] = (evidence[d] - reference) / asIs.sd;
  const limit = Math.max(LEAST_LIMIT, OVER_TRAINING * highest(steps, trainEnd));
  addUp(steps, limit);
  return steps;
}

/** The square of an error, as far as it counts. */
export function squared(error: number): number {
  const size = Math.min(MOST_ERROR, Math.abs(error));
  return size * size;
}

/** Turns each step into the sum so far in limits, never below 0 nor above the most that is remembered; NaN steps are left out. */
function addUp(steps: Float64Array, limit: number): void {
  let sum = 0;
  for (let d = 0; d < steps.length; d++) {
    if (!Number.isNaN(steps[d])) sum = Math.min(MOST_LIMITS * limit, Math.max(0, sum + steps[d]));
    steps[d] = sum / limit;
  }
}

/** The highest that the sum ever is before `end`, when all is remembered. */
function highest(steps: Float64Array, end: number): number {
  let sum = 0;
  let most = 0;
  for (let d = 0; d < end; d++) {
    if (!Number.isNaN(steps[d])) sum = Math.max(0, sum + steps[d]);
    most = Math.max(most, sum);
  }
  return most;
}

function momentsOf(values: Float64Array, end: number): { readonly mean: number; readonly sd: number } {
  let n = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < end; i++) {
    if (Number.isNaN(values[i])) continue;
    n += 1;
    sum += values[i];
    squares += values[i] * values[i];
  }
  const mean = sum / n;
  return { mean, sd: Math.sqrt(Math.max(0, squares / n - mean * mean)) };
}
