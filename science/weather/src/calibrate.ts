// From a regression's number to a distribution: slope, spread and rain's two links are fitted on withheld predictions of training days,
// so that an interval that says 90 % holds 90 %.
import { cholesky, choleskySolve } from '@madang/numerics';
import { harmonics } from './climatology.ts';
import { cutMean, type Distribution, type Normals } from './distributions.ts';
import type { Target } from './targets.ts';
import { WET_CM } from './variables.ts';

/** Training pairs of one lead: the days predicted, and predictions made `leadDays` before each. */
export interface Pairs {
  /** Days whose value is known, rising. */
  readonly days: Int32Array;
  /** For each regressand of the target its predictions by day of issue, standardised; those of `days` are withheld ones. */
  readonly predicted: readonly Float64Array[];
  readonly leadDays: number;
  /** Training days, known or not: where nothing else was known the regression took unknown days for usual ones, and so predicts too little. */
  readonly outOf: number;
}

/** Beyond this day the trial years 2002 to 2007 showed no gain over the 31-day mean that lasts (day 8: 0.992 to 1.002): the forecast is that mean. */
const LAST_SIGNAL_DAY = 7;
/** And on that day only so much of it is believed: nearly all of the gain of good years, and no loss in a bad one (2004). */
const LAST_DAY_BELIEF = 0.8;

/** How much of a regression's prediction is believed; nobody need make one that is not believed at all. */
export const beliefIn = (kind: Target['kind'], leadDays: number): number =>
  kind === 'rain' || leadDays < LAST_SIGNAL_DAY ? 1 : leadDays === LAST_SIGNAL_DAY ? LAST_DAY_BELIEF : 0;

/** Far ahead the forecast relaxes to the plain 31-day mean of the training years, near it to the smoother harmonics: share of the former. */
const windowShare = (leadDays: number) => Math.min(1, Math.max(0, (leadDays - 3) / 4));

/** Fits the link of a temperature or of wind and gives its spreads for days [from, to). `angles` are the days' season angles. */
export function calibrateNormal(target: Target, pairs: Pairs, angles: Float64Array, from: number, to: number): Normals {
  const kind = target.kind === 'normal' ? 'normal' : 'cut-normal';
  const { climate, z } = target.regressands[0];
  const { predicted, leadDays } = pairs;
  const share = windowShare(leadDays);
  const belief = beliefIn(kind, leadDays);
  const slope = belief === 0 ? 0 : belief * provenSlope(pairs, z);
  const wave = harmonics(angles, 1);
  const [least, level, cosine, sine] = errorVariance(pairs, z, slope, wave);
  const location = new Float64Array(to - from);
  const scale = new Float64Array(to - from);
  for (let d = from; d < to; d++) {
    const usual = (1 - share) * climate.mean[d] + share * target.usual[d];
    const expected = usual + climate.sd[d] * slope * predicted[0][d - leadDays];
    const variance = level + cosine * wave[3 * d + 1] + sine * wave[3 * d + 2];
    const sd = climate.sd[d] * Math.sqrt(Math.max(least, variance));
    scale[d - from] = sd;
    location[d - from] = kind === 'normal' ? expected : locationFor(expected, sd);
  }
  return { kind, location, scale };
}

/** The error's variance through the year, standardised: the least that is believed, the mean, and a yearly wave's cosine and sine. */
function errorVariance(
  { days, predicted: [f], leadDays }: Pairs,
  z: Float64Array,
  slope: number,
  wave: Float64Array,
): [least: number, level: number, cosine: number, sine: number] {
  let [total, ce, se, c1, cc, s1, sc, ss] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < days.length; i++) {
    const d = days[i];
    const error = z[d] - slope * f[d - leadDays];
    const e = error * error;
    const c = wave[3 * d + 1];
    const s = wave[3 * d + 2];
    total += e;
    ce += c * e;
    se += s * e;
    c1 += c;
    cc += c * c;
    s1 += s;
    sc += s * c;
    ss += s * s;
  }
  const n = Math.max(1, days.length);
  const ridge = 1e-6 * n + 1e-9;
  const products = Float64Array.of(days.length + ridge, 0, 0, c1, cc + ridge, 0, s1, sc, ss + ridge);
  const x = choleskySolve(cholesky(products, 3), 3, Float64Array.of(total, ce, se));
  return [Math.max(0.25 * (total / n), 1e-6), x[0], x[1], x[2]];
}

/** The location at which a normal cut at zero has mean `expected`; without this, cutting would raise every calm day's forecast. */
function locationFor(expected: number, scale: number): number {
  let location = expected;
  for (let i = 0; i < 4; i++) location += expected - cutMean(location, scale);
  return Math.max(location, -3 * scale);
}

/** Doubt is told from this many stretches of time at least: years, or shorter ones where there are few years. */
const FEWEST_STRETCHES = 6;

/**
 * Least-squares slope of z on the prediction through the origin, at least 0 and at most 1.3 over the share of days known, reduced by what it varies from year to year: a signal of the size of its
 * own doubt counts for nothing, so that far ahead a forecast falls back on climatology.
 */
