// The Gaussian mechanism without subsampling, exactly (Balle and Wang 2018): delta of epsilon, epsilon of delta, noise for a target.
// k releases of noise sigma equal one of sigma / sqrt(k).
import { logErfc, normalCdf } from '@madang/numerics';

/** delta(epsilon) for sensitivity 1, noise `sigma`, `steps` releases; epsilon >= 0. */
export function gaussianDelta(sigma: number, epsilon: number, steps = 1): number {
  if (!(sigma > 0)) throw new RangeError(`sigma: ${sigma} is not positive`);
  const s = sigma / Math.sqrt(steps);
  const a = 1 / (2 * s) - epsilon * s;
  const b = -1 / (2 * s) - epsilon * s;
  // exp(epsilon) times a lower tail, in logarithms: exp(epsilon) alone may overflow.
  const second = Math.exp(epsilon + logErfc(-b * Math.SQRT1_2) - Math.LN2);
  return Math.max(0, normalCdf(a) - second);
}

/** The least epsilon >= 0 with delta(epsilon) <= delta. */
export function gaussianEpsilon(sigma: number, delta: number, steps = 1): number {
  if (!(delta > 0 && delta < 1)) throw new RangeError(`delta: ${delta} is not between 0 and 1`);
  if (gaussianDelta(sigma, 0, steps) <= delta) return 0;
  let hi = 1;
  while (gaussianDelta(sigma, hi, steps) > delta) hi *= 2;
  return rootAbove(x => gaussianDelta(sigma, x, steps) <= delta, 0, hi);
}

/** The least noise for (epsilon, delta) after `steps` releases of sensitivity 1. */
export function gaussianSigma(epsilon: number, delta: number, steps = 1): number {
  return calibrate(sigma => gaussianDelta(sigma, epsilon, steps) <= delta);
}

/**
 * The least x > 0 with which `enough(x)` holds, to 12 digits and never below: for any mechanism whose loss falls as its noise grows, e.g.
 * `calibrate(s => epsilonFromRdp(rdpCurve(s, 0.01, 1000), 1e-6).epsilon <= 2)`. Throws RangeError when nothing up to 2^60 is enough.
 */
export function calibrate(enough: (noise: number) => boolean): number {
  let hi = 1;
  while (!enough(hi)) {
    hi *= 2;
    if (hi > 2 ** 60) throw new RangeError('calibration: no amount of noise meets the target');
  }
  let lo = hi / 2;
  while (lo > 2 ** -60 && enough(lo)) {
    hi = lo;
    lo /= 2;
  }
  return rootAbove(enough, lo, hi);
}

function rootAbove(good: (x: number) => boolean, lo: number, hi: number): number {
  for (let i = 0; i < 60 && hi - lo > 1e-12 * hi; i++) {
    const mid = (lo + hi) / 2;
    if (good(mid)) hi = mid;
    else lo = mid;
  }
  return hi;
}
