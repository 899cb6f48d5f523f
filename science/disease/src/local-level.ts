// The newest values of noised copies, brought nearer to the truth: each place grows as all do together, by steps of the size that weekly
// counts have, and is seen through noise of known size; Kalman filter and fixed-interval smoother (Durbin and Koopman 2012, chapters 2 and
// 4). It reads the copies alone, so it costs no privacy; the total of all places is one more secure sum. Large counts stay as they are, a
// count of five under noise of five takes after its neighbours.
// The trap: smoothed values vary less than true ones. They serve as the base of forecasts; what is learned, spread above all, is learned
// from the copy as it is.
import type { Series } from './change-log.ts';
import type { SourceNoise } from './source-noise.ts';

/** Values smoothed, from the last one back: as far as features look. */
const NEWEST = 8;
/** Variance of a week's step beside all places' growth: so many times the count, and the square of this share of it (FluSight 2022/23). */
const STEP_COUNTS = 2.3;
const STEP_SHARE = 0.2;
/** All places together do not grow or shrink by more in a week. */
const LARGEST_GROWTH = 2.5;

/** The table of a deadline with the newest values of the noised signal smoothed; other signals as they are. */
export function withoutNoise(table: readonly Series[], { target, sigma }: SourceNoise): Series[] {
  const growth = growthOf(table.filter(s => s.target === target));
  return table.map(s => (s.target === target ? smoothed(s, sigma, growth) : s));
}

/** Growth into a week of the places that report it and the week before. */
function growthOf(series: readonly Series[]): (week: number) => number {
  const totals = new Map<number, [before: number, now: number]>();
  for (const s of series)
    for (let i = 1; i < s.values.length; i++) {
      if (Number.isNaN(s.values[i]) || Number.isNaN(s.values[i - 1])) continue;
      const [before, now] = totals.get(s.first + i) ?? [0, 0];
      totals.set(s.first + i, [before + s.values[i - 1], now + s.values[i]]);
    }
  return week => {
    const [before, now] = totals.get(week) ?? [0, 0];
    return before > 0 && now > 0 ? Math.min(LARGEST_GROWTH, Math.max(1 / LARGEST_GROWTH, now / before)) : 1;
  };
}

function smoothed(s: Series, sigma: number, growth: (week: number) => number): Series {
  const n = s.values.length;
  const from = s.values.findIndex(v => !Number.isNaN(v));
  const level = new Float64Array(n);
  const variance = new Float64Array(n);
  // Expected before the week's own value is seen.
  const expected = new Float64Array(n);
  const doubt = new Float64Array(n);
  level[from] = s.values[from];
  variance[from] = sigma ** 2;
  for (let i = from + 1; i < n; i++) {
    const g = growth(s.first + i);
    expected[i] = g * level[i - 1];
    doubt[i] = g ** 2 * variance[i - 1] + STEP_COUNTS * Math.max(1, expected[i]) + (STEP_SHARE * expected[i]) ** 2;
    // All but the newest value are means of two releases.
    const noise = sigma ** 2 / (i === n - 1 ? 1 : 2);
    const gain = Number.isNaN(s.values[i]) ? 0 : doubt[i] / (doubt[i] + noise);
    level[i] = expected[i] + (gain > 0 ? gain * (s.values[i] - expected[i]) : 0);
    variance[i] = (1 - gain) * doubt[i];
  }
  const values = s.values.slice();
  let next = level[n - 1];
  for (let i = n - 1; i >= Math.max(from, n - NEWEST); i--) {
    if (i < n - 1)
      next = Math.max(
        0,
        level[i] + ((growth(s.first + i + 1) * variance[i]) / doubt[i + 1]) * (next - expected[i + 1]),
      );
    if (!Number.isNaN(values[i])) values[i] = next;
  }
  return { ...s, values };
}
