// The forecasts that everybody must beat: the 31-day-window mean of the training years, and persistence damped towards it.
import { civilDay, civilOf } from './calendar.ts';

const HALF_WINDOW = 15;

export interface BaselineScores {
  readonly climatologyRmse: number;
  readonly dampedRmse: number;
}

/** Persistence looks no further back for a known day. */
const LONGEST_DAYS = 30;

/**
 * RMSE on the observed days in [from, to) at a lead, the same days on which a forecast is scored; `usual` from `windowMeans`. Persistence is of the last day known when
 * the forecast is issued, damped as training days (< `trainEnd`) so many days apart were alike: with gaps that is harder to beat than leaving such days out.
 */
export function baseline(
  values: Float64Array,
  usual: Float64Array,
  trainEnd: number,
  from: number,
  to: number,
  leadDays: number,
): BaselineScores {
  const anomaly = values.map((v, i) => v - usual[i]);
  const damping: number[] = [];
  let climatology = 0;
  let damped = 0;
  let n = 0;
  for (let i = from; i < to; i++) {
    if (Number.isNaN(anomaly[i])) continue;
    let lag = leadDays;
    while (lag < leadDays + LONGEST_DAYS && Number.isNaN(anomaly[i - lag] ?? Number.NaN)) lag += 1;
    const before = anomaly[i - lag] ?? Number.NaN;
    damping[lag] ??= dampingOf(anomaly, lag, trainEnd);
    climatology += anomaly[i] ** 2;
    damped += (anomaly[i] - (Number.isNaN(before) ? 0 : damping[lag] * before)) ** 2;
    n += 1;
  }
  return { climatologyRmse: Math.sqrt(climatology / n), dampedRmse: Math.sqrt(damped / n) };
}

/** Least-squares slope of anomalies on those `lag` days before. */
function dampingOf(anomaly: Float64Array, lag: number, trainEnd: number): number {
  let xy = 0;
  let xx = 0;
  for (let i = lag; i < trainEnd; i++) {
    const [a, b] = [anomaly[i - lag], anomaly[i]];
    if (Number.isNaN(a + b)) continue;
    xy += a * b;
    xx += a * a;
  }
  return xx > 0 ? xy / xx : 0;
}

/** For each day of the calendar the mean over training days (index < trainEnd) within 15 days of its day of the year. */
export function windowMeans(values: Float64Array, first: number, trainEnd: number): Float64Array {
  const sums = new Float64Array(366);
  const counts = new Float64Array(366);
  const of = daysOfYear(first, values.length);
  for (let i = 0; i < trainEnd; i++) {
    if (Number.isNaN(values[i])) continue;
    sums[of[i]] += values[i];
    counts[of[i]] += 1;
  }
  const means = new Float64Array(366);
  for (let d = 0; d < 366; d++) {
    let s = 0;
    let n = 0;
    for (let k = -HALF_WINDOW; k <= HALF_WINDOW; k++) {
      s += sums[(d + k + 366) % 366];
      n += counts[(d + k + 366) % 366];
    }
    means[d] = s / n;
  }
  const out = new Float64Array(of.length);
  for (let i = 0; i < out.length; i++) out[i] = means[of[i]];
  return out;
}

/** Days since 1 January of each of `count` days from `first` on. */
function daysOfYear(first: number, count: number): Int32Array {
  const out = new Int32Array(count);
  let { year } = civilOf(first);
  let next = civilDay(year + 1, 1, 1);
  let day = first - civilDay(year, 1, 1);
  for (let i = 0; i < count; i++, day++) {
    if (first + i === next) {
      year += 1;
      next = civilDay(year + 1, 1, 1);
      day = 0;
    }
    out[i] = day;
  }
  return out;
}
