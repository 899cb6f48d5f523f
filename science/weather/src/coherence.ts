// The mean temperature of one day must go with its least and its most, as it did on training days. Who sends noise, numbers at random or days of each
// variable in another order fails within days, also where nobody near measures the same.
// Trap: stations change how they make their mean (Heathrow did in 2005). So a departure of less than about one and a half standard deviations is no fault, though
// training days may never have shown a tenth of it.

import { daysAbove, distances } from './day-sums.ts';
import { forgotten, inLimits, learn, raise } from './neighbours/judge.ts';
import type { Network, Series } from './network.ts';
import { temperaturesOf } from './order.ts';

/** Departures of a day, and squares lately, that are no fault whatever training days show; and how far beyond these faults begin. */
const DAY_LEAST = 1.5;
const DAY_TIMES = 1.25;
const LATELY_LEAST = 0.8;
const LATELY_TIMES = 1.5;
/** Fewer training days teach nothing. */
const FEWEST_DAYS = 60;
/** Errors count up to so many standard deviations, so that one slip is not remembered for weeks. */
const MOST_ERROR = 2;

/** Takes the temperatures of days out of the features `z` (one array a series) whose mean does not go with the others; what was observed stays a target. */
export function stopIncoherent(
  network: Network,
  z: readonly Float64Array[],
  trainEnd: number,
  report: (s: Series, day: number, reason: string) => void,
): void {
  for (const station of network.stations.keys()) {
    const mine = temperaturesOf(network, station);
    const mean = mine.find(k => network.series[k].variable.name === 'temp_mean');
    if (mean === undefined || mine.length < 2) continue;
    const missing = new Uint8Array(network.days);
    for (const k of mine) markMissing(z[k], missing);
    if (missing.subarray(0, trainEnd).filter(v => v === 0).length < FEWEST_DAYS) continue;
    const others = mine.filter(k => k !== mean).map(k => z[k]);
    const errors = distances(z[mean], learn(others, z[mean], missing, trainEnd).expected);
    const day = inLimits(errors, trainEnd, DAY_LEAST, DAY_TIMES);
    const lately = forgotten(errors.map(e => Math.min(MOST_ERROR, e) ** 2));
    raise(day, inLimits(lately, trainEnd, LATELY_LEAST, LATELY_TIMES));
    for (const d of daysAbove(day, 1)) {
      // One fault, of whichever it may be: a single slip puts no station in doubt.
      report(
        network.series[mean],
        d,
        'the mean temperature does not go with the least and the most of the day, as it does on training days',
      );
      for (const k of mine) z[k][d] = Number.NaN;
    }
  }
}

function markMissing(values: Float64Array, missing: Uint8Array): void {
  for (let d = 0; d < missing.length; d++) if (Number.isNaN(values[d])) missing[d] = 1;
}