function provenSlope({ days, predicted: [f], leadDays, outOf }: Pairs, z: Float64Array): number {
  const stretch = Math.min(365, (days[days.length - 1] - days[0] + 1) / FEWEST_STRETCHES);
  const stretches = Math.floor((days[days.length - 1] - days[0]) / stretch) + 1 || 0;
  const [products, squares] = [new Float64Array(stretches), new Float64Array(stretches)];
  const known = new Uint8Array(stretches);
  for (let i = 0; i < days.length; i++) {
    const d = days[i];
    const g = f[d - leadDays];
    const key = Math.floor((d - days[0]) / stretch);
    products[key] += g * z[d];
    squares[key] += g * g;
    known[key] = 1;
  }
  const xy = products.reduce((s, v) => s + v, 0);
  const xx = squares.reduce((s, v) => s + v, 1e-9);
  const size = known.reduce((s, v) => s + v, 0);
  const slope = Math.min((1.3 * outOf) / Math.max(1, days.length), Math.max(0, xy / xx));
  if (slope === 0 || size < 2) return slope;
  let scatter = 0;
  for (let k = 0; k < stretches; k++) scatter += (products[k] - (xy / xx) * squares[k]) ** 2;
  const doubt = Math.sqrt((scatter * size) / (size - 1)) / xx;
  return slope * Math.max(0, 1 - 4 * (doubt / slope) ** 2);
}

/** Fits rain's links and gives its distributions for days [from, to): the chance by a logistic, the amount by a gamma regression. */
export function calibrateRain(target: Target, pairs: Pairs, from: number, to: number): Distribution[] {
  const [occurrence, amount] = target.regressands;
  const { days, predicted, leadDays } = pairs;
  /** Logarithm of the odds that the regression gives day `d`. */
  const odds = (d: number) => {
    const { mean, sd } = occurrence.climate;
    const p = Math.min(0.98, Math.max(0.02, mean[d] + sd[d] * predicted[0][d - leadDays]));
    return Math.log(p / (1 - p));
  };
  /** Cube root of the amount that it gives. */
  const size = (d: number) => {
    const { mean, sd } = amount.climate;
    return Math.max(0, mean[d] + sd[d] * predicted[1][d - leadDays]);
  };
  const amountOf = (d: number) => target.observed[d];
  const [intercept, slope] = fitLogistic(
    each(days, odds),
    each(days, d => (amountOf(d) >= WET_CM ? 1 : 0)),
  );
  const wetDays = days.filter(d => amountOf(d) >= WET_CM);
  const gamma = fitGamma(each(wetDays, size), each(wetDays, amountOf));
  const out: Distribution[] = [];
  for (let d = from; d < to; d++)
    out.push({
      kind: 'rain',
      wet: 1 / (1 + Math.exp(-(intercept + slope * odds(d)))),
      mean: Math.exp(gamma.intercept + gamma.slope * size(d)),
      shape: gamma.shape,
    });
  return out;
}

function each(days: Int32Array, of: (day: number) => number): Float64Array {
  const out = new Float64Array(days.length);
  for (let i = 0; i < out.length; i++) out[i] = of(days[i]);
  return out;
}

/** Intercept and slope of a logistic regression, by Newton's method with a light pull to (0, 1). */
export function fitLogistic(x: ArrayLike<number>, y: ArrayLike<number>): [number, number] {
  let a = 0;
  let b = 1;
  for (let round = 0; round < 25; round++) {
    let ga = -a;
    let gb = 1 - b;
    let haa = 1;
    let hab = 0;
    let hbb = 1;
    for (let i = 0; i < x.length; i++) {
      const p = 1 / (1 + Math.exp(-(a + b * x[i])));
      const w = p * (1 - p);
      ga += y[i] - p;
      gb += (y[i] - p) * x[i];
      haa += w;
      hab += w * x[i];
      hbb += w * x[i] * x[i];
    }
    const det = haa * hbb - hab * hab;
    const da = (ga * hbb - gb * hab) / det;
    const db = (gb * haa - ga * hab) / det;
    a += da;
    b += db;
    if (Math.abs(da) + Math.abs(db) < 1e-9) break;
  }
  return [a, b];
}

/** Gamma regression with a log link (iteratively reweighted least squares; all weights are 1), shape from the Pearson statistic. */
export function fitGamma(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): { intercept: number; slope: number; shape: number } {
  const n = y.length;
  let [mx, my] = [0, 0];
  for (let i = 0; i < n; i++) {
    mx += x[i] / n;
    my += y[i] / n;
  }
  if (n < 10) return { intercept: Math.log(Math.max(1e-3, my || 0.1)), slope: 0, shape: 0.7 };
  let xx = 1e-9;
  for (let i = 0; i < n; i++) xx += (x[i] - mx) ** 2;
  let [intercept, slope] = [Math.log(my), 0];
  for (let round = 0; round < 50; round++) {
    let [sw, sx] = [0, 0];
    for (let i = 0; i < n; i++) {
      const w = Math.min(10, y[i] / Math.exp(intercept + slope * x[i]) - 1);
      sw += w;
      sx += w * (x[i] - mx);
    }
    const ds = sx / xx;
    const di = sw / n - ds * mx;
    slope += ds;
    intercept += di;
    if (Math.abs(ds) + Math.abs(di) < 1e-10) break;
  }
  let pearson = 0;
  for (let i = 0; i < n; i++) pearson += (y[i] / Math.exp(intercept + slope * x[i]) - 1) ** 2;
  return { intercept, slope, shape: Math.min(5, Math.max(0.2, n / Math.max(pearson, 1e-9))) };
}
