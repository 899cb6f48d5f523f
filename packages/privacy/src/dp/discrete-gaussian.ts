// Discrete Gaussian: P(x) proportional to exp(-x^2 / (2 s^2)) on the integers, exactly (Canonne, Kamath, Steinke 2020, algorithm 3).
// Only integers inside: no rounding can leak, and draws agree on every machine for the same bytes.
// The variance parameter s^2 is that of the continuous Gaussian; the discrete one's is never larger. Integer sensitivity D gives D^2/(2 s^2)-zCDP.
import { laplaceBig, laplaceSmall } from './discrete-laplace.ts';
import { coinExp, coinExpBig, type Entropy, entropy, type RandomBytes, SMALL_LIMIT } from './entropy.ts';
import { integerSqrt, type Rational, rational } from './rational.ts';

/** One draw with variance parameter s^2 > 0. Throws RangeError on a bad variance. */
export function discreteGaussian(variance: Rational | bigint | number, randomBytes: RandomBytes): bigint {
  return sampler(variance, entropy(randomBytes)).big();
}

/**
 * n draws with variance parameter s^2, as whole numbers in doubles. For s^2 up to 2^80; beyond (and for rings of 2^64) use discreteGaussianBigInts.
 * Some 0.5 to 2 microseconds a draw.
 */
export function discreteGaussianVector(
  n: number,
  variance: Rational | bigint | number,
  randomBytes: RandomBytes,
): Float64Array {
  const draw = sampler(variance, entropy(randomBytes));
  if (!draw.small)
    throw new RangeError('variance: above 2^80 a draw may not fit a double; use discreteGaussianBigInts');
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) out[i] = draw.small();
  return out;
}

/** n draws with variance parameter s^2 below 2^112, as 64-bit integers. */
export function discreteGaussianBigInts(
  n: number,
  variance: Rational | bigint | number,
  randomBytes: RandomBytes,
): BigInt64Array {
  const draw = sampler(variance, entropy(randomBytes));
  if (draw.scale >= 1n << 56n) throw new RangeError('variance: above 2^112 a draw may not fit 64 bits');
  const out = new BigInt64Array(n);
  for (let i = 0; i < n; i++) out[i] = draw.small ? BigInt(draw.small()) : draw.big();
  return out;
}

/** `small` is absent when draws may not fit a double. */
function sampler(
  variance: Rational | bigint | number,
  e: Entropy,
): { scale: bigint; small?: () => number; big: () => bigint } {
  const { numerator: n, denominator: d } = rational(variance, 'variance');
  const t = integerSqrt(n / d) + 1n; // the proposal's scale, floor(s) + 1
  // A proposal y is kept with probability exp(-(|y| - s^2/t)^2 / (2 s^2)) = exp(-(|y| t d - n)^2 / (2 n d t^2)).
  const denominator = 2n * n * d * t * t;
  const keepBig = (size: bigint) => {
    const a = size * t * d - n;
    return coinExpBig(e, a * a, denominator);
  };
  const big = () => {
    for (;;) {
      const y = laplaceBig(e, t);
      if (keepBig(y < 0n ? -y : y)) return y;
    }
  };
  if (t > 1n << 40n) return { scale: t, big };
  if (t >= SMALL_LIMIT) return { scale: t, big, small: () => Number(big()) };
  const tSmall = Number(t);
  if (denominator >= SMALL_LIMIT) {
    return {
      scale: t,
      big,
      small: () => {
        for (;;) {
          const y = laplaceSmall(e, tSmall);
          if (keepBig(BigInt(Math.abs(y)))) return y;
        }
      },
    };
  }
  const [nSmall, td, q] = [Number(n), Number(t * d), Number(denominator)];
  return {
    scale: t,
    big,
    small: () => {
      for (;;) {
        const y = laplaceSmall(e, tSmall);
        const a = Math.abs(y) * td - nSmall;
        const keep = Math.abs(a) < 2 ** 26 ? coinExp(e, a * a, q) : keepBig(BigInt(Math.abs(y)));
        if (keep) return y;
      }
    },
  };
}
