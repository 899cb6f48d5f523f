// One member of a weather study: gates its own rows, checks them against what its neighbours' sums suggest, sends its part of the distances between days,
// and forecasts its own stations from their total. It never sees another member's row; nobody sees one of its.

import { dateOf, dayNumber } from '../calendar.ts';
import { distancesToSend, mostDistance, ofTotals } from '../distances.ts';
import { type Forecasts, run } from '../fit.ts';
import { type Gated, gate, type Issue } from '../gate.ts';
import { isLonely } from '../neighbours/distance.ts';
import { BROKEN } from '../neighbours/examine.ts';
import { addSilent, CLIP_SD, clipped, distrust, flagDays, flagDrift, learn } from '../neighbours/judge.ts';
import type { Released } from '../neighbours/release.ts';
import { bridged, standIn } from '../neighbours/stand-in.ts';
import type { Network } from '../network.ts';
import { memberPart, type Part } from '../parts.ts';
import type { Prepared } from '../prepare.ts';
import { plainSum } from '../secure-sum.ts';
import { openPart } from '../similar-days.ts';
import { makeTargets } from '../targets.ts';
import { landmarksOf, type WeatherDesign } from './design.ts';
import { CHECKED, circulationOf, momentsADay, momentsOf, mostMoment, type Sent, suggested } from './planes.ts';

/** A member's rows behind its own gate. */
export interface Member {
  readonly gated: Gated;
  readonly z: readonly Float64Array[];
}

export function makeMember(d: WeatherDesign, network: Network): Member {
  const gated = gate(network, d.trainDays);
  return { gated, z: gated.z.map(clipped) };
}

/** Largest number of a round of checks. */
export const mostCheckNumber = (d: WeatherDesign): number => mostMoment(d, CLIP_SD);
/** Largest number of a distance round; no member's features are larger than those of every variable at all its stations. */
export const mostDistanceNumber = (d: WeatherDesign): number =>
  mostDistance(SIZE_A_STATION * d.stationsAMember, CLIP_SD);
const SIZE_A_STATION = 12;
/** The size of a member's features is sent in units of 2^-10. */
const SIZE_UNIT = 1024;

/**
 * How patient a member is with itself in each round of checks: the worst go first, so that the others are then compared with sums that are clean. A single
 * bad member moves everybody's sums; who would withdraw at once on them would withdraw for another's fault.
 */
const PATIENCE = [4, 2, 1] as const;
/** Rounds of checks: moments without what the rounds before made doubtful. */
export const CHECKS = PATIENCE.length;

/** What a member sends in a round of checks, after the totals of those before: moments, and in the first the size of its features. */
export function checkNumbers(d: WeatherDesign, m: Member, totals: readonly ArrayLike<number>[]): Float64Array {
  const moments = momentsOf(d, sentOf(m, sentAfter(d, m, totals)));
  const out = new Float64Array(moments.length + 1);
  out.set(moments);
  if (totals.length === 0) out[moments.length] = Math.round(SIZE_UNIT * partOf(m, m.z).size);
  return out;
}

interface Verdict {
  readonly k: number;
  readonly flagged: Uint8Array;
  readonly suspended: boolean;
  readonly expected: Float64Array;
  readonly correlation: number;
}

/** Every checked series against the totals; `sent` are the values that are in them. */
function judgeAll(
  d: WeatherDesign,
  m: Member,
  sent: readonly Float64Array[],
  totals: ArrayLike<number>,
  patience: number,
): Verdict[] {
  return checkedOf(m).map(k => {
    const { station, variable } = m.gated.network.series[k];
    const lonely = isLonely(d.stations, station, [...d.stations.keys()]);
    const mean = suggested(d, totals, { station, variable: variable.name, z: sent[k] });
    const flagged = new Uint8Array(d.days);
    const first = learn([mean], m.z[k], flagged, d.trainDays);
    flagDays(m.z[k], first.expected, first.spread, flagged);
    const { expected, correlation } = learn([mean], m.z[k], flagged, d.trainDays);
    flagDrift(m.z[k], expected, flagged, d.trainDays, patience);
    return { k, flagged, suspended: !lonely && correlation < BROKEN / patience, expected, correlation };
  });
}

const checkedOf = (m: Member) =>
  m.gated.network.series.flatMap((s, k) => (CHECKED.includes(s.variable.name) ? [k] : []));

const sentOf = (m: Member, z: readonly Float64Array[]): Sent[] =>
  checkedOf(m).map(k => {
    const { station, variable } = m.gated.network.series[k];
    return { station, variable: variable.name, z: z[k] };
  });

/** The values that are in the next round's sums. */
function sentAfter(d: WeatherDesign, m: Member, totals: readonly ArrayLike<number>[]): readonly Float64Array[] {
  return totals.reduce<readonly Float64Array[]>((sent, t, round) => {
    const z = m.z.slice();
    for (const v of judgeAll(d, m, sent, t, PATIENCE[round]))
      z[v.k] = m.z[v.k].map((x, i) => (v.suspended || v.flagged[i] ? Number.NaN : x));
    return z;
  }, m.z);
}

