// Surfaces of low degree through stations' standardised values of one day, by least squares with a light pull to 0: what the weather's field is, from a few
// sums that show no station.
import { cholesky, choleskySolve } from '@madang/numerics';
import type { Station } from './network.ts';

/** A surface of second degree needs this many stations, else it is a plane. */
export const FOR_CURVED = 14;
/** Pull of every coefficient to 0, in stations. */
const PULL = 0.3;
/** Coordinates lie within this many standard deviations. */
export const REACH = 3;

/** Powers of each station's coordinates, 1 first; the same for everybody. */
export function bases(stations: readonly Station[], curved = stations.length >= FOR_CURVED): readonly Float64Array[] {
  const mean = (x: readonly number[]) => x.reduce((a, b) => a + b, 0) / x.length;
  const unit = (x: readonly number[]) => {
    const m = mean(x);
    const sd = Math.sqrt(mean(x.map(v => (v - m) ** 2))) || 1;
    return x.map(v => Math.max(-REACH, Math.min(REACH, (v - m) / sd)));
  };
  const lat = stations.map(s => s.latitude);
  const u = unit(lat);
  const v = unit(stations.map(s => s.longitude * Math.cos((Math.PI * mean(lat)) / 180)));
  return u.map((x, i) => Float64Array.from(curved ? [1, x, v[i], x * x, x * v[i], v[i] * v[i]] : [1, x, v[i]]));
}

/** Makes coefficients from powers times value, summed over stations whose `products` of powers (p x p, the lower triangle counts) are these. */
export function surfaceThrough(products: Float64Array, p: number): (right: Float64Array) => Float64Array {
  const a = products.slice();
  for (let i = 0; i < p; i++) a[i * p + i] += PULL;
  const factor = cholesky(a, p);
  return right => choleskySolve(factor, p, right);
}
