// Zero-concentrated differential privacy (Bun and Steinke 2016): the ledger's unit, whole micro-rho, always rounded up.
// Conversion to (epsilon, delta): Canonne, Kamath, Steinke 2020, corollary 13, minimised over the order; tight for RDP curves of this form to about 1 %.

/** 1 rho in the ledger's unit. */
export const MICRO = 1_000_000n;

/**
 * Micro-rho of one Gaussian release, D^2 / (2 s^2), rounded up. `sensitivitySquared` is the squared L2 sensitivity of the whole released vector for
 * one unit; `variance` that of ONE aggregator's noise in the same integer units. Throws RangeError unless D^2 >= 0 and s^2 > 0.
 */
export function microRho(sensitivitySquared: bigint, variance: bigint): bigint {
  if (sensitivitySquared < 0n) throw new RangeError(`sensitivity squared: ${sensitivitySquared} is negative`);
  if (variance <= 0n) throw new RangeError(`variance: ${variance}; without noise the loss has no bound`);
  return ceilDiv(sensitivitySquared * MICRO, 2n * variance);
}

/** The smallest whole variance with which a release of sensitivity D^2 costs at most `budgetMicroRho` > 0. */
export function varianceFor(sensitivitySquared: bigint, budgetMicroRho: bigint): bigint {
  if (budgetMicroRho <= 0n) throw new RangeError(`budget: ${budgetMicroRho} micro-rho buys no release`);
  const v = ceilDiv(sensitivitySquared * MICRO, 2n * budgetMicroRho);
  return v > 0n ? v : 1n;
}

/** Micro-rho of a pure epsilon = numerator / denominator mechanism: epsilon^2 / 2, rounded up. */
export function microRhoOfPure(numerator: bigint, denominator: bigint): bigint {
  return ceilDiv(numerator * numerator * MICRO, 2n * denominator * denominator);
}

const ceilDiv = (a: bigint, b: bigint) => (a + b - 1n) / b;

/** The least epsilon such that rho-zCDP gives (epsilon, delta)-DP. rho >= 0, 0 < delta < 1. */
export function epsilonFromRho(rho: number, delta: number): number {
  if (!(rho >= 0)) throw new RangeError(`rho: ${rho} is not at least 0`);
  if (!(delta > 0 && delta < 1)) throw new RangeError(`delta: ${delta} is not between 0 and 1`);
  if (rho === 0) return 0;
  if (rho === Number.POSITIVE_INFINITY) return rho;
  const at = (logOrderLess1: number) => {
    const less1 = Math.exp(logOrderLess1);
    const order = 1 + less1;
    return order * rho - (Math.log(delta) + Math.log(order)) / less1 + logOrderLess1 - Math.log(order);
  };
  // Convex in the order, hence unimodal in its logarithm: golden section.
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [lo, hi] = [-20, 60];
  let [x, y] = [hi - ratio * (hi - lo), lo + ratio * (hi - lo)];
  let [fx, fy] = [at(x), at(y)];
  for (let i = 0; i < 120; i++) {
    if (fx <= fy) {
      [hi, y, fy] = [y, x, fx];
      x = hi - ratio * (hi - lo);
      fx = at(x);
    } else {
      [lo, x, fx] = [x, y, fy];
      y = lo + ratio * (hi - lo);
      fy = at(y);
    }
  }
  return Math.max(0, Math.min(fx, fy));
}

/** As epsilonFromRho for the ledger's unit. */
export function epsilonFromMicroRho(spent: bigint, delta: number): number {
  return epsilonFromRho(Number(spent) / Number(MICRO), delta);
}

/** The largest whole micro-rho whose conversion stays within (epsilon, delta); 0n when even one micro-rho is too much. */
export function microRhoFor(epsilon: number, delta: number): bigint {
  if (!(epsilon > 0)) throw new RangeError(`epsilon: ${epsilon} is not positive`);
  let lo = 0;
  let hi = 1;
  while (epsilonFromRho(hi / 1e6, delta) <= epsilon) hi *= 2;
  while (hi - lo > 1) {
    const mid = Math.floor((lo + hi) / 2);
    if (epsilonFromRho(mid / 1e6, delta) <= epsilon) lo = mid;
    else hi = mid;
  }
  return BigInt(lo);
}
