// What all models of a backtest share: gated and released values, the network's circulation, targets; the days that train and those to be forecast.
import { civilDay } from './calendar.ts';
import { circulation } from './circulation.ts';
import { type Gated, gate, type Issue } from './gate.ts';
import { type Released, release } from './neighbours/release.ts';
import type { Network } from './network.ts';
import { plainSum, type SecureSum } from './secure-sum.ts';
import { makeTargets, type Target } from './targets.ts';

export const MOST_LEAD = 10;
const FEWEST_TRAINING_DAYS = 365;

/** Everything that is the same for all models. */
export interface Prepared {
  readonly gated: Gated;
  readonly released: Released;
  /** Slopes and curves of the pressure over the network, per day, known to all members. */
  readonly circulation: readonly Float64Array[];
  readonly targets: readonly Target[];
  readonly trainEnd: number;
  readonly testFrom: number;
  readonly testTo: number;
  readonly issues: readonly Issue[];
}

/** Gates the data and fits what all models share. Throws RangeError when the year is not there or too little comes before it. */
export function prepare(network: Network, testYear: number, sum: SecureSum = plainSum): Prepared {
  const trainEnd = civilDay(testYear, 1, 1) - network.first;
  const end = Math.min(network.days, civilDay(testYear + 1, 1, 1) - network.first);
  if (trainEnd >= network.days || end <= 0) throw new RangeError(`there are no days of ${testYear} in the data`);
  if (trainEnd < FEWEST_TRAINING_DAYS)
    throw new RangeError(
      `only ${Math.max(0, trainEnd)} days come before ${testYear}; at least a year is needed for training`,
    );
  return prepareWindow(network, trainEnd, end, sum);
}

/**
 * For the days to come: trained on all days up to index `today` (the last row by default), with the next ten days as targets. Of the
 * forecasts only those issued today mean something: `forecasts[target][lead - 1][lead - 1]`.
 */
export function prepareToday(network: Network, today = network.days - 1, sum: SecureSum = plainSum): Prepared {
  if (!(today >= FEWEST_TRAINING_DAYS && today < network.days))
    throw new RangeError(
      `a forecast needs at least ${FEWEST_TRAINING_DAYS} days before it; there are ${Math.max(0, today)}`,
    );
  return prepareWindow(network, today + 1, today + 1 + MOST_LEAD, sum);
}

/** Days from `trainEnd` to `end` are targets; days of them that the network does not have, or that lie after them, are unknown. */
function prepareWindow(network: Network, trainEnd: number, end: number, sum: SecureSum): Prepared {
  const cut = (v: Float64Array) => {
    const out = new Float64Array(end).fill(Number.NaN);
    out.set(v.subarray(0, end));
    return out;
  };
  const upTo = { ...network, days: end, series: network.series.map(s => ({ ...s, values: cut(s.values) })) };
  const gated = gate(upTo, trainEnd);
  const released = release(gated, sum);
  const targets = makeTargets(gated);
  return {
    gated,
    released,
    circulation: circulation(gated.network, released.z, sum),
    targets,
    trainEnd,
    testFrom: trainEnd,
    testTo: end,
    issues: [...gated.issues, ...released.issues],
  };
}
