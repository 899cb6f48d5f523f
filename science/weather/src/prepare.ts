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
  const { trainEnd, end } = yearIn(network, testYear);
  return withNeighbours(gatedWindow(network, trainEnd, end), trainEnd, sum);
}

/** The same for stations that learn alone: nobody's values are released to anybody, so the gates that compare neighbours are not run. */
export function prepareAlone(network: Network, testYear: number): Prepared {
  const { trainEnd, end } = yearIn(network, testYear);
  const gated = gatedWindow(network, trainEnd, end);
  const released = { z: gated.z, issues: [], suspended: [], doubtful: [], expected: [] };
  return prepared(gated, released, [], trainEnd);
}

function yearIn(network: Network, testYear: number): { trainEnd: number; end: number } {
  const trainEnd = civilDay(testYear, 1, 1) - network.first;
  const end = Math.min(network.days, civilDay(testYear + 1, 1, 1) - network.first);
  if (trainEnd >= network.days || end <= 0) throw new RangeError(`there are no days of ${testYear} in the data`);
  if (trainEnd < FEWEST_TRAINING_DAYS)
    throw new RangeError(
      `only ${Math.max(0, trainEnd)} days come before ${testYear}; at least a year is needed for training`,
    );
  return { trainEnd, end };
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
  return withNeighbours(gatedWindow(network, today + 1, today + 1 + MOST_LEAD), today + 1, sum);
}

/** Days from `trainEnd` to `end` are targets; days of them that the network does not have, or that lie after them, are unknown. */
function gatedWindow(network: Network, trainEnd: number, end: number): Gated {
  const cut = (v: Float64Array) => {
    const out = new Float64Array(end).fill(Number.NaN);
    out.set(v.subarray(0, end));
    return out;
  };
  return gate({ ...network, days: end, series: network.series.map(s => ({ ...s, values: cut(s.values) })) }, trainEnd);
}

function withNeighbours(gated: Gated, trainEnd: number, sum: SecureSum): Prepared {
  const released = release(gated, sum);
  return prepared(gated, released, circulation(gated.network, released.z, sum), trainEnd);
}

function prepared(gated: Gated, released: Released, found: readonly Float64Array[], trainEnd: number): Prepared {
  return {
    gated,
    released,
    circulation: found,
    targets: makeTargets(gated),
    trainEnd,
    testFrom: trainEnd,
    testTo: gated.network.days,
    issues: [...gated.issues, ...released.issues],
  };
}
