// From a regression's number to a distribution: slope, spread and rain's two links are fitted on withheld predictions of training days,
// so that an interval that says 90 % holds 90 %.
import { cholesky, choleskySolve } from '@madang/numerics';
import { harmonics } from './climatology.ts';
import { type Distribution, mean } from './distributions.ts';
import type { Target } from './targets.ts';

/** Training pairs of one lead: index of the day predicted, and the withheld prediction made `lead` days before. */
export interface Pairs {
  readonly days: readonly number[];
  /** One array for each regressand of the target, parallel to `days`. */
  readonly predicted: readonly Float64Array[];
  /** Training days, known or not: where nothing else was known the regression took unknown days for usual ones, and so predicts too little. */
  readonly outOf: number;
}

/** Turns the predictions for day `day` (standardised, of the first regressand and, for rain, the second) into a distribution in the variable's unit. */
export type Calibrated = (day: number, first: number, second: number) => Distribution;

/** Fits the link of one target at one lead. `angles` are the days' season angles. */
export function calibrate(target: Target, pairs: Pairs, angles: Float64Array, leadDays: number): Calibrated {
  return target.kind === 'rain'
    ? calibrateRain(target, pairs)
    : calibrateNormal(target, target.kind, pairs, angles, leadDays);
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

function calibrateNormal(
  target: Target,
  kind: 'normal' | 'cut-normal',
  pairs: Pairs,
  angles: Float64Array,
  leadDays: number,
): Calibrated {
  const r = target.regressands[0];
  const share = windowShare(leadDays);
  const [f] = pairs.predicted;
  const belief = beliefIn(kind, leadDays);
  const slope = belief === 0 ? 0 : belief * provenSlope(pairs, r.z);
  // The error's variance through the year: a mean and one yearly wave.
  const h = harmonics(angles, 1);
  const a = new Float64Array(9);
  const b = new Float64Array(3);
  for (const [i, d] of pairs.days.entries()) {
    const e = (r.z[d] - slope * f[i]) ** 2;
    const [c, s] = [h[3 * d + 1], h[3 * d + 2]];
    b[0] += e;
    b[1] += c * e;
    b[2] += s * e;
    a[3] += c;
    a[4] += c * c;
    a[6] += s;
    a[7] += s * c;
    a[8] += s * s;
  }
  a[0] = pairs.days.length;
  const total = b[0];
  const n = Math.max(1, pairs.days.length);
  for (let p = 0; p < 3; p++) a[p * 3 + p] += 1e-6 * n + 1e-9;
  const wave = choleskySolve(cholesky(a, 3), 3, b);
  const floor = Math.max(0.25 * (total / n), 1e-6);
  return (day, g) => {
    const usual = (1 - share) * r.climate.mean[day] + share * target.usual[day];
    const expected = usual + r.climate.sd[day] * slope * g;
    const variance = wave[0] + wave[1] * h[3 * day + 1] + wave[2] * h[3 * day + 2];
    const scale = r.climate.sd[day] * Math.sqrt(Math.max(floor, variance));
    return { kind, location: kind === 'normal' ? expected : locationFor(expected, scale), scale };
  };
}

/** The location at which a normal cut at zero has mean `expected`; without this, cutting would raise every calm day's forecast. */
function locationFor(expected: number, scale: number): number {
  let location = expected;
  for (let i = 0; i < 4; i++) location += expected - mean({ kind: 'cut-normal', location, scale });
  return Math.max(location, -3 * scale);
}

/** Doubt is told from this many stretches of time at least: years, or shorter ones where there are few years. */
const FEWEST_STRETCHES = 6;

/**
 * Least-squares slope of z on the prediction through the origin, at least 0 and at most 1.3 over the share of days known, reduced by what it varies from year to year: a signal of the size of its
 * own doubt counts for nothing, so that far ahead a forecast falls back on climatology.
 */
function provenSlope({ days, predicted: [f], outOf }: Pairs, z: Float64Array): number {
  const stretch = Math.min(365, (days[days.length - 1] - days[0] + 1) / FEWEST_STRETCHES);
  const stretches = Math.floor((days[days.length - 1] - days[0]) / stretch) + 1 || 0;
  const [products, squares] = [new Float64Array(stretches), new Float64Array(stretches)];
  const known = new Uint8Array(stretches);
  for (let i = 0; i < days.length; i++) {
    const key = Math.floor((days[i] - days[0]) / stretch);
    products[key] += f[i] * z[days[i]];
    squares[key] += f[i] ** 2;
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

function calibrateRain(target: Target, pairs: Pairs): Calibrated {
  const [occurrence, amount] = target.regressands;
  const chance = (day: number, g: number) => {
    const p = Math.min(0.98, Math.max(0.02, occurrence.climate.mean[day] + occurrence.climate.sd[day] * g));
    return Math.log(p / (1 - p));
  };
  const size = (day: number, g: number) => Math.max(0, amount.climate.mean[day] + amount.climate.sd[day] * g);
  const wet = pairs.days.map(d =>
    occurrence.climate.mean[d] + occurrence.climate.sd[d] * occurrence.z[d] > 0.5 ? 1 : 0,
  );
  const logistic = fitLogistic(
    pairs.days.map((d, i) => chance(d, pairs.predicted[0][i])),
    wet,
  );
  const wetIndex = wet.flatMap((w, i) => (w ? [i] : []));
  const gamma = fitGamma(
    wetIndex.map(i => size(pairs.days[i], pairs.predicted[1][i])),
    wetIndex.map(i => target.observed[pairs.days[i]]),
  );
  return (day, g, h) => ({
    kind: 'rain',
    wet: 1 / (1 + Math.exp(-(logistic[0] + logistic[1] * chance(day, g)))),
    mean: Math.exp(gamma.intercept + gamma.slope * size(day, h)),
    shape: gamma.shape,
  });
}

/** Intercept and slope of a logistic regression, by Newton's method with a light pull to (0, 1). */
export function fitLogistic(x: readonly number[], y: readonly number[]): [number, number] {
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
  x: readonly number[],
  y: readonly number[],
): { intercept: number; slope: number; shape: number } {
  const n = y.length;
  if (n < 10)
    return {
      intercept: Math.log(Math.max(1e-3, y.reduce((s, v) => s + v, 0) / Math.max(1, n) || 0.1)),
      slope: 0,
      shape: 0.7,
    };
  let intercept = Math.log(y.reduce((s, v) => s + v, 0) / n);
  let slope = 0;
  let mx = 0;
  for (const v of x) mx += v / n;
  for (let round = 0; round < 50; round++) {
    let sw = 0;
    let sx = 0;
    let xx = 1e-9;
    for (let i = 0; i < n; i++) {
      const w = Math.max(-3, Math.min(10, y[i] / Math.exp(intercept + slope * x[i]) - 1));
      sw += w;
      sx += w * (x[i] - mx);
      xx += (x[i] - mx) ** 2;
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
