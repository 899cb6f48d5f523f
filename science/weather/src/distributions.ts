// The predictive distributions of the forecasts and their continuous ranked probability scores in closed form:
// normal (Gneiting et al. 2005), normal cut at zero for wind (Thorarinsdottir and Gneiting 2010), gamma with a mass at zero for rain.
import { erfcx, normalCdf } from '@madang/numerics';
import { logGamma, lowerGamma, normalQuantile } from './special.ts';

/** `scale` > 0, `shape` > 0; `wet` in [0, 1] is the probability of any rain, the gamma has mean `mean`. Units are the variable's. */
export type Distribution =
  | { readonly kind: 'normal'; readonly location: number; readonly scale: number }
  | { readonly kind: 'cut-normal'; readonly location: number; readonly scale: number }
  | { readonly kind: 'rain'; readonly wet: number; readonly mean: number; readonly shape: number };

/** Normals, or normals cut at zero, of some days on end: location and scale (> 0) in the variable's unit. */
export interface Normals {
  readonly kind: 'normal' | 'cut-normal';
  readonly location: Float64Array;
  readonly scale: Float64Array;
}

/** Those from index `from` on, a distribution each. */
export function distributionsOf({ kind, location, scale }: Normals, from: number): Distribution[] {
  const out: Distribution[] = [];
  for (let i = from; i < scale.length; i++) out.push({ kind, location: location[i], scale: scale[i] });
  return out;
}

const density = (z: number) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);

/** P(X <= x). */
export function cdf(d: Distribution, x: number): number {
  switch (d.kind) {
    case 'normal':
      return normalCdf((x - d.location) / d.scale);
    case 'cut-normal': {
      if (x < 0) return 0;
      const below = normalCdf(-d.location / d.scale);
      return (normalCdf((x - d.location) / d.scale) - below) / (1 - below);
    }
    case 'rain':
      return x < 0 ? 0 : 1 - d.wet + d.wet * lowerGamma(d.shape, (x * d.shape) / d.mean);
  }
}

/** Smallest x with P(X <= x) >= p, 0 < p < 1. */
export function quantile(d: Distribution, p: number): number {
  switch (d.kind) {
    case 'normal':
      return d.location + d.scale * normalQuantile(p);
    case 'cut-normal': {
      const below = normalCdf(-d.location / d.scale);
      return Math.max(0, d.location + d.scale * normalQuantile(below + p * (1 - below)));
    }
    case 'rain': {
      if (p <= 1 - d.wet) return 0;
      let low = 0;
      let high = d.mean;
      while (cdf(d, high) < p) high *= 2;
      for (let i = 0; i < 60 && high - low > 1e-9 * high; i++) {
        const middle = (low + high) / 2;
        if (cdf(d, middle) < p) low = middle;
        else high = middle;
      }
      return (low + high) / 2;
    }
  }
}

/** Mean of the distribution. */
export function mean(d: Distribution): number {
  switch (d.kind) {
    case 'normal':
      return d.location;
    case 'cut-normal':
      return cutMean(d.location, d.scale);
    case 'rain':
      return d.wet * d.mean;
  }
}

/** Mean of a normal cut at zero. */
export function cutMean(location: number, scale: number): number {
  const x = (Math.SQRT1_2 * Math.abs(location)) / scale;
  const e = Math.exp(-x * x);
  const tail = 0.5 * e * erfcx(x);
  return location + (scale * e) / (Math.sqrt(2 * Math.PI) * (location > 0 ? 1 - tail : tail));
}

/** Continuous ranked probability score of an observation, in the variable's unit; smaller is better. */
export function crps(d: Distribution, y: number): number {
  switch (d.kind) {
    case 'normal': {
      const z = (y - d.location) / d.scale;
      return d.scale * (z * (2 * normalCdf(z) - 1) + 2 * density(z) - 1 / Math.sqrt(Math.PI));
    }
    case 'cut-normal': {
      const z = (y - d.location) / d.scale;
      const a = -d.location / d.scale;
      const p = 1 - normalCdf(a);
      const inner =
        z * p * (2 * normalCdf(z) + p - 2) + 2 * density(z) * p - (1 - normalCdf(Math.SQRT2 * a)) / Math.sqrt(Math.PI);
      return (d.scale / (p * p)) * inner;
    }
    case 'rain': {
      // E|X - y| - E|X - X'| / 2, both from the gamma's partial mean.
      const { wet, mean: mu, shape } = d;
      const t = (y * shape) / mu;
      const apart = y * (2 * lowerGamma(shape, t) - 1) - mu * (2 * lowerGamma(shape + 1, t) - 1);
      const gini = Math.exp(logGamma(shape + 0.5) - logGamma(shape + 1)) / Math.sqrt(Math.PI);
      const spread = 2 * wet * (1 - wet) * mu + wet * wet * 2 * mu * gini;
      return (1 - wet) * y + wet * apart - spread / 2;
    }
  }
}
