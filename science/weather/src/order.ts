// The temperatures of one day must be in order: least below mean below most. Who sends a constant, a turned sign or numbers at random fails at once, where
// neighbours need days to tell.
// Trap: some stations' extremes are of another window than their mean. So the limit is what their own training days show.
import { known, ranked } from './neighbours/rank.ts';
import type { Network, Series } from './network.ts';

/** From the lowest to the highest. */
const TEMPERATURES = ['temp_min', 'temp_mean', 'temp_max'];
/** Files give tenths: equal values count as one tenth of disorder. */
const TENTH = 0.1;
const LEAST_LIMIT = 0.05;
const OVER_TRAINING = 1.25;

/** The series of a station's temperatures, from the lowest to the highest. */
export const temperaturesOf = ({ series }: Network, station: number): number[] =>
  TEMPERATURES.flatMap(name =>
    series.flatMap((s, k) => (s.station === station && s.variable.name === name ? [k] : [])),
  );

/** Takes temperatures in disorder out of the features `z` (one array a series); what was observed stays a target. */
export function stopDisorder(
  network: Network,
  z: readonly Float64Array[],
  trainEnd: number,
  report: (s: Series, day: number, reason: string) => void,
): void {
  for (const station of network.stations.keys()) {
    const mine = temperaturesOf(network, station);
    const values = mine.map(k => network.series[k].values);
    const disorder = new Float64Array(network.days).fill(Number.NaN);
    for (const [i, low] of values.entries()) for (const high of values.slice(i + 1)) addDisorder(disorder, low, high);
    const shown = known(disorder, trainEnd);
    const usual = ranked(shown, Math.floor(0.998 * (shown.length - 1))) ?? 0;
    const limit = Math.max(LEAST_LIMIT, OVER_TRAINING * usual);
    disorder.forEach((x, d) => {
      if (!(x > limit)) return;
      const all = mine.map((k, i) => `${network.series[k].variable.name} ${values[i][d]}`).join(', ');
      // One fault, of whichever it may be: a single slip puts no station in doubt.
      report(network.series[mine[0]], d, `the day's temperatures are not in order: ${all}`);
      for (const k of mine) z[k][d] = Number.NaN;
    });
  }
}

/** By how much some value is not below a later one, in degrees; NaN where fewer than two are known. */
function addDisorder(most: Float64Array, low: Float64Array, high: Float64Array): void {
  for (let d = 0; d < most.length; d++) {
    const x = low[d] - high[d] + TENTH;
    if (x > most[d] || Number.isNaN(most[d])) most[d] = x;
  }
}
