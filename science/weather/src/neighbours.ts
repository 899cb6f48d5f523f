// The neighbour gate: each member compares its value with a distance-weighted sum of its neighbours' agreed features, which it gets as a
// secure sum, never singly. Errors seen this way are replaced by what the neighbours suggest; members that never agree are suspended.
// Trap: a bad neighbour makes good ones look bad, so the worst offender of a day is taken out first and the sums are made again.
import { dateOf, dayNumber } from './calendar.ts';
import type { Gated, Issue } from './gate.ts';
import type { Network, Station } from './network.ts';
import { decode, encode, type SecureSum } from './secure-sum.ts';

/** Standardised features that may leave each edge: clipped, gated, missing days filled from neighbours (smooth variables) or with 0. */
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

export const CLIP_SD = 4;
const RANGE_KM = 300;
const FRACTION_BITS = 20;
const DAY_SD = 6;
const DAY_LEAST = 1.5;
const FORGET = 1 / 8;
const FORGET_SLOWLY = 1 / 30;
const DISTRUST = 0.2;
const TRUSTED = 0.6;
export const BROKEN = 0.35;
/** Weight of all neighbours together below which agreement with them says nothing: the nearest is some 700 km away. */
const LONELY = 0.1;

/** A day on which a member is in doubt because of another variable. */
const DOUBTED = 3;

interface Check {
  readonly series: number[];
  /** Per member and day: 0, or 1 far off, 2 departed lately, or DOUBTED; then the value is not sent. */
  readonly flagged: Uint8Array[];
  readonly suspended: boolean[];
  expected: Float64Array[];
  spread: number[];
  correlation: number[];
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
    if (s?.variable.neighbourly && day !== undefined) records[s.station].faults[day - network.first] += 1;
  }
  const expected: (Float64Array | undefined)[] = network.series.map(() => undefined);
  const names = new Set(network.series.filter(s => s.variable.neighbourly).map(s => s.variable.name));
  // Pressure first: it is the smoothest, and who fails there is not believed in what follows, before it makes its neighbours look bad.
  const inTurn = [...names].sort((a, b) => Number(b === 'pressure') - Number(a === 'pressure'));
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
  for (const [s, d] of distrusted.entries())
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
      flagged: series.map(k => distrusted[network.series[k].station]),
      suspended: series.map(k => suspended.includes(network.series[k].station)),
      expected: [],
      spread: [],
      correlation: [],
    };
    fitExpected(check, weightsAmong(network, series), z, gated.trainEnd, sum);
    series.forEach((k, m) => {
      expected[k] = check.expected[m];
    });
  }
  for (const [k, s] of network.series.entries()) {
    const out = suspended.includes(s.station);
    for (let i = 0; i < network.days; i++) {
      const doubtful = distrusted[s.station][i] === 1;
      if (doubtful || Number.isNaN(z[k][i])) z[k][i] = out ? 0 : (expected[k]?.[i] ?? 0);
    }
  }
  for (const s of suspended)
    issues.push({
      rule: 'suspended',
      column: network.stations[s].name,
      reason: 'the whole station is suspended as a source for others',
    });
  return {
    z,
    issues,
    suspended,
    doubtful: distrusted,
    expected: expected.map(e => e ?? new Float64Array(network.days)),
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
    const correlation = check.correlation[m].toFixed(2);
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

/** Standardised values within ± {@link CLIP_SD}. */
export const clipped = (z: Float64Array) =>
  z.map(x => (Number.isNaN(x) ? x : Math.max(-CLIP_SD, Math.min(CLIP_SD, x))));

/** 1 on days when a station has lately been at fault too often: all it measures is then in doubt, also what no neighbour can check. */
export function distrust(faults: Uint8Array): Uint8Array {
  let level = 0;
  return faults.map(f => {
    level += FORGET * (Math.min(f, 1) - level);
    return f >= 2 || level > DISTRUST ? 1 : 0;
  });
}

/** Counts days without a single value among the doubtful. */
export function addSilent(doubtful: Uint8Array, values: readonly Float64Array[]): void {
  if (values.length === 0) return;
  for (let i = 0; i < doubtful.length; i++) if (values.every(v => Number.isNaN(v[i]))) doubtful[i] = 1;
}

function weightsAmong({ stations, series: all }: Network, series: readonly number[]): number[][] {
  return series.map(k => series.map(j => weight(stations, all[k].station, all[j].station)));
}

/** One variable over all its members; `flagged` has the days on which another variable put a member in doubt, and gets what is found. */
function examine(
  series: number[],
  gated: Gated,
  z: readonly Float64Array[],
  sum: SecureSum,
  flagged: Uint8Array[],
): Check {
  const { network, trainEnd } = gated;
  const n = series.length;
  const weights = weightsAmong(network, series);
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
    spread: [],
    correlation: [],
  };
  const most = Math.floor(n / 3);
  const fit = () => fitExpected(check, weights, z, trainEnd, sum);
  fit();
  // Members that do not follow their neighbours at all, the worst first.
  for (let round = 0; round < most; round++) {
    const active = check.correlation.filter((_, m) => !check.suspended[m]).sort((a, b) => a - b);
    const median = active[active.length >> 1];
    const worst = check.correlation.reduce(
      (w, c, m) => (check.suspended[m] || lonely[m] || c >= (w < 0 ? 2 : check.correlation[w]) ? w : m),
      -1,
    );
    if (worst < 0 || !(median > TRUSTED) || !(check.correlation[worst] < BROKEN)) break;
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
        const s = e / Math.max(DAY_SD * check.spread[m], DAY_LEAST);
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
    fit();
  }
  // Slow departures, again the worst member of a day first.
  for (let round = 0; round < most && drift(check, z, trainEnd); round++) fit();
  return check;
}

