// Whether a member sends the values of another place, or of days long gone: each plausible, and not far off on many days, but too often a little off.
import { cumulative, squared } from './cumulative.ts';

/** Values so many days old are of the same season and of other weather. */
const OTHER_WEATHER_DAYS = 20;
/** Another place's weather is not wholly other weather, so that less than half-way to it is strange. */
const SHARE = 0.4;
/** Where neighbours say so little of a place that other weather would fit them nearly as well, nobody can tell. */
const CLEAR = 1;

/** Evidence per day, in limits, that the standardised values `own` are of other weather than what the neighbours suggest, `expected`. */
export const strangeness = (own: Float64Array, expected: Float64Array, trainEnd: number): Float64Array =>
  cumulative(errorsOf(own, expected, 0), errorsOf(own, expected, OTHER_WEATHER_DAYS), trainEnd, SHARE, CLEAR);

/** Squared errors of the values of some days before. */
function errorsOf(own: Float64Array, expected: Float64Array, before: number): Float64Array {
  const out = new Float64Array(own.length).fill(Number.NaN);
  for (let d = before; d < out.length; d++) out[d] = squared(own[d - before] - expected[d]);
  return out;
}
