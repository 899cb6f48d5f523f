// Renyi differential privacy of the Poisson-subsampled Gaussian, and its conversion to (epsilon, delta).
// Curve: Mironov, Talwar, Zhang 2019 (integer orders: eq. 12; others: the two-sided series of section 3.3). We keep the signs of the binomials,
// which is the exact value; some libraries add absolute values and report slightly more (`series: 'absolute'` reproduces them).
// Conversion: Canonne, Kamath, Steinke 2020. Neighbours differ by one added or removed row; sensitivity 1.
import { logErfc } from '@madang/numerics';

/** Renyi loss at each order. */
export interface RdpCurve {
  readonly orders: readonly number[];
  readonly rdp: Float64Array;
}

/** 1.1 to 10.9 by 0.1 and 11 to 63, then powers of two to 1,024: wide enough for epsilon from 0.01 to 100. */
export const DEFAULT_ORDERS: readonly number[] = [
  ...Array.from({ length: 99 }, (_, i) => 1 + (i + 1) / 10),
  ...Array.from({ length: 53 }, (_, i) => 11 + i),
  128,
  256,
  512,
  1024,
];

/** One step: Poisson sampling with probability q, then Gaussian noise with standard deviation `sigma` times the sensitivity. Multiply by the steps. */
export function subsampledGaussianRdp(
  sigma: number,
  q: number,
  order: number,
  series: 'signed' | 'absolute' = 'signed',
): number {
  if (!(sigma > 0)) throw new RangeError(`sigma: ${sigma} is not positive`);
  if (!(q >= 0 && q <= 1)) throw new RangeError(`sampling probability: ${q} is not between 0 and 1`);
  if (!(order > 1)) throw new RangeError(`order: ${order} is not above 1`);
  if (q === 0) return 0;
  if (q === 1) return order / (2 * sigma * sigma);
  const log = Number.isInteger(order) ? logMomentInteger(sigma, q, order) : logMomentSeries(sigma, q, order, series);
  return Math.max(0, log / (order - 1));
}

/** The curve of `steps` equal steps. */
export function rdpCurve(
  sigma: number,
  q: number,
  steps: number,
  orders = DEFAULT_ORDERS,
  series: 'signed' | 'absolute' = 'signed',
): RdpCurve {
  return { orders, rdp: Float64Array.from(orders, a => steps * subsampledGaussianRdp(sigma, q, a, series)) };
}

/** The curve of one mechanism after another; both must have the same orders. */
export function composeRdp(a: RdpCurve, b: RdpCurve): RdpCurve {
  if (a.orders.length !== b.orders.length || a.orders.some((o, i) => o !== b.orders[i]))
    throw new RangeError('composition of Renyi curves: the orders differ');
  return { orders: a.orders, rdp: a.rdp.map((x, i) => x + b.rdp[i]) };
}

/** Least epsilon over the curve's orders, and the order that gives it. 0 < delta < 1. */
export function epsilonFromRdp(curve: RdpCurve, delta: number): { epsilon: number; order: number } {
  if (!(delta > 0 && delta < 1)) throw new RangeError(`delta: ${delta} is not between 0 and 1`);
  let best = { epsilon: Number.POSITIVE_INFINITY, order: Number.NaN };
  curve.orders.forEach((a, i) => {
    if (!(a > 1)) return;
    const r = curve.rdp[i];
    const epsilon = r - (Math.log(delta) + Math.log(a)) / (a - 1) + Math.log1p(-1 / a);
    if (epsilon < best.epsilon) best = { epsilon: Math.max(0, epsilon), order: a };
  });
  return best;
}

/** log of sum over j of C(a, j) (1-q)^(a-j) q^j exp((j^2 - j) / (2 sigma^2)). */
function logMomentInteger(sigma: number, q: number, a: number): number {
  let logChoose = 0;
  let sum = Number.NEGATIVE_INFINITY;
  for (let j = 0; j <= a; j++) {
    sum = logAdd(sum, logChoose + j * Math.log(q) + (a - j) * Math.log1p(-q) + (j * j - j) / (2 * sigma * sigma));
    logChoose += Math.log((a - j) / (j + 1));
  }
  return sum;
}

function logMomentSeries(sigma: number, q: number, a: number, series: 'signed' | 'absolute'): number {
  const z = sigma * sigma * Math.log(1 / q - 1) + 0.5;
  const width = Math.SQRT2 * sigma;
  const [logQ, logP] = [Math.log(q), Math.log1p(-q)];
  const term = (logChoose: number, i: number, tail: number) =>
    logChoose + i * logQ + (a - i) * logP + (i * i - i) / (2 * sigma * sigma) + Math.LN2 * -1 + logErfc(tail);
  let positive = Number.NEGATIVE_INFINITY;
  let negative = Number.NEGATIVE_INFINITY;
  let logChoose = 0;
  let sign = 1;
  for (let i = 0; i < 100_000; i++) {
    const j = a - i;
    const left = term(logChoose, i, (i - z) / width);
    const right = term(logChoose, j, (z - j) / width);
    const both = logAdd(left, right);
    if (sign > 0 || series === 'absolute') positive = logAdd(positive, both);
    else negative = logAdd(negative, both);
    if (i > a && both < positive - 40) break;
    const factor = (a - i) / (i + 1);
    logChoose += Math.log(Math.abs(factor));
    if (factor < 0) sign = -sign;
  }
  return positive + Math.log1p(-Math.exp(negative - positive));
}

function logAdd(a: number, b: number): number {
  if (a === Number.NEGATIVE_INFINITY) return b;
  if (b === Number.NEGATIVE_INFINITY) return a;
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}
