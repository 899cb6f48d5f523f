// Keeps 90 % intervals at 90 %: the spread is multiplied by a factor that rises after too many misses and falls after too few (adaptive
// conformal inference, Gibbs and Candes 2021). A forecast for day t uses only misses known when it was issued, `lead` days before.
import { normalCdf } from '@madang/numerics';
import type { Normals } from './distributions.ts';
import type { SecureSum } from './secure-sum.ts';

/** Change of the logarithm of the spread for a day on which every station missed. */
const STEP = 0.08;
const MISS = 0.1;
const NORMAL_95 = 1.6448536269514722;
const FACTOR_LIMIT = Math.log(2);

/**
 * Multiplies the scales of one variable at one lead, in place. `spreads[s]` are station s's for the same days on end, `observed[s]` what came (NaN
 * unknown). Stations share one factor through sums of their counts of misses.
 */
export function adaptSpread(
  spreads: readonly Normals[],
  observed: readonly ArrayLike<number>[],
  leadDays: number,
  sum: SecureSum,
): void {
  const days = spreads[0]?.scale.length ?? 0;
  const rates = new Float64Array(days);
  const counts = spreads.map(() => new Int32Array(2));
  let log = 0;
  for (let i = 0; i < days; i++) {
    if (i >= leadDays && !Number.isNaN(rates[i - leadDays])) {
      log = Math.max(-FACTOR_LIMIT, Math.min(FACTOR_LIMIT, log + STEP * (rates[i - leadDays] - MISS)));
    }
    const factor = Math.exp(log);
    for (let s = 0; s < spreads.length; s++) {
      const { kind, location, scale } = spreads[s];
      scale[i] *= factor;
      const y = observed[s][i];
      const known = !Number.isNaN(y);
      counts[s][0] = known ? 1 : 0;
      counts[s][1] = known && missed90(kind, (y - location[i]) / scale[i], -location[i] / scale[i]) ? 1 : 0;
    }
    const total = sum(counts);
    rates[i] = total[0] > 0 ? total[1] / total[0] : Number.NaN;
  }
}

/** Whether what came lies outside the central 90 %; it and zero, where a cut normal begins, in standard deviations from the location. */
function missed90(kind: Normals['kind'], z: number, zero: number): boolean {
  if (kind === 'normal') return Math.abs(z) > NORMAL_95;
  const below = normalCdf(zero);
  const p = (normalCdf(z) - below) / (1 - below);
  return p < MISS / 2 || p > 1 - MISS / 2;
}
