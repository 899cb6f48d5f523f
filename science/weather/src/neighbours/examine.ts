// One variable over all its members: who does not follow its neighbours at all, on which days a value is far off, and who has slowly departed.
// Trap: a bad neighbour makes good ones look bad, so the worst offender of a day is taken out first and the sums are made again.
import type { Gated } from '../gate.ts';
import type { SecureSum } from '../secure-sum.ts';
import { isLonely } from './distance.ts';
import { driftOf, expectAgain, isAccusation, type Learnt, learn, offBy, takeBack } from './judge.ts';
import { acquitByJury } from './jury.ts';
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
  /** What each member last sent: its values, or what stands in for them. */
  sent: Float64Array[];
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
    sent: [],
  };
  const most = Math.floor(n / 3);
  const fit = () => fitExpected(check, surround, z, trainEnd);
  /** How far each member has lately departed, from what is now expected of it. */
  let drifts: (Float64Array | undefined)[] = [];
  const driftAt = (m: number) => (drifts[m] ??= driftOf(z[series[m]], check.expected[m], trainEnd));
  /** Days on which what is held against somebody has changed. */
  const touched = new Uint8Array(network.days);
  const renew = () => {
    renewExpected(check, surround, z, touched);
    touched.fill(0);
    drifts = [];
  };
  fit();
  touched.fill(1);
  renew();
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
  // Single days, the worst member of a day first; then slow departures.
  const offAt = (m: number) => offBy(z[series[m]], check.expected[m], check.learnt[m].spread);
  for (let round = 0; round < most && mark(check, z, offAt, 1, touched); round++) renew();
  fit();
  drifts = [];
  for (let round = 0; round < most && mark(check, z, driftAt, 2, touched); round++) renew();
  if (acquit(check, offAt, driftAt, touched)) renew();
  if (acquitByJury({ own: series.map(k => z[k]), sent: check.sent, flagged, trainEnd }, surround, touched)) {
    renew();
    if (acquit(check, offAt, driftAt, touched)) renew();
  }
  return check;
}

/** Flags, for each day, the member that is furthest beyond its limit by levels in units of it, and marks the day; false when there is none. */
function mark(
  { series, flagged, suspended }: Check,
  z: readonly Float64Array[],
  levelsOf: (m: number) => Float64Array,
  flag: number,
  touched: Uint8Array,
): boolean {
  const days = flagged[0].length;
  const worst = new Int32Array(days).fill(-1);
  const size = new Float64Array(days).fill(1);
  for (const [m, k] of series.entries()) if (!suspended[m]) exceed(size, worst, m, levelsOf(m), z[k], flagged[m]);
  let found = false;
  for (let d = 0; d < days; d++) {
    if (worst[d] < 0) continue;
    flagged[worst[d]][d] = flag;
    touched[d] = 1;
    found = true;
  }
  return found;
}

/** Puts `m` and its level where that is above the size so far, on days on which it has a value that is not flagged. */
function exceed(
  size: Float64Array,
  worst: Int32Array,
  m: number,
  levels: Float64Array,
  own: Float64Array,
  flagged: Uint8Array,
): void {
  for (let d = 0; d < size.length; d++) {
    if (!(levels[d] > size[d]) || flagged[d] || Number.isNaN(own[d])) continue;
    size[d] = levels[d];
    worst[d] = m;
  }
}

/** Believes again who looked bad only beside a neighbour that has since been found out, and marks the days; whether there is any. */
function acquit(
  { flagged, suspended }: Check,
  offAt: (m: number) => Float64Array,
  driftAt: (m: number) => Float64Array,
  touched: Uint8Array,
): boolean {
  let found = false;
  for (const [m, flags] of flagged.entries()) {
    if (suspended[m] || !flags.some(isAccusation)) continue;
    if (takeBack(flags, flags.keys(), offAt(m), driftAt(m), touched)) found = true;
  }
  return found;
}

/** What is to be expected of each member, learnt anew from sums over the others as they now are. */
export function fitExpected(check: Check, surround: Surroundings, z: readonly Float64Array[], trainEnd: number): void {
  check.sent = sentNow(check, z);
  surround.update(check.sent);
  check.learnt = check.series.map((k, m) => learn(surround.about[m], z[k], check.flagged[m], trainEnd));
  check.expected = check.learnt.map(l => l.expected);
}

/**
 * What is to be expected, from the sums as they now are, by what was learnt before: a few days more or less teach nothing new. Only on days that are `touched` is anything sent anew: what
 * stands in for a value depends on how often it was made, and nothing that comes later may change what was expected of a day.
 */
export function renewExpected(
  check: Check,
  surround: Surroundings,
  z: readonly Float64Array[],
  touched: Uint8Array,
): void {
  const now = sentNow(check, z);
  check.sent = check.sent.map((before, m) => where(touched, now[m], before));
  surround.update(check.sent);
  const days = Int32Array.from(touched.keys()).filter(d => touched[d] === 1);
  for (const [m, l] of check.learnt.entries()) expectAgain(surround.about[m], l.weights, days, check.expected[m]);
}

/**
 * Who has no value, or one that is flagged, sends what was expected of it, as soon as that is known: weights learnt with a neighbour mean nothing without it, and its
 * neighbours would look bad for its absence.
 */
const sentNow = ({ series, suspended, flagged, expected }: Check, z: readonly Float64Array[]): Float64Array[] =>
  series.map((k, m) => {
    if (suspended[m]) return new Float64Array(z[k].length).fill(Number.NaN);
    return believed(z[k], flagged[m], expected[m]);
  });

function where(touched: Uint8Array, now: Float64Array, before: Float64Array): Float64Array {
  const out = before.slice();
  for (let d = 0; d < out.length; d++) if (touched[d] === 1) out[d] = now[d];
  return out;
}

function believed(own: Float64Array, flagged: Uint8Array, expected: Float64Array | undefined): Float64Array {
  let out = own;
  for (let d = 0; d < own.length; d++) {
    if (flagged[d] === 0 && !Number.isNaN(own[d])) continue;
    if (out === own) out = own.slice();
    out[d] = expected?.[d] ?? Number.NaN;
  }
  return out;
}
