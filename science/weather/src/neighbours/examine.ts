// One variable over all its members: who does not follow its neighbours at all, on which days a value is far off, and who has slowly departed.
// Trap: a bad neighbour makes good ones look bad, so the worst offender of a day is taken out first and the sums are made again.
import type { Gated } from '../gate.ts';
import { decode, encode, type SecureSum } from '../secure-sum.ts';
import { isLonely, weightsAmong } from './distance.ts';
import { dayLimit, driftOf, judge } from './judge.ts';

const FRACTION_BITS = 20;
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
  spread: number[];
  correlation: number[];
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
        const s = e / dayLimit(check.spread[m]);
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
export function fitExpected(
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
    const mean = top.map((t, i) => (bottom[i] > 1e-4 ? t / bottom[i] : Number.NaN));
    const judged = judge(mean, z[series[m]], flagged[m], trainEnd);
    check.expected.push(judged.expected);
    check.spread.push(judged.spread);
    check.correlation.push(judged.correlation);
  }
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
