// The exact account of one release with Gaussian noise (Balle and Wang 2018, theorem 8): least noise for a budget. It reports beside the
// account in zCDP, which adds up over releases and is what admits; here alone stands what a tighter account would allow.
import { normalCdf } from '@madang/numerics';

/** Delta of one Gaussian release at epsilon; `u` is the L2 sensitivity over the noise's standard deviation. */
function deltaOf(epsilon: number, u: number): number {
  return normalCdf(u / 2 - epsilon / u) - Math.exp(epsilon) * normalCdf(-u / 2 - epsilon / u);
}

/** Least standard deviation for which a release of this squared L2 sensitivity is (epsilon, delta)-private. Throws RangeError out of range. */
export function exactSigma(epsilon: number, delta: number, squaredSensitivity: number): number {
  if (!(epsilon > 0 && delta > 0 && delta < 1 && squaredSensitivity > 0))
    throw new RangeError('exactSigma: epsilon and sensitivity above 0, delta between 0 and 1');
  const d = Math.sqrt(squaredSensitivity);
  // In the logarithm of sigma: delta falls as the noise grows.
  let low = Math.log(d * 1e-3);
  let high = Math.log(d * 1e6);
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (deltaOf(epsilon, d / Math.exp(middle)) > delta) low = middle;
    else high = middle;
  }
  return Math.exp(high);
}
