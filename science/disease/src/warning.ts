// Early warning: the probability that a coming week exceeds a threshold, read from the quantiles of a forecast, and the curve that says
// whether such probabilities can be trusted (how often it came true when p was announced).
import { LEVELS } from './levels.ts';

/** Probability that the value exceeds the threshold; beyond the outermost quantiles the tail halves with each further distance. */
export function exceedance(quantiles: ArrayLike<number>, threshold: number): number {
  const n = LEVELS.length;
  if (threshold < quantiles[0]) return 1 - LEVELS[0] * tail(quantiles[0] - threshold, quantiles[2] - quantiles[0]);
  if (threshold >= quantiles[n - 1])
    return (1 - LEVELS[n - 1]) * tail(threshold - quantiles[n - 1], quantiles[n - 1] - quantiles[n - 3]);
  let k = 0;
  while (k < n - 2 && threshold >= quantiles[k + 1]) k++;
  const width = quantiles[k + 1] - quantiles[k];
  const f = width > 0 ? (threshold - quantiles[k]) / width : 1;
  return 1 - (LEVELS[k] + f * (LEVELS[k + 1] - LEVELS[k]));
}

function tail(distance: number, unit: number): number {
  return unit > 0 ? 0.5 ** (distance / unit) : distance > 0 ? 0 : 1;
}

/** Threshold of an unusually high week: a quantile of the place's own values over the last years. Undefined with under 52 values. */
export function alertThreshold(values: ArrayLike<number>, level = 0.9): number | undefined {
  const known = Float64Array.from(Array.from(values).filter(v => !Number.isNaN(v))).sort();
  return known.length < 52 ? undefined : known[Math.floor(level * (known.length - 1))];
}

export interface ReliabilityBin {
  /** Mean announced probability, how often it came true, and of how many. */
  readonly announced: number;
  readonly observed: number;
  readonly n: number;
}

/** Reliability curve in equal bins of announced probability, and the Brier score. Empty bins are left out. */
export function reliability(
  pairs: readonly { readonly probability: number; readonly happened: boolean }[],
  parts = 10,
): {
  readonly bins: readonly ReliabilityBin[];
  readonly brier: number;
} {
  const bins = Array.from({ length: parts }, () => ({ p: 0, hits: 0, n: 0 }));
  let brier = 0;
  for (const { probability, happened } of pairs) {
    const b = bins[Math.min(parts - 1, Math.floor(probability * parts))];
    b.p += probability;
    b.hits += happened ? 1 : 0;
    b.n += 1;
    brier += (probability - (happened ? 1 : 0)) ** 2;
  }
  return {
    bins: bins.filter(b => b.n > 0).map(b => ({ announced: b.p / b.n, observed: b.hits / b.n, n: b.n })),
    brier: brier / Math.max(1, pairs.length),
  };
}
