// The neighbour gate: each member compares its value with a distance-weighted sum of its neighbours' agreed features, which it gets as a
// secure sum, never singly. Errors seen this way are replaced by what the neighbours suggest; members that never agree are suspended.
import { dateOf, dayNumber } from '../calendar.ts';
import type { Gated, Issue } from '../gate.ts';
import type { Network } from '../network.ts';
import type { SecureSum } from '../secure-sum.ts';
import { type Check, DOUBTED, examine, fitExpected, renewExpected } from './examine.ts';
import { addSilent, clipped, distrust } from './judge.ts';
import { bridged, standIn } from './stand-in.ts';
import { surroundings } from './surround.ts';

/** Standardised features that may leave each edge: clipped, gated; for what is missing or in doubt something stands in (stand-in.ts). */
export interface Released {
  readonly z: readonly Float64Array[];
  readonly issues: readonly Issue[];
  /** Stations whose features are not used at all. */
  readonly suspended: readonly number[];
  /** Per station and day: 1 where it is in doubt, or silent. */
  readonly doubtful: readonly Uint8Array[];
  /** Per series and day: what the neighbours suggest; 0 where they cannot. */
  readonly expected: readonly Float64Array[];
}

/** What is held against one station over all its smooth variables. */
interface Record {
  checked: number;
  suspended: number;
  /** Per day: values stopped by any gate, over the smooth variables. */
  readonly faults: Uint8Array;
}

/** Runs the gate over all smooth variables. */
export function release(gated: Gated, sum: SecureSum): Released {
  const { network } = gated;
  const z = gated.z.map(clipped);
  const issues: Issue[] = [];
  const records: Record[] = network.stations.map(() => ({
    checked: 0,
    suspended: 0,
    faults: new Uint8Array(network.days),
  }));
  for (const i of gated.issues) {
    const s = network.series.find(x => x.column === i.column);
    const day = i.date === undefined ? undefined : dayNumber(i.date);
    if (s?.variable.neighbourly && day !== undefined && i.rule !== 'missing code')
      records[s.station].faults[day - network.first] += 1;
  }
  const expected: (Float64Array | undefined)[] = network.series.map(() => undefined);
  const names = new Set(network.series.filter(s => s.variable.neighbourly).map(s => s.variable.name));
  const measuring = (name: string) => network.series.filter(s => s.variable.name === name).length;
  // What most stations measure first, where most can be told: who fails there is not believed in what follows, before it makes its few neighbours look bad.
  const inTurn = [...names].sort((a, b) => measuring(b) - measuring(a));
  for (const name of inTurn) {
    const series = network.series.flatMap((s, i) => (s.variable.name === name ? [i] : []));
    if (series.length < 4) continue;
    const doubted = series.map(k => distrust(records[network.series[k].station].faults).map(d => d * DOUBTED));
    const check = examine(series, gated, z, sum, doubted);
    series.forEach((k, m) => {
      const record = records[network.series[k].station];
      record.checked += 1;
      expected[k] = check.expected[m];
      apply(check, m, k, network, z[k], record, issues);
    });
  }
  const suspended = records.flatMap((r, s) => (r.checked > 0 && 2 * r.suspended >= r.checked ? [s] : []));
  const distrusted = records.map((r, s) =>
    suspended.includes(s) ? new Uint8Array(network.days).fill(1) : distrust(r.faults),
  );
  const doubtful = distrusted.map(d => d.slice());
  for (const [s, d] of doubtful.entries())
    addSilent(
      d,
      network.series.flatMap((x, k) => (x.station === s && x.variable.neighbourly ? [gated.z[k]] : [])),
    );
  // What cannot be checked can still be guessed from the neighbours where a station is in doubt.
  for (const name of new Set(network.series.map(s => s.variable.name))) {
    const series = network.series.flatMap((s, i) => (s.variable.name === name ? [i] : []));
    if (names.has(name) || series.length < 4) continue;
    const check: Check = {
      series,
      flagged: series.map(k => doubtful[network.series[k].station]),
      suspended: series.map(k => suspended.includes(network.series[k].station)),
      expected: [],
      learnt: [],
      sent: [],
    };
    const surround = surroundings(network, series, sum);
    fitExpected(check, surround, z, gated.trainEnd);
    renewExpected(check, surround, z, new Uint8Array(network.days).fill(1));
    series.forEach((k, m) => {
      expected[k] = check.expected[m];
    });
  }
  const suggested = expected.map(e => e ?? new Float64Array(network.days).fill(Number.NaN));
  const filled = network.series.map((s, k) =>
    suspended.includes(s.station)
      ? new Float64Array(network.days)
      : standIn(z[k], suggested[k], distrusted[s.station], gated.trainEnd),
  );
  for (const s of suspended)
    issues.push({
      rule: 'suspended',
      column: network.stations[s].name,
      reason: 'the whole station is suspended as a source for others',
    });
  return {
    z: filled,
    issues,
    suspended,
    doubtful,
    expected: suggested.map(e => bridged(e, gated.trainEnd)),
  };
}

/** Reports what a check found against member `m` and replaces it by what its neighbours suggest. */
function apply(
  check: Check,
  m: number,
  k: number,
  network: Network,
  z: Float64Array,
  record: Record,
  issues: Issue[],
): void {
  const { column, values } = network.series[k];
  if (check.suspended[m]) {
    record.suspended += 1;
    const correlation = check.learnt[m].correlation.toFixed(2);
    issues.push({
      rule: 'suspended',
      column,
      reason: `suspended: its correlation with its neighbours is only ${correlation}`,
    });
    z.fill(0);
    return;
  }
  for (let i = 0; i < network.days; i++) {
    const flag = check.flagged[m][i];
    if (flag === 0 || flag === DOUBTED) continue;
    record.faults[i] += 1;
    z[i] = check.expected[m][i];
    issues.push({
      rule: flag === 1 ? 'neighbours' : 'drift',
      ...network.origins[i],
      column,
      date: dateOf(network.first + i),
      value: values[i],
      reason: flag === 1 ? 'far from what its neighbours had that day' : 'has lately departed from its neighbours',
    });
  }
}
