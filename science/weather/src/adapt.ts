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
  const rates = new Float64Array(days).fill(Number.NaN);
  const counts = spreads.map(() => new Int32Array(2 * leadDays));
  const factors = new Float64Array(leadDays);
  let log = 0;
  // So many days are forecast before the first of them is known; their misses are summed at once.
  for (let from = 0; from < days; from += leadDays) {
    const n = Math.min(days - from, leadDays);
    for (let i = 0; i < n; i++) {
      const rate = from < leadDays ? Number.NaN : rates[from - leadDays + i];
      if (!Number.isNaN(rate)) log = Math.max(-FACTOR_LIMIT, Math.min(FACTOR_LIMIT, log + STEP * (rate - MISS)));
      factors[i] = Math.exp(log);
    }
    for (let s = 0; s < spreads.length; s++) adaptDays(spreads[s], observed[s], factors, from, n, counts[s]);
    const totals = sum(counts);
    for (let i = 0; i < n; i++) rates[from + i] = totals[2 * i + 1] / totals[2 * i];
  }
}

/** Multiplies the scales of `n` days from index `from` on by their factors and counts for each whether it is known and whether it missed. */
function adaptDays(
  { kind, location, scale }: Normals,
  observed: ArrayLike<number>,
  factors: Float64Array,
  from: number,
  n: number,
  counts: Int32Array,
): void {
  for (let i = 0; i < n; i++) {
    const at = location[from + i];
    const sd = scale[from + i] * factors[i];
    scale[from + i] = sd;
    const y = observed[from + i];
    const missed = kind === 'normal' ? Math.abs(y - at) > NORMAL_95 * sd : missedCut((y - at) / sd, -at / sd);
    counts[2 * i] = Number.isNaN(y) ? 0 : 1;
    counts[2 * i + 1] = missed ? 1 : 0;
  }
}

/** Whether what came lies outside the central 90 % of a normal cut at `zero`; both in standard deviations from the location. */
function missedCut(z: number, zero: number): boolean {
  const below = normalCdf(zero);
  const p = (normalCdf(z) - below) / (1 - below);
  return p < MISS / 2 || p > 1 - MISS / 2;
}
