// Verification beyond averages: Brier score with its parts, reliability, rank histograms, skill, and intervals by block bootstrap.
import type { Random } from '@madang/numerics';
import { normalQuantile } from './special.ts';

/** Brier score and Murphy's (1973) parts on ten bins of probability: score = reliability - resolution + uncertainty (+ within-bin rest). */
export interface Brier {
  readonly score: number;
  readonly reliability: number;
  readonly resolution: number;
  readonly uncertainty: number;
  readonly bins: readonly { readonly forecast: number; readonly observed: number; readonly count: number }[];
}

/** `probability` in [0, 1], `happened` 0 or 1, of equal length; NaN pairs take no part. */
export function brier(probability: ArrayLike<number>, happened: ArrayLike<number>, binCount = 10): Brier {
  const bins = Array.from({ length: binCount }, () => ({ forecast: 0, observed: 0, count: 0 }));
  let n = 0;
  let score = 0;
  let events = 0;
  for (let i = 0; i < probability.length; i++) {
    const [p, y] = [probability[i], happened[i]];
    if (Number.isNaN(p + y)) continue;
    const b = bins[Math.min(binCount - 1, Math.floor(p * binCount))];
    b.forecast += p;
    b.observed += y;
    b.count += 1;
    n += 1;
    events += y;
    score += (p - y) ** 2;
  }
  const base = events / n;
  let reliability = 0;
  let resolution = 0;
  for (const b of bins) {
    if (b.count === 0) continue;
    b.forecast /= b.count;
    b.observed /= b.count;
    reliability += (b.count * (b.forecast - b.observed) ** 2) / n;
    resolution += (b.count * (b.observed - base) ** 2) / n;
  }
  return { score: score / n, reliability, resolution, uncertainty: base * (1 - base), bins };
}

/**
 * Counts of the observation's rank among the members of an ensemble (members + 1 ranks); ties are shared out by `r`. Days with a missing member or
 * without an observation take no part: among fewer members a rank means another thing. Throws when ensembles differ in size.
 */
export function rankHistogram(
  ensembles: readonly ArrayLike<number>[],
  observed: ArrayLike<number>,
  r: Random,
): number[] {
  const size = (ensembles[0]?.length ?? 0) + 1;
  if (ensembles.some(e => e.length !== size - 1))
    throw new RangeError('rankHistogram: the ensembles do not have one number of members');
  const counts = new Array<number>(size).fill(0);
  ensembles.forEach((members, i) => {
    const y = observed[i];
    if (Number.isNaN(y) || Array.from(members).some(Number.isNaN)) return;
    let below = 0;
    let ties = 0;
    for (let k = 0; k < members.length; k++) {
      if (members[k] < y) below += 1;
      else if (members[k] === y) ties += 1;
    }
    counts[below + (ties > 0 ? r.below(ties + 1) : 0)] += 1;
  });
  return counts;
}

/** The same for predictive distributions: counts of P(X <= y) in `bins` equal parts of [0, 1]; flat when they are calibrated. */
export function pitHistogram(pit: ArrayLike<number>, bins = 10): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < pit.length; i++)
    if (!Number.isNaN(pit[i])) counts[Math.min(bins - 1, Math.floor(pit[i] * bins))] += 1;
  return counts;
}

/** 1 - score / reference: 1 perfect, 0 no better than the reference. */
export const skill = (score: number, reference: number): number => 1 - score / reference;

/**
 * Interval of a statistic of daily values by the circular block bootstrap (Politis and Romano 1992): blocks keep the days' dependence. Give
 * two series to compare forecasts on the same days: each resample takes the same days of both (in arrays that are used again). With few blocks the percentiles lie too near: they are
 * moved out as Student's t is wider than the normal. Throws with fewer than three blocks, which tell nothing of their spread.
 */
export function blockBootstrap(
  series: readonly ArrayLike<number>[],
  statistic: (resampled: readonly Float64Array[]) => number,
  options: { readonly blockDays: number; readonly samples: number; readonly level: number },
  r: Random,
): { readonly value: number; readonly low: number; readonly high: number } {
  const n = series[0]?.length ?? 0;
  if (n === 0 || series.some(s => s.length !== n))
    throw new RangeError('blockBootstrap: the series must have one length above 0');
  const blocks = n / options.blockDays;
  if (blocks < 3) throw new RangeError(`blockBootstrap: ${n} days are fewer than three blocks of ${options.blockDays}`);
  const whole = series.map(s => Float64Array.from(s));
  // Twice on end, so that a block may run beyond the last day.
  const twice = whole.map(s => {
    const t = new Float64Array(2 * n);
    t.set(s);
    t.set(s, n);
    return t;
  });
  const take = whole.map(() => new Float64Array(n));
  const values: number[] = [];
  for (let k = 0; k < options.samples; k++) {
    for (let i = 0; i < n; i += options.blockDays) {
      const start = r.below(n);
      const end = start + Math.min(options.blockDays, n - i);
      for (let s = 0; s < take.length; s++) take[s].set(twice[s].subarray(start, end), i);
    }
    values.push(statistic(take));
  }
  values.sort((a, b) => a - b);
  const at = (p: number) => values[Math.min(values.length - 1, Math.max(0, Math.round(p * (values.length - 1))))];
  const tail = (1 - options.level) / 2;
  const wider = studentOver(normalQuantile(1 - tail), blocks - 1) * Math.sqrt(blocks / (blocks - 1));
  const value = statistic(whole);
  return {
    value,
    low: value - wider * Math.max(0, value - at(tail)),
    high: value + wider * Math.max(0, at(1 - tail) - value),
  };
}

/** Student's t with `freedom` over the normal quantile `z` (Abramowitz and Stegun 26.7.5, two terms). */
const studentOver = (z: number, freedom: number): number =>
  1 + (z ** 2 + 1) / (4 * freedom) + (5 * z ** 4 + 16 * z ** 2 + 3) / (96 * freedom ** 2);
