// Heat and cold-spell warnings from predictive distributions: the chance that a run of days passes a threshold of the station's own climate.
// Days of a spell depend on each other: their joint chance is taken with the correlation of the errors of neighbouring days, not as a product.
import type { Random } from '@madang/numerics';
import { cdf, type Distribution, quantile } from './distributions.ts';
import { normalQuantile } from './special.ts';

export interface SpellRule {
  readonly kind: 'heat' | 'cold';
  /** Days in a row, 1 to 10. */
  readonly days: number;
  /** The chance from which each level is given, rising, e.g. yellow 0.3, orange 0.5, red 0.8. */
  readonly levels: readonly { readonly name: string; readonly chance: number }[];
}

export interface Warning {
  readonly startLeadDays: number;
  readonly chance: number;
  readonly level: string;
}

/** Threshold that a given share of training days of the same season exceeds (heat) or stays under (cold); values may hold NaN. */
export function seasonalThreshold(
  values: ArrayLike<number>,
  angles: ArrayLike<number>,
  angle: number,
  share: number,
  kind: 'heat' | 'cold',
): number {
  const near: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const apart = Math.abs(((angles[i] - angle + 3 * Math.PI) % (2 * Math.PI)) - Math.PI);
    if (apart < 0.26 && !Number.isNaN(values[i])) near.push(values[i]);
  }
  if (near.length < 20)
    throw new RangeError(`seasonalThreshold: only ${near.length} values of this season; at least 20 are needed`);
  near.sort((a, b) => a - b);
  return near[Math.round((kind === 'heat' ? 1 - share : share) * (near.length - 1))];
}

/**
 * Correlations of the errors of neighbouring leads from those of neighbouring days' anomalies, `lasting`: tomorrow's error is today's, faded, and a
 * new one, so that the correlation is `lasting` times the ratio of their spreads. Of a one-day forecast little is left, of a ten-day one nearly all.
 */
export function errorCorrelations(forecasts: readonly Distribution[], lasting: number): number[] {
  const spread = (d: Distribution) => quantile(d, 0.841) - quantile(d, 0.159);
  return forecasts.slice(1).map((d, l) => {
    const ratio = spread(forecasts[l]) / spread(d);
    return Math.min(0.99, Math.max(0, lasting * (ratio > 0 ? Math.min(1, ratio) : 1)));
  });
}

/**
 * Warnings for spells starting at each lead. `forecasts[l]` is the distribution for lead l + 1, `thresholds` its threshold, `correlations[l]` that
 * of the forecast errors of leads l + 1 and l + 2 (0 to 1). The joint chance is simulated with `samples` paths.
 */
export function warnings(
  forecasts: readonly Distribution[],
  thresholds: readonly number[],
  rule: SpellRule,
  correlations: ArrayLike<number>,
  r: Random,
  samples = 2000,
): Warning[] {
  const cut = forecasts.map((d, l) => {
    const below = cdf(d, thresholds[l]);
    return normalQuantile(Math.min(1 - 1e-12, Math.max(1e-12, rule.kind === 'heat' ? below : 1 - below)));
  });
  const hits = new Array<number>(Math.max(0, forecasts.length - rule.days + 1)).fill(0);
  for (let k = 0; k < samples; k++) {
    let run = 0;
    let z = r.normal();
    for (let l = 0; l < forecasts.length; l++) {
      if (l > 0) z = correlations[l - 1] * z + Math.sqrt(1 - correlations[l - 1] ** 2) * r.normal();
      run = z > cut[l] ? run + 1 : 0;
      if (run >= rule.days) hits[l - rule.days + 1] += 1;
    }
  }
  return hits.flatMap((h, l) => {
    const chance = h / samples;
    const level = rule.levels.filter(x => chance >= x.chance).at(-1);
    return level ? [{ startLeadDays: l + 1, chance, level: level.name }] : [];
  });
}
