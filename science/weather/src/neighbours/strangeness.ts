// Whether a member sends the values of another place, or of days long gone: each plausible, and not far off on many days, but too often a little off.
import { cumulative, squared } from './cumulative.ts';

/** Values so many days old are of the same season and of other weather. */
const OTHER_WEATHER_DAYS = 20;
/** Another place's weather is not wholly other weather, so that less than half-way to it is strange. */
const SHARE = 0.4;
/** Where neighbours say so little of a place that other weather would fit them nearly as well, nobody can tell. */
const CLEAR = 1;

/** Evidence per day, in limits, that the standardised values `own` are of other weather than what the neighbours suggest, `expected`. */
export function strangeness(own: Float64Array, expected: Float64Array, trainEnd: number): Float64Array {
  const before = own.map((_, d) => (d < OTHER_WEATHER_DAYS ? Number.NaN : own[d - OTHER_WEATHER_DAYS]));
  const errors = (v: Float64Array) => v.map((x, d) => squared(x - expected[d]));
  return cumulative(errors(own), errors(before), trainEnd, SHARE, CLEAR);
}
