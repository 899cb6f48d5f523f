// Keeps 90 % intervals at 90 %: the spread is multiplied by a factor that rises after too many misses and falls after too few (adaptive
// conformal inference, Gibbs and Candes 2021). A forecast for day t uses only misses known when it was issued, `lead` days before.
import { type Distribution, quantile } from './distributions.ts';
import type { SecureSum } from './secure-sum.ts';

/** Change of the logarithm of the spread for a day on which every station missed. */
const STEP = 0.08;
const MISS = 0.1;
const NORMAL_95 = 1.6448536269514722;
const FACTOR_LIMIT = Math.log(2);

/**
 * Scales the spreads of one variable at one lead. `forecasts[s][i]` is station s's distribution for day i, `observed[s][i]` what came (NaN
 * unknown). Stations share one factor through sums of their counts of misses. Days before `keptFrom` teach only and are not returned.
 */
export function adaptSpread(
  forecasts: readonly (readonly Distribution[])[],
  observed: readonly ArrayLike<number>[],
  leadDays: number,
  sum: SecureSum,
  keptFrom = 0,
): Distribution[][] {
  const days = forecasts[0]?.length ?? 0;
  const out: Distribution[][] = forecasts.map(() => []);
  const rates: number[] = [];
  const counts = forecasts.map(() => new Int32Array(2));
  let log = 0;
  for (let i = 0; i < days; i++) {
    if (i >= leadDays && !Number.isNaN(rates[i - leadDays])) {
      log = Math.max(-FACTOR_LIMIT, Math.min(FACTOR_LIMIT, log + STEP * (rates[i - leadDays] - MISS)));
    }
    const factor = Math.exp(log);
    for (let s = 0; s < forecasts.length; s++) {
      const d = scaled(forecasts[s][i], factor);
      if (i >= keptFrom) out[s].push(d);
      const y = observed[s][i];
      counts[s][0] = Number.isNaN(y) ? 0 : 1;
      counts[s][1] = counts[s][0] === 1 && missed90(d, y) ? 1 : 0;
    }
    const [known, missed] = sum(counts);
    rates.push(known > 0 ? missed / known : Number.NaN);
  }
  return out;
}

function missed90(d: Distribution, y: number): boolean {
  if (d.kind === 'normal') return Math.abs(y - d.location) > NORMAL_95 * d.scale;
  return y < quantile(d, MISS / 2) || y > quantile(d, 1 - MISS / 2);
}

function scaled(d: Distribution, factor: number): Distribution {
  return d.kind === 'rain' ? d : { kind: d.kind, location: d.location, scale: d.scale * factor };
}
