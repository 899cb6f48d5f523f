// The mechanisms on whole-number statistics, each with its cost. Noise is exact (discrete Laplace, discrete Gaussian, rational coins).
// Exponential: McSherry and Talwar 2007. Sparse vector: Lyu, Su, Li 2017, algorithm 7 (the version whose proof holds).
import { discreteGaussianVector } from './discrete-gaussian.ts';
import { laplaceBig } from './discrete-laplace.ts';
import { coin, coinBig, coinExpBig, entropy, type RandomBytes, SMALL_LIMIT } from './entropy.ts';
import { type Rational, rational } from './rational.ts';
import { microRho } from './zcdp.ts';

/** A noised vector of whole numbers and what it cost. */
export interface GaussianRelease {
  readonly values: Float64Array;
  /** zCDP cost in micro-rho, rounded up. */
  readonly microRho: bigint;
}

/** Adds discrete Gaussian noise to whole numbers below 2^53; `sensitivitySquared` is the squared L2 change of the whole vector by one unit. */
export function gaussianMechanism(
  values: ArrayLike<number>,
  sensitivitySquared: bigint,
  variance: bigint,
  randomBytes: RandomBytes,
): GaussianRelease {
  const noise = discreteGaussianVector(values.length, variance, randomBytes);
  for (let i = 0; i < noise.length; i++) noise[i] += wholeNumber(values[i], i);
  return { values: noise, microRho: microRho(sensitivitySquared, variance) };
}

/** Adds discrete Laplace noise of scale sensitivity / epsilon: pure epsilon-DP for an L1 sensitivity in whole numbers. */
export function laplaceMechanism(
  values: ArrayLike<number>,
  sensitivity: bigint,
  epsilon: Rational,
  randomBytes: RandomBytes,
): Float64Array {
  const { numerator, denominator } = rational(epsilon, 'epsilon');
  if (sensitivity < 1n) throw new RangeError(`sensitivity: ${sensitivity} is not a whole number above 0`);
  const scale = rational({ numerator: sensitivity * denominator, denominator: numerator }, 'scale');
  const e = entropy(randomBytes);
  return Float64Array.from(
    values,
    (v, i) => wholeNumber(v, i) + Number(laplaceBig(e, scale.numerator, scale.denominator)),
  );
}

/**
 * Picks an index with probability proportional to exp(epsilon utility / (2 sensitivity)), exactly: epsilon-DP, and epsilon^2/8-zCDP.
 * Utilities are whole numbers that one unit changes by at most `sensitivity`. Expected tries at most the number of candidates.
 */
export function exponentialMechanism(
  utilities: ArrayLike<number>,
  sensitivity: bigint,
  epsilon: Rational,
  randomBytes: RandomBytes,
): number {
  if (utilities.length === 0) throw new RangeError('exponential mechanism: there is nothing to choose from');
  const { numerator, denominator } = rational(epsilon, 'epsilon');
  const e = entropy(randomBytes);
  let best = wholeNumber(utilities[0], 0);
  for (let i = 1; i < utilities.length; i++) best = Math.max(best, wholeNumber(utilities[i], i));
  const divisor = 2n * sensitivity * denominator;
  for (;;) {
    const i = e.below(utilities.length);
    if (coinExpBig(e, BigInt(best - utilities[i]) * numerator, divisor)) return i;
  }
}

/** Answers "is this count at least the threshold?" until it has said yes `most` times; the whole conversation is epsilon-DP. */
export interface SparseVector {
  /** True when the noised value reaches the noised threshold; throws RangeError after the last yes. */
  ask(value: number): boolean;
  readonly left: number;
}

/**
 * Sparse vector for whole-number queries of sensitivity 1. Half of epsilon goes to the threshold, half to the queries: threshold noise of scale
 * 2 / epsilon, query noise of scale 4 most / epsilon. Values themselves are not released.
 */
export function sparseVector(
  threshold: number,
  epsilon: Rational,
  most: number,
  randomBytes: RandomBytes,
): SparseVector {
  const { numerator, denominator } = rational(epsilon, 'epsilon');
  if (!Number.isInteger(most) || most < 1) throw new RangeError(`most: ${most} is not a whole number above 0`);
  const e = entropy(randomBytes);
  const noise = (times: bigint) => {
    const { numerator: t, denominator: s } = rational(
      { numerator: times * denominator, denominator: numerator },
      'scale',
    );
    return laplaceBig(e, t, s);
  };
  const level = BigInt(wholeNumber(threshold, 0)) + noise(2n);
  let left = most;
  return {
    get left() {
      return left;
    },
    ask(value) {
      if (left === 0) throw new RangeError('sparse vector: all its positive answers are spent; open a new one');
      const above = BigInt(wholeNumber(value, 0)) + noise(4n * BigInt(most)) >= level;
      if (above) left -= 1;
      return above;
    },
  };
}

/** Rows taken by Poisson sampling, each with probability q, ascending. Must be drawn fresh at the node and kept secret, else it amplifies nothing. */
export function poissonSample(rows: number, q: Rational, randomBytes: RandomBytes): Uint32Array {
  const { numerator, denominator } = rational(q, 'sampling probability');
  if (numerator > denominator) throw new RangeError('sampling probability: above 1');
  const e = entropy(randomBytes);
  const small = denominator < SMALL_LIMIT;
  const [p, d] = [Number(numerator), Number(denominator)];
  const taken: number[] = [];
  for (let i = 0; i < rows; i++) if (small ? coin(e, p, d) : coinBig(e, numerator, denominator)) taken.push(i);
  return Uint32Array.from(taken);
}

function wholeNumber(x: number, index: number): number {
  if (!Number.isSafeInteger(x))
    throw new RangeError(`value ${index}: ${x} is not a whole number; encode to fixed point first`);
  return x;
}