/** Expected value of each member from the weighted sum of the others, scaled by least squares on training days. */
function fitExpected(
  check: Check,
  weights: readonly number[][],
  z: readonly Float64Array[],
  trainEnd: number,
  sum: SecureSum,
): void {
  const { series, flagged, suspended } = check;
  const days = flagged[0].length;
  check.expected = [];
  check.spread = [];
  check.correlation = [];
  for (let m = 0; m < series.length; m++) {
    const parts: Int32Array[] = [];
    const totals: Int32Array[] = [];
    for (let j = 0; j < series.length; j++) {
      if (j === m || suspended[j]) continue;
      const [values, known] = [new Float64Array(days), new Float64Array(days)];
      const theirs = z[series[j]];
      const bad = flagged[j];
      const w = weights[m][j];
      for (let i = 0; i < days; i++) {
        if (bad[i] !== 0 || Number.isNaN(theirs[i])) continue;
        values[i] = w * theirs[i];
        known[i] = w;
      }
      parts.push(encode(values, FRACTION_BITS, series.length));
      totals.push(encode(known, FRACTION_BITS, series.length));
    }
    const top = decode(sum(parts), FRACTION_BITS);
    const bottom = decode(sum(totals), FRACTION_BITS);
    const mean = top.map((t, i) => (bottom[i] > 1e-4 ? t / bottom[i] : 0));
    const judged = judge(mean, z[series[m]], flagged[m], trainEnd);
    check.expected.push(judged.expected);
    check.spread.push(judged.spread);
    check.correlation.push(judged.correlation);
  }
}

/** What is known of a member's values against what the others suggest. */
export interface Judged {
  /** Least squares on training days: the part of the others' mean that is to be expected here. */
  readonly expected: Float64Array;
  /** Robust standard deviation of what is left, on training days. */
  readonly spread: number;
  readonly correlation: number;
}

