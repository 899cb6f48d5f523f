// Post-processing of forecasts made elsewhere. EMOS (Gneiting et al., Mon. Wea. Rev. 133, 2005): a normal whose mean is linear in the ensemble
// mean and whose variance is linear in the ensemble's, by least CRPS. A distributional network (Rasp and Lerch 2018): both as functions of any
// predictors through one hidden layer, trained by the same score.
import { normalCdf, type Random } from '@madang/numerics';
import type { Distribution } from './distributions.ts';
import { minimise } from './minimise.ts';

export interface Emos {
  /** mean = a + b m; variance = c^2 + d^2 s^2. */
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** CRPS of a normal with its derivatives by mean and standard deviation. */
function normalScore(mean: number, sd: number, y: number): [score: number, byMean: number, bySd: number] {
  const z = (y - mean) / sd;
  const phi = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  const below = normalCdf(z);
  return [
    sd * (z * (2 * below - 1) + 2 * phi - 1 / Math.sqrt(Math.PI)),
    1 - 2 * below,
    2 * phi - 1 / Math.sqrt(Math.PI),
  ];
}

/** Fits EMOS on ensemble means, ensemble variances (zeros for a single forecast) and observations; NaN rows take no part. Needs 20 rows. */
export function fitEmos(means: ArrayLike<number>, variances: ArrayLike<number>, observed: ArrayLike<number>): Emos {
  const rows: number[] = [];
  for (let i = 0; i < means.length; i++) if (!Number.isNaN(means[i] + variances[i] + observed[i])) rows.push(i);
  if (rows.length < 20)
    throw new RangeError(`fitEmos: only ${rows.length} pairs of forecast and observation; at least 20 are needed`);
  const spread = Math.sqrt(rows.reduce((s, i) => s + (observed[i] - means[i]) ** 2, 0) / rows.length) || 1;
  const middle = rows.reduce((s, i) => s + means[i], 0) / rows.length;
  const f = (x: Float64Array, g: Float64Array) => {
    g.fill(0);
    let total = 0;
    for (const i of rows) {
      const m = means[i] - middle;
      const sd = Math.sqrt(x[2] ** 2 + x[3] ** 2 * variances[i] + 1e-6);
      const [score, byMean, bySd] = normalScore(x[0] + x[1] * m, sd, observed[i]);
      total += score;
      g[0] += byMean;
      g[1] += byMean * m;
      g[2] += (bySd * x[2]) / sd;
      g[3] += (bySd * x[3] * variances[i]) / sd;
    }
    for (let k = 0; k < 4; k++) g[k] /= rows.length;
    return total / rows.length;
  };
  const { x } = minimise(f, [middle, 1, spread, 0.5]);
  return { a: x[0] - x[1] * middle, b: x[1], c: Math.abs(x[2]), d: Math.abs(x[3]) };
}

/** The post-processed distribution of one forecast. */
export function applyEmos(e: Emos, mean: number, variance: number): Distribution {
  return { kind: 'normal', location: e.a + e.b * mean, scale: Math.sqrt(e.c ** 2 + e.d ** 2 * variance + 1e-6) };
}

/** A trained distributional network; plain data. */
export interface DistributionalNetwork {
  readonly inputs: number;
  readonly hidden: number;
  readonly weights: Float64Array;
  readonly centre: Float64Array;
  readonly width: Float64Array;
  readonly observedCentre: number;
  readonly observedWidth: number;
}

/**
 * Trains one hidden layer of `hidden` units (tanh) on rows of predictors by CRPS with weight decay, stopping early on the last fifth of the
 * rows (give them in time order). Rows with NaN take no part.
 */
export function fitNetwork(
  predictors: readonly ArrayLike<number>[],
  observed: ArrayLike<number>,
  options: { readonly hidden?: number; readonly decay?: number; readonly rounds?: number },
  r: Random,
): DistributionalNetwork {
  const { hidden = 8, decay = 1e-3, rounds = 300 } = options;
  const rows = predictors.flatMap((p, i) => (Number.isNaN(observed[i]) || Array.from(p).some(Number.isNaN) ? [] : [i]));
  if (rows.length < 50) throw new RangeError(`fitNetwork: only ${rows.length} whole rows; at least 50 are needed`);
  const inputs = predictors[rows[0]].length;
  const centre = new Float64Array(inputs);
  const width = new Float64Array(inputs);
  for (let k = 0; k < inputs; k++) {
    for (const i of rows) centre[k] += predictors[i][k] / rows.length;
    for (const i of rows) width[k] += (predictors[i][k] - centre[k]) ** 2 / rows.length;
    width[k] = Math.sqrt(width[k]) || 1;
  }
  const observedCentre = rows.reduce((s, i) => s + observed[i], 0) / rows.length;
  const observedWidth = Math.sqrt(rows.reduce((s, i) => s + (observed[i] - observedCentre) ** 2, 0) / rows.length) || 1;
  const x = rows.map(i => Float64Array.from({ length: inputs }, (_, k) => (predictors[i][k] - centre[k]) / width[k]));
  const y = rows.map(i => (observed[i] - observedCentre) / observedWidth);
  const cut = Math.floor(0.8 * rows.length);
  const size = hidden * (inputs + 1) + 2 * (inputs + hidden + 1);
  const loss = (w: Float64Array, g: Float64Array, from: number, to: number) => {
    g.fill(0);
    let total = 0;
    for (let i = from; i < to; i++) total += pass(w, inputs, hidden, x[i], y[i], g);
    const n = Math.max(1, to - from);
    total /= n;
    for (let k = 0; k < size; k++) {
      g[k] = g[k] / n + 2 * decay * w[k];
      total += decay * w[k] ** 2;
    }
    return total;
  };
  let w = Float64Array.from({ length: size }, () => 0.3 * r.normal());
  let best = w;
  let least = Number.POSITIVE_INFINITY;
  const scratch = new Float64Array(size);
  for (let round = 0; round < rounds; round += 15) {
    w = Float64Array.from(minimise((v, g) => loss(v, g, 0, cut), w, { rounds: 15 }).x);
    const check = loss(w, scratch, cut, rows.length);
    if (check < least) {
      least = check;
      best = w;
    } else if (check > 1.05 * least) break;
  }
  return { inputs, hidden, weights: best, centre, width, observedCentre, observedWidth };
}

/** The network's distribution for one row of predictors. */
export function applyNetwork(m: DistributionalNetwork, predictors: ArrayLike<number>): Distribution {
  const x = Float64Array.from({ length: m.inputs }, (_, k) => (predictors[k] - m.centre[k]) / m.width[k]);
  const [mean, sd] = outputs(m.weights, m.inputs, m.hidden, x).out;
  return { kind: 'normal', location: m.observedCentre + m.observedWidth * mean, scale: m.observedWidth * sd };
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
function pass(w: Float64Array, inputs: number, hidden: number, x: Float64Array, y: number, g: Float64Array): number {
  const { h, linear, out } = outputs(w, inputs, hidden, x);
  const [score, byMean, bySd] = normalScore(out[0], out[1], y);
  const by = [byMean, bySd / (1 + Math.exp(-linear[1]))];
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
