// Discrete Laplace: P(x) proportional to exp(-|x| / scale) on the integers (Canonne, Kamath, Steinke 2020, algorithm 2), exactly.
import { coinExp, coinExpBig, type Entropy, entropy, type RandomBytes, SMALL_LIMIT } from './entropy.ts';
import { type Rational, rational } from './rational.ts';

/** Draws n integers with scale = numerator / denominator > 0. Sensitivity 1 gives pure epsilon = 1 / scale. Throws RangeError on a bad scale. */
export function discreteLaplaceVector(
  n: number,
  scale: Rational | bigint | number,
  randomBytes: RandomBytes,
): BigInt64Array {
  const { numerator, denominator } = rational(scale, 'scale');
  const e = entropy(randomBytes);
  return BigInt64Array.from({ length: n }, () => laplaceBig(e, numerator, denominator));
}

/** One draw; see discreteLaplaceVector. */
export function discreteLaplace(scale: Rational | bigint | number, randomBytes: RandomBytes): bigint {
  const { numerator, denominator } = rational(scale, 'scale');
  return laplaceBig(entropy(randomBytes), numerator, denominator);
}

/** Scale t, an integer below SMALL_LIMIT; |result| exceeds 2^53 only with probability below exp(-2^17). */
export function laplaceSmall(e: Entropy, t: number): number {
  for (;;) {
    const u = e.below(t);
    if (!coinExp(e, u, t)) continue;
    const x = u + t * geometric(e);
    const negative = (e.byte() & 1) === 1;
    if (negative && x === 0) continue; // else zero would count twice
    return negative ? -x : x;
  }
}

/** Scale t / s for integers of any size: the magnitude of scale t, divided by s rounding down, has the law of scale t / s. */
export function laplaceBig(e: Entropy, t: bigint, s = 1n): bigint {
  const small = t < BigInt(SMALL_LIMIT);
  for (;;) {
    const u = small ? BigInt(e.below(Number(t))) : e.belowBig(t);
    if (!(small ? coinExp(e, Number(u), Number(t)) : coinExpBig(e, u, t))) continue;
    const x = (u + t * BigInt(geometric(e))) / s;
    const negative = (e.byte() & 1) === 1;
    if (negative && x === 0n) continue;
    return negative ? -x : x;
  }
}

/** Number of successes of coins of exp(-1) before the first failure. */
function geometric(e: Entropy): number {
  let v = 0;
  while (coinExp(e, 1, 1)) v += 1;
  return v;
}