/** Compares a member's own values with the others' mean; a member alone can do it. */
export function judge(mean: Float64Array, own: Float64Array, flagged: Uint8Array, trainEnd: number): Judged {
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < trainEnd; i++) {
    if (Number.isNaN(own[i]) || flagged[i]) continue;
    xy += mean[i] * own[i];
    xx += mean[i] ** 2;
    yy += own[i] ** 2;
  }
  const slope = xx > 0 ? xy / xx : 0;
  const expected = mean.map(v => slope * v);
  const sizes: number[] = [];
  for (let i = 0; i < trainEnd; i++) if (!Number.isNaN(own[i])) sizes.push(Math.abs(own[i] - expected[i]));
  sizes.sort((a, b) => a - b);
  return {
    expected,
    spread: 1.4826 * (sizes[sizes.length >> 1] ?? 1),
    correlation: xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0,
  };
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

/** Marks days of one member's drift with 2; `patience` multiplies the limit. */
export function flagDrift(
  own: Float64Array,
  expected: Float64Array,
  flagged: Uint8Array,
  trainEnd: number,
  patience = 1,
): void {
  const drift = driftOf(own, expected, trainEnd);
  for (let i = 0; i < own.length; i++) if (drift[i] > patience && !flagged[i] && !Number.isNaN(own[i])) flagged[i] = 2;
}

/**
 * How far a member has lately been from its neighbours, in units of limits just beyond what training days ever showed: a slow departure (the
 * exponentially forgotten mean of the error), or values of another day or place, plausible one by one (that of its square, over some days and over
 * a month: yesterday's values differ too little to be seen sooner).
 */
function driftOf(own: Float64Array, expected: Float64Array, trainEnd: number): Float64Array {
  const errors = own.map((v, i) => Math.max(-3, Math.min(3, v - expected[i])));
  const squares = errors.map(e => e * e);
  const inLimits = (level: Float64Array, least: number, times: number) => {
    const limit = Math.max(least, times * nearlyMost(level.subarray(0, trainEnd)));
    return level.map(v => v / limit);
  };
  const mean = inLimits(forgotten(errors, FORGET).map(Math.abs), 0.5, 1.25);
  const days = inLimits(forgotten(squares, FORGET), 0.25, 1.5);
  const month = inLimits(forgotten(squares, FORGET_SLOWLY), 0.25, 1.5);
  return mean.map((v, i) => Math.max(v, days[i], month[i]));
}

/** Exponentially forgotten mean of all days so far; days that are NaN change nothing. */
function forgotten(values: Float64Array, share: number): Float64Array {
  let mean = 0;
  return values.map(v => {
    if (!Number.isNaN(v)) mean += share * (v - mean);
    return mean;
  });
}

/** What 998 of 1,000 values do not exceed. */
const nearlyMost = (values: Float64Array): number => values.slice().sort()[Math.floor(0.998 * (values.length - 1))];

/** Marks single days far from what was expected with 1. */
export function flagDays(own: Float64Array, { expected, spread }: Judged, flagged: Uint8Array): void {
  const limit = Math.max(DAY_SD * spread, DAY_LEAST);
  for (let i = 0; i < own.length; i++) if (!flagged[i] && Math.abs(own[i] - expected[i]) > limit) flagged[i] = 1;
}

/** exp(-distance / 300 km) + a little, so that lone stations still have somebody to compare with. */
function weight(stations: readonly Station[], a: number, b: number): number {
  return Math.exp(-distanceKm(stations[a], stations[b]) / RANGE_KM) + 0.001;
}

/** Whether a station has nobody near among the others, so that it cannot be told from a broken one. */
export function isLonely(stations: readonly Station[], own: number, others: readonly number[]): boolean {
  return others.reduce((sum, s) => (s === own ? sum : sum + weight(stations, own, s)), 0) < LONELY;
}

/** Great-circle distance (haversine, mean Earth radius 6371 km). */
export function distanceKm(a: Station, b: Station): number {
  const r = Math.PI / 180;
  const h =
    Math.sin(((b.latitude - a.latitude) * r) / 2) ** 2 +
    Math.cos(a.latitude * r) * Math.cos(b.latitude * r) * Math.sin(((b.longitude - a.longitude) * r) / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.min(1, Math.sqrt(h)));
}