/** What may leave this edge as features: doubtful values replaced by what the neighbours suggest, after all rounds of checks. */
export function releaseOwn(d: WeatherDesign, m: Member, totals: readonly ArrayLike<number>[]): Released {
  const { network } = m.gated;
  const last = totals.length - 1;
  const verdicts = judgeAll(d, m, sentAfter(d, m, totals.slice(0, last)), totals[last], PATIENCE[last]);
  const issues: Issue[] = [];
  const faults = new Map<number, Uint8Array>();
  const faultsOf = (station: number) => {
    const f = faults.get(station) ?? new Uint8Array(d.days);
    faults.set(station, f);
    return f;
  };
  for (const i of m.gated.issues) {
    const s = network.series.find(x => x.column === i.column);
    const day = i.date === undefined ? undefined : dayNumber(i.date);
    if (s?.variable.neighbourly && day !== undefined && i.rule !== 'missing code')
      faultsOf(s.station)[day - network.first] += 1;
  }
  const z = m.z.map(v => v.slice());
  const guesses = z.map((_, k) => verdicts.find(v => v.k === k)?.expected ?? new Float64Array(d.days).fill(Number.NaN));
  const counts = new Map<number, { checked: number; suspended: number }>();
  for (const v of verdicts) {
    const { station, column, values } = network.series[v.k];
    const count = counts.get(station) ?? { checked: 0, suspended: 0 };
    counts.set(station, count);
    count.checked += 1;
    if (v.suspended) {
      count.suspended += 1;
      const why = `suspended: its correlation with its neighbours is only ${v.correlation.toFixed(2)}`;
      issues.push({ rule: 'suspended', column, reason: why });
      z[v.k].fill(0);
      continue;
    }
    for (let i = 0; i < d.days; i++) {
      if (v.flagged[i] === 0) continue;
      faultsOf(station)[i] += 1;
      z[v.k][i] = v.expected[i];
      const date = dateOf(network.first + i);
      issues.push({
        rule: v.flagged[i] === 1 ? 'neighbours' : 'drift',
        ...network.origins[i],
        column,
        date,
        value: values[i],
        reason:
          v.flagged[i] === 1 ? 'far from what its neighbours had that day' : 'has lately departed from its neighbours',
      });
    }
  }
  const suspended = [...counts].flatMap(([s, c]) => (2 * c.suspended >= c.checked ? [s] : []));
  const distrusted = d.stations.map((_, s) =>
    suspended.includes(s) ? new Uint8Array(d.days).fill(1) : distrust(faultsOf(s)),
  );
  const doubtful = distrusted.map(x => x.slice());
  for (const [s, x] of doubtful.entries())
    addSilent(
      x,
      checkedOf(m).flatMap(k => (network.series[k].station === s ? [m.z[k]] : [])),
    );
  const filled = network.series.map(({ station }, k) => {
    if (suspended.includes(station)) return new Float64Array(d.days);
    // Who is in doubt or silent for most of the days to forecast was better never learnt from.
    const gone = doubtful[station].subarray(d.trainDays).reduce((n, x) => n + x, 0);
    const never = gone > (d.days - d.trainDays) / 2;
    const own = never ? new Float64Array(d.days).fill(Number.NaN) : z[k];
    return standIn(own, guesses[k], distrusted[station], d.trainDays);
  });
  const suggestions = guesses.map(g => bridged(g, d.trainDays));
  return { z: filled, issues, suspended, doubtful, expected: suggestions };
}

const partOf = (m: Member, z: readonly Float64Array[]): Part =>
  memberPart(m.gated.network, z, [...m.gated.network.series.keys()]);

/** A later round: the member's squared distances of days [from, to) to the landmarks. */
export function distanceBlock(d: WeatherDesign, m: Member, released: Released, from: number, to: number): Float64Array {
  return distancesToSend(partOf(m, released.z), landmarksOf(d), from, to, mostDistanceNumber(d));
}

/** Numbers of a round of checks. */
export const checkLength = (d: WeatherDesign): number => CHECKED.length * d.days * momentsADay(d.stations.length) + 1;

/** Forecasts of this member's own stations from the published totals: those of all `checks`, and `distances` of all days in order. */
export function forecastOwn(
  d: WeatherDesign,
  m: Member,
  released: Released,
  checks: readonly ArrayLike<number>[],
  distances: ArrayLike<number>,
): { readonly prepared: Prepared; readonly forecasts: Forecasts } {
  const { gated } = m;
  const targets = makeTargets(gated);
  const [trainEnd, testTo] = [d.trainDays, d.days];
  const issues = [...gated.issues, ...released.issues];
  const circulation = circulationOf(d, checks[checks.length - 1]);
  const prepared = { gated, released, circulation, targets, trainEnd, testFrom: trainEnd, testTo, issues };
  // The network's size stands at the end of the first totals.
  const size = checks[0][checks[0].length - 1] / SIZE_UNIT;
  const open = openPart(prepared, circulation, size);
  const source = ofTotals(distances, size, open);
  const which = targets.map((_, i) => i);
  return { prepared, forecasts: run(prepared, source, which, landmarksOf(d).length, plainSum) };
}
