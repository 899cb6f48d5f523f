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
  const asIs = momentsOf(evidence.subarray(0, trainEnd));
  const other = momentsOf(otherwise.subarray(0, trainEnd));
  if (!(asIs.sd > 0 && other.mean > asIs.mean + clear * asIs.sd)) return new Float64Array(evidence.length);
  const reference = asIs.mean + share * (other.mean - asIs.mean);
  const steps = evidence.map(x => (x - reference) / asIs.sd);
  const ever = sums(steps.subarray(0, trainEnd), Number.POSITIVE_INFINITY).reduce((a, b) => Math.max(a, b), 0);
  const limit = Math.max(LEAST_LIMIT, OVER_TRAINING * ever);
  return sums(steps, MOST_LIMITS * limit).map(x => x / limit);
}

/** The square of an error, as far as it counts. */
export const squared = (error: number) => Math.min(MOST_ERROR, Math.abs(error)) ** 2;

/** Sum of the steps so far, never below 0 nor above `most`; NaN steps are left out. */
function sums(steps: Float64Array, most: number): Float64Array {
  let sum = 0;
  return steps.map(x => {
    if (!Number.isNaN(x)) sum = Math.min(most, Math.max(0, sum + x));
    return sum;
  });
}

function momentsOf(values: Float64Array): { readonly mean: number; readonly sd: number } {
  let n = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    n += 1;
    sum += values[i];
    squares += values[i] * values[i];
  }
  const mean = sum / n;
  return { mean, sd: Math.sqrt(Math.max(0, squares / n - mean * mean)) };
}
