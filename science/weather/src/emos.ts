// Post-processing of forecasts made elsewhere. EMOS (Gneiting et al., Mon. Wea. Rev. 133, 2005; for wind Thorarinsdottir and Gneiting 2010): a normal,
// or one cut at zero, whose location is linear in the ensemble mean and whose variance is linear in the ensemble's, by least CRPS. A distributional
// network (Rasp and Lerch 2018): both as functions of any predictors through one hidden layer, trained by the same score.
import { normalCdf, type Random } from '@madang/numerics';
import type { Distribution } from './distributions.ts';
import { minimise } from './minimise.ts';

export type Shape = 'normal' | 'cut-normal';

export interface Emos {
  readonly kind: Shape;
  /** location = centre + a + b (m - centre); variance = c^2 + d^2 s^2. */
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** A cut normal whose location lies farther below zero, in standard deviations, is taken for this: there it hardly changes. */
const LOWEST = -4;

/** CRPS of a normal with its derivatives by location and scale. */
function normalScore(location: number, scale: number, y: number): [score: number, byLocation: number, byScale: number] {
  const z = (y - location) / scale;
  const phi = density(z);
  const below = normalCdf(z);
  return [
    scale * (z * (2 * below - 1) + 2 * phi - 1 / Math.sqrt(Math.PI)),
    1 - 2 * below,
    2 * phi - 1 / Math.sqrt(Math.PI),
  ];
}

/** The same for a normal cut at zero. */
function cutScore(location: number, scale: number, y: number): [score: number, byLocation: number, byScale: number] {
  const low = location < LOWEST * scale;
  const a = low ? LOWEST : location / scale;
  const z = y / scale - a;
  const p = normalCdf(a);
  const q = normalCdf(Math.SQRT2 * a) / Math.sqrt(Math.PI);
  const [above, phi] = [2 * normalCdf(z) - 2, density(z)];
  const g = (z * above + 2 * phi) / p + z - q / (p * p);
  const byZ = (above + p) / p;
  const byA =
    density(a) * ((2 * q) / p ** 3 - (z * above + 2 * phi) / p ** 2) -
    (Math.SQRT2 * density(Math.SQRT2 * a)) / (Math.sqrt(Math.PI) * p * p);
  // Below the bound, location follows scale.
  return low ? [scale * g, 0, g - (y / scale) * byZ] : [scale * g, byA - byZ, g - z * byZ - a * byA];
}

const density = (z: number) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
const scoreOf = (kind: Shape) => (kind === 'normal' ? normalScore : cutScore);
const bounded = (kind: Shape, location: number, scale: number): Distribution => ({
  kind,
  location: kind === 'normal' ? location : Math.max(location, LOWEST * scale),
  scale,
});

/**
 * How strongly the slope is drawn to 1, in rows: a prior of N(1, 0.3^2), in units of the score (a row's CRPS curves by 1 / (sqrt(pi) sd) where its
 * likelihood curves by 1 / sd^2).
 */
const SLOPE_PULL = 3;

/** What both fits may be told beside their rows. */
export interface Form {
  readonly kind?: Shape;
  /** What is usual on each row's day: departures of the forecast count from there, so that a forecast that tells nothing falls back on it. */
  readonly centres?: ArrayLike<number>;
}

/** Fits EMOS on ensemble means, ensemble variances (zeros for a single forecast) and observations; NaN rows take no part. Needs 20 rows. */
export function fitEmos(
  means: ArrayLike<number>,
  variances: ArrayLike<number>,
  observed: ArrayLike<number>,
  { kind = 'normal', centres }: Form = {},
): Emos {
  const centre = (i: number) => centres?.[i] ?? 0;
  const rows: number[] = [];
  for (let i = 0; i < means.length; i++)
    if (Number.isFinite(means[i] + variances[i] + observed[i] + centre(i))) rows.push(i);
  if (rows.length < 20)
    throw new RangeError(`fitEmos: only ${rows.length} pairs of forecast and observation; at least 20 are needed`);
  const spread = Math.sqrt(rows.reduce((s, i) => s + (observed[i] - means[i]) ** 2, 0) / rows.length) || 1;
  const middle = rows.reduce((s, i) => s + means[i] - centre(i), 0) / rows.length;
  const score = scoreOf(kind);
  const f = (x: Float64Array, g: Float64Array) => {
    g.fill(0);
    let total = 0;
    for (const i of rows) {
      const m = means[i] - centre(i) - middle;
      const sd = Math.sqrt(x[2] ** 2 + x[3] ** 2 * variances[i] + 1e-6);
      const [s, byLocation, byScale] = score(centre(i) + x[0] + x[1] * m, sd, observed[i]);
      total += s;
      g[0] += byLocation;
      g[1] += byLocation * m;
      g[2] += (byScale * x[2]) / sd;
      g[3] += (byScale * x[3] * variances[i]) / sd;
    }
    const pull = (SLOPE_PULL * spread) / rows.length;
    for (let k = 0; k < 4; k++) g[k] /= rows.length;
    g[1] += 2 * pull * (x[1] - 1);
    return total / rows.length + pull * (x[1] - 1) ** 2;
  };
  const { x } = minimise(f, [middle, 1, spread, 0.5]);
  // The fit has seen its own errors: with few rows they are smaller than those to come.
  const wider = Math.sqrt((rows.length + 1) / (rows.length - 4));
  return { kind, a: x[0] - x[1] * middle, b: x[1], c: wider * Math.abs(x[2]), d: wider * Math.abs(x[3]) };
}

/** The post-processed distribution of one forecast. */
export function applyEmos(e: Emos, mean: number, variance: number, centre = 0): Distribution {
  return bounded(e.kind, centre + e.a + e.b * (mean - centre), Math.sqrt(e.c ** 2 + e.d ** 2 * variance + 1e-6));
}

/** A trained distributional network; plain data. */
export interface DistributionalNetwork {
  readonly kind: Shape;
  readonly inputs: number;
  readonly hidden: number;
  readonly weights: Float64Array;
  readonly centre: Float64Array;
  readonly width: Float64Array;
  /** Outputs are in units of this, from the row's centre. */
  readonly observedWidth: number;
}

/**
 * Trains one hidden layer of `hidden` units (tanh) on rows of predictors by CRPS with weight decay, stopping early by the rows of
 * `check` (the last fifth if not said: give the rows in time order). Rows with NaN take no part.
 */
export function fitNetwork(
  predictors: readonly ArrayLike<number>[],
  observed: ArrayLike<number>,
  options: Form & {
    readonly hidden?: number;
    readonly decay?: number;
    readonly rounds?: number;
    readonly check?: (row: number) => boolean;
  },
  r: Random,
): DistributionalNetwork {
  const { kind = 'normal', centres, hidden = 8, decay = 1e-3, rounds = 300 } = options;
  const isCheck = options.check ?? (row => row >= 0.8 * observed.length);
  const centreOf = (i: number) => centres?.[i] ?? 0;
  const rows = predictors.flatMap((p, i) =>
    Number.isFinite(observed[i] + centreOf(i)) && Array.from(p).every(Number.isFinite) ? [i] : [],
  );
  if (rows.length < 50) throw new RangeError(`fitNetwork: only ${rows.length} whole rows; at least 50 are needed`);
  const inputs = predictors[rows[0]].length;
  const centre = new Float64Array(inputs);
  const width = new Float64Array(inputs);
  for (let k = 0; k < inputs; k++) {
    for (const i of rows) centre[k] += predictors[i][k] / rows.length;
    for (const i of rows) width[k] += (predictors[i][k] - centre[k]) ** 2 / rows.length;
    width[k] = Math.sqrt(width[k]) || 1;
  }
  const departures = rows.map(i => observed[i] - centreOf(i));
  const observedCentre = departures.reduce((s, v) => s + v, 0) / rows.length;
  const observedWidth = Math.sqrt(departures.reduce((s, v) => s + (v - observedCentre) ** 2, 0) / rows.length) || 1;
  const x = rows.map(i => Float64Array.from({ length: inputs }, (_, k) => (predictors[i][k] - centre[k]) / width[k]));
  const y = rows.map(i => observed[i] / observedWidth);
  const at = rows.map(i => centreOf(i) / observedWidth);
  const check = rows.flatMap((row, i) => (isCheck(row) ? [i] : []));
  const train = rows.flatMap((row, i) => (isCheck(row) ? [] : [i]));
  const size = hidden * (inputs + 1) + 2 * (inputs + hidden + 1);
  const score = scoreOf(kind);
  const loss = (w: Float64Array, g: Float64Array, which: readonly number[], pull: number) => {
    g.fill(0);
    let total = 0;
    for (const i of which) total += pass(w, inputs, hidden, x[i], y[i], at[i], score, g);
    total /= which.length;
    for (let k = 0; k < size; k++) {
      g[k] = g[k] / which.length + 2 * pull * w[k];
      total += pull * w[k] ** 2;
    }
    return total;
  };
  let w = Float64Array.from({ length: size }, () => 0.3 * r.normal());
  w[hidden * (inputs + 1) + inputs + hidden] = observedCentre / observedWidth;
  let best = w;
  let least = Number.POSITIVE_INFINITY;
  const scratch = new Float64Array(size);
  for (let round = 0; round < rounds; round += 15) {
    w = Float64Array.from(minimise((v, g) => loss(v, g, train, decay), w, { rounds: 15 }).x);
    const now = loss(w, scratch, check, 0);
    if (now < least) {
      least = now;
      best = w;
    } else if (now > 1.05 * least) break;
  }
  return { kind, inputs, hidden, weights: best, centre, width, observedWidth };
}

/** The network's distribution for one row of predictors. */
export function applyNetwork(m: DistributionalNetwork, predictors: ArrayLike<number>, centre = 0): Distribution {
  const x = Float64Array.from({ length: m.inputs }, (_, k) => (predictors[k] - m.centre[k]) / m.width[k]);
  const [location, scale] = outputs(m.weights, m.inputs, m.hidden, x).out;
  return bounded(m.kind, centre + m.observedWidth * location, m.observedWidth * scale);
}

/** Hidden activations, and mean and standard deviation: both linear in the inputs plus the hidden layer, the latter through a softplus. */
function outputs(w: Float64Array, inputs: number, hidden: number, x: Float64Array) {
  const h = new Float64Array(hidden);
  for (let j = 0; j < hidden; j++) {
    let s = w[j * (inputs + 1) + inputs];
    for (let k = 0; k < inputs; k++) s += w[j * (inputs + 1) + k] * x[k];
    h[j] = Math.tanh(s);
  }
  const base = hidden * (inputs + 1);
  const span = inputs + hidden + 1;
  const linear = [0, 1].map(o => {
    let s = w[base + o * span + inputs + hidden];
    for (let k = 0; k < inputs; k++) s += w[base + o * span + k] * x[k];
    for (let j = 0; j < hidden; j++) s += w[base + o * span + inputs + j] * h[j];
    return s;
  });
  return { h, linear, out: [linear[0], Math.log1p(Math.exp(Math.min(30, linear[1]))) + 0.01] as const };
}

/** Adds the gradient of one row's score; returns the score. */
function pass(
  w: Float64Array,
  inputs: number,
  hidden: number,
  x: Float64Array,
  y: number,
  centre: number,
  scoreAt: typeof normalScore,
  g: Float64Array,
): number {
  const { h, linear, out } = outputs(w, inputs, hidden, x);
  const [score, byLocation, byScale] = scoreAt(centre + out[0], out[1], y);
  const by = [byLocation, byScale / (1 + Math.exp(-linear[1]))];
  const base = hidden * (inputs + 1);
  const span = inputs + hidden + 1;
  const back = new Float64Array(hidden);
  for (let o = 0; o < 2; o++) {
    const at = base + o * span;
    for (let k = 0; k < inputs; k++) g[at + k] += by[o] * x[k];
    for (let j = 0; j < hidden; j++) {
      g[at + inputs + j] += by[o] * h[j];
      back[j] += by[o] * w[at + inputs + j];
    }
    g[at + inputs + hidden] += by[o];
  }
  for (let j = 0; j < hidden; j++) {
    const d = back[j] * (1 - h[j] ** 2);
    for (let k = 0; k < inputs; k++) g[j * (inputs + 1) + k] += d * x[k];
    g[j * (inputs + 1) + inputs] += d;
  }
  return score;
}
