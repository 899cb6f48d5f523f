// What a noised copy says of the true counts: a place's level grows as all places do together, by steps of the size that levels have; a
// week's count scatters about it as counts do, and is seen through noise of known size. Kalman filter and fixed-interval smoother (Durbin
// and Koopman 2012, chapters 2 and 4). It reads the copies alone, so it costs no privacy; the total of all places is one more secure sum.
// Two readings: the best guess of the newest counts, on which a forecast stands; and a draw of the whole history, from which models learn.
// The trap: best guesses vary less than true counts, and noised ones more. Models that learn from either take the wrong spread for the
// forecast, and slopes for another noise than that of its base; a draw varies as true counts do (docs/decisions/0171).
import { random } from '@madang/numerics';
import type { Series } from './change-log.ts';
import { firstReleaseVariance, type SourceNoise } from './source-noise.ts';

/** Values brought nearer to the truth, from the last one back: as far as features look. */
const NEWEST = 8;
/** Standard deviation of a level's growth beside that of all places, a week, as a share of it (FluSight 2022/23; 0171). */
const STEP_SHARE = 0.28;
/** Levels are not below: a count of nothing says no more than that few are to be expected. */
const LEAST_LEVEL = 0.5;
/** All places together do not grow or shrink by more in a week. */
const LARGEST_GROWTH = 2.5;
/** Values from whose mean a level starts. */
const START = 8;

/** A series with the standard deviation of what is not known of its last value. */
export interface GuessedSeries extends Series {
  readonly doubt?: number;
}

/** The table of a deadline with best guesses of the noised signal's newest values; other signals as they are. */
export function withoutNoise(table: readonly Series[], noise: SourceNoise): GuessedSeries[] {
  return readings(table, noise, guessed);
}

/** The table of a deadline with the noised signal as it may have been: one draw at each place, given what is seen. */
export function asItMayHaveBeen(table: readonly Series[], noise: SourceNoise, seed: string): Series[] {
  return readings(table, noise, (s, levels) => {
    const r = random(`${seed}/${s.location}`);
    return drawn(s, levels, () => r.normal());
  });
}

function readings(
  table: readonly Series[],
  { target, sigma }: SourceNoise,
  read: (s: Series, levels: Levels) => GuessedSeries,
): GuessedSeries[] {
  const growth = growthOf(table.filter(s => s.target === target));
  return table.map(s => (s.target === target ? read(s, filtered(s, sigma, growth)) : s));
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

/** Levels as the weeks up to each one tell them. */
interface Levels {
  readonly from: number;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Before the week's own value is seen. */
  readonly expected: Float64Array;
  readonly doubt: Float64Array;
  readonly growth: (i: number) => number;
  /** Variance of the noise in a week's value. */
  readonly noise: (i: number) => number;
}

function filtered(s: Series, sigma: number, growthInto: (week: number) => number): Levels {
  const n = s.values.length;
  const from = s.values.findIndex(v => !Number.isNaN(v));
  const [mean, variance, expected, doubt] = [0, 1, 2, 3].map(() => new Float64Array(n));
  const growth = (i: number) => growthInto(s.first + i);
  // The newest value has been released once.
  const noise = (i: number) => (i === n - 1 ? firstReleaseVariance(sigma) : sigma ** 2);
  const start = s.values.subarray(from, from + START).filter(v => !Number.isNaN(v));
  expected[from] = Math.max(LEAST_LEVEL, start.reduce((a, b) => a + b, 0) / start.length);
  doubt[from] = expected[from] ** 2 + sigma ** 2;
  for (let i = from; i < n; i++) {
    if (i > from) {
      const g = growth(i);
      expected[i] = Math.max(LEAST_LEVEL, g * mean[i - 1]);
      doubt[i] = g ** 2 * variance[i - 1] + (STEP_SHARE * expected[i]) ** 2;
    }
    const y = s.values[i];
    // A count scatters about its level by the level.
    const gain = Number.isNaN(y) ? 0 : doubt[i] / (doubt[i] + expected[i] + noise(i));
    mean[i] = gain > 0 ? Math.max(LEAST_LEVEL, expected[i] + gain * (y - expected[i])) : expected[i];
    variance[i] = (1 - gain) * doubt[i];
  }
  return { from, mean, variance, expected, doubt, growth, noise };
}

/** A count's share in what was seen beyond its level; the rest is noise. */
const shareOfCount = (level: number, noise: number) => level / (level + noise);

function guessed(s: Series, l: Levels): GuessedSeries {
  const values = s.values.slice();
  const last = values.length - 1;
  const k = shareOfCount(l.mean[last], l.noise(last));
  const doubt = Math.sqrt(k * l.noise(last) + (1 - k) ** 2 * l.variance[last]);
  let level = l.mean[last];
  for (let i = last; i >= Math.max(l.from, values.length - NEWEST); i--) {
    if (i < last) level = Math.max(LEAST_LEVEL, l.mean[i] + back(l, i) * (level - l.expected[i + 1]));
    if (!Number.isNaN(values[i]))
      values[i] = Math.max(0, level + shareOfCount(level, l.noise(i)) * (values[i] - level));
  }
  return { ...s, values, doubt };
}

function drawn(s: Series, l: Levels, normal: () => number): Series {
  const values = s.values.slice();
  const last = values.length - 1;
  let level = 0;
  for (let i = last; i >= l.from; i--) {
    const j = i < last ? back(l, i) : 0;
    const mean = i < last ? l.mean[i] + j * (level - l.expected[i + 1]) : l.mean[i];
    const variance = i < last ? l.variance[i] - j ** 2 * l.doubt[i + 1] : l.variance[i];
    level = Math.max(LEAST_LEVEL, mean + Math.sqrt(Math.max(0, variance)) * normal());
    if (Number.isNaN(values[i])) continue;
    const k = shareOfCount(level, l.noise(i));
    const count = level + k * (values[i] - level) + Math.sqrt(k * l.noise(i)) * normal();
    values[i] = Math.max(0, Math.round(count));
  }
  return { ...s, values };
}

/** How far a level follows what the next one was beyond its expectation. */
const back = (l: Levels, i: number) => (l.growth(i + 1) * l.variance[i]) / l.doubt[i + 1];
