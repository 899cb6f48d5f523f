// One variable over all its members: who does not follow its neighbours at all, on which days a value is far off, and who has slowly departed.
// Trap: a bad neighbour makes good ones look bad, so the worst offender of a day is taken out first and the sums are made again.
import type { Gated } from '../gate.ts';
import type { SecureSum } from '../secure-sum.ts';
import { isLonely } from './distance.ts';
import { dayLimit, driftOf, expectedOf, type Learnt, learn } from './judge.ts';
import { type Surroundings, surroundings } from './surround.ts';

const TRUSTED = 0.6;
/** Correlation with the neighbours below which a member is suspended. */
export const BROKEN = 0.35;
/** A day on which a member is in doubt because of another variable. */
export const DOUBTED = 3;

export interface Check {
  readonly series: number[];
  /** Per member and day: 0, or 1 far off, 2 departed lately, or DOUBTED; then the value is not sent. */
  readonly flagged: Uint8Array[];
  readonly suspended: boolean[];
  expected: Float64Array[];
  learnt: Learnt[];
}

/** One variable over all its members; `flagged` has the days on which another variable put a member in doubt, and gets what is found. */
export function examine(
  series: number[],
  gated: Gated,
  z: readonly Float64Array[],
  sum: SecureSum,
  flagged: Uint8Array[],
): Check {
  const { network, trainEnd } = gated;
  const n = series.length;
  const surround = surroundings(network, series, sum);
  const lonely = series.map(k =>
    isLonely(
      network.stations,
      network.series[k].station,
      series.map(j => network.series[j].station),
    ),
  );
  const check: Check = {
    series,
    flagged,
    suspended: series.map(() => false),
    expected: [],
    learnt: [],
  };
  const most = Math.floor(n / 3);
  const fit = () => fitExpected(check, surround, z, trainEnd);
  fit();
  renewExpected(check, surround, z);
  // Members that do not follow their neighbours at all, the worst first.
  for (let round = 0; round < most; round++) {
    const correlation = check.learnt.map(l => l.correlation);
    const active = correlation.filter((_, m) => !check.suspended[m]).sort((a, b) => a - b);
    const median = active[active.length >> 1];
    const worst = correlation.reduce(
      (w, c, m) => (check.suspended[m] || lonely[m] || c >= (w < 0 ? 2 : correlation[w]) ? w : m),
      -1,
    );
    if (worst < 0 || !(median > TRUSTED) || !(correlation[worst] < BROKEN)) break;
    check.suspended[worst] = true;
    fit();
  }
  // Single days, the worst member of a day first.
  for (let round = 0; round < most; round++) {
    let found = 0;
    for (let i = 0; i < network.days; i++) {
      let worst = -1;
      let size = 1;
      for (let m = 0; m < n; m++) {
        if (check.flagged[m][i] || check.suspended[m]) continue;
        const e = Math.abs(z[series[m]][i] - check.expected[m][i]);
        const s = e / dayLimit(check.learnt[m].spread);
        if (s > size) {
          size = s;
          worst = m;
        }
      }
      if (worst >= 0) {
        check.flagged[worst][i] = 1;
        found += 1;
      }
    }
    if (found === 0) break;
    renewExpected(check, surround, z);
  }
  fit();
  // Slow departures, again the worst member of a day first.
  for (let round = 0; round < most && drift(check, z, trainEnd); round++) renewExpected(check, surround, z);
  if (acquit(check, z, trainEnd)) renewExpected(check, surround, z);
  return check;
}

/** Believes again who looked bad only beside a neighbour that has since been found out; whether there is any. */
function acquit(
  { series, flagged, suspended, expected, learnt }: Check,
  z: readonly Float64Array[],
  trainEnd: number,
): boolean {
  let found = false;
  series.forEach((k, m) => {
    if (suspended[m] || !flagged[m].some(f => f === 1 || f === 2)) return;
    const drifted = driftOf(z[k], expected[m], trainEnd);
    const limit = dayLimit(learnt[m].spread);
    flagged[m].forEach((f, d) => {
      if ((f !== 1 && f !== 2) || drifted[d] > 1 || !(Math.abs(z[k][d] - expected[m][d]) <= limit)) return;
      flagged[m][d] = 0;
      found = true;
    });
  });
  return found;
}

/** What is to be expected of each member, learnt anew from sums over the others as they now are. */
export function fitExpected(check: Check, surround: Surroundings, z: readonly Float64Array[], trainEnd: number): void {
  surround.update(sentNow(check, z));
  check.learnt = check.series.map((k, m) => learn(surround.about[m], z[k], check.flagged[m], trainEnd));
  suggest(check, surround);
}

/** What is to be expected, from the sums as they now are, by what was learnt before: a few days more or less teach nothing new. */
export function renewExpected(check: Check, surround: Surroundings, z: readonly Float64Array[]): void {
  surround.update(sentNow(check, z));
  suggest(check, surround);
}

/**
 * Who has no value, or one that is flagged, sends what was expected of it, as soon as that is known: weights learnt with a neighbour mean nothing without it, and its
 * neighbours would look bad for its absence.
 */
const sentNow = ({ series, suspended, flagged, expected }: Check, z: readonly Float64Array[]): Float64Array[] =>
  series.map((k, m) =>
    z[k].map((v, d) => {
      if (suspended[m]) return Number.NaN;
      return flagged[m][d] !== 0 || Number.isNaN(v) ? (expected[m]?.[d] ?? Number.NaN) : v;
    }),
  );

function suggest(check: Check, surround: Surroundings): void {
  check.expected = check.learnt.map((l, m) => expectedOf(surround.about[m], l.weights));
}

/** Marks with 2, for each day, the member that has drifted furthest beyond its limit; false when there is none. */
function drift(check: Check, z: readonly Float64Array[], trainEnd: number): boolean {
  const { flagged, suspended, series, expected } = check;
  const drifts = series.map((k, m) => (suspended[m] ? undefined : driftOf(z[k], expected[m], trainEnd)));
  let found = false;
  for (let i = 0; i < flagged[0].length; i++) {
    let worst = -1;
    let size = 1;
    for (const [m, d] of drifts.entries()) {
      if (!d || flagged[m][i] || Number.isNaN(z[series[m]][i]) || !(d[i] > size)) continue;
      size = d[i];
      worst = m;
    }
    if (worst < 0) continue;
    flagged[worst][i] = 2;
    found = true;
  }
  return found;
}
