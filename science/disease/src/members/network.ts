// A small network shared by all places: one hidden layer, two outputs (centre and log scale of the increment), trained by Adam on the
// Laplace likelihood over rows drawn by weight. Several nets, each blind to whole stretches of time; the shape of the standardised
// residuals comes from rows a net has not seen. Best upon a tuned linear model, since a network does not extrapolate either.
// It is in the stack of panels (0115), not in that of the weekly hubs: there the mean gains nothing from it (docs/decisions/0034).
// Trap: sums run in a fixed order, so the same design and seed give the same weights to the bit.
import { type Random, random } from '@madang/numerics';
import type { Design } from '../panel/design.ts';
import { heldStretches, shapes } from './boosting.ts';
import { type Encoding, makeEncoding, momentsOf } from './encoding.ts';
import { type Member, QUANTILES, type Trained } from './member.ts';
import { stepUnit } from './ridge.ts';
import { fitTuned, type TunedPlan, tunedMeans } from './tuned.ts';

export interface NetworkPlan {
  readonly without: readonly string[];
  readonly hidden: number;
  readonly nets: number;
  /** Share of the stretches of time that one net sees. */
  readonly share: number;
  /** Passes over the rows it sees; a row of weight 0.3 is drawn in three of ten passes. */
  readonly epochs: number;
  /** Step of Adam at the start; it falls linearly to a tenth. */
  readonly rate: number;
  /** Pull of the weights to 0, decoupled (AdamW). */
  readonly decay: number;
  /** What the network starts from; absent = the increments themselves. */
  readonly upon?: TunedPlan;
}

export const NETWORK: NetworkPlan = {
  without: [],
  hidden: 24,
  nets: 4,
  share: 0.6,
  epochs: 3,
  rate: 0.004,
  decay: 0.02,
};

const BATCH = 64;
/** Bound of the log scale about its mean. */
const LOG_BOUND = 2.5;

/** Weights of one net: hidden rows of `inputs` weights, hidden biases; then `hidden` weights and a bias for each of the two outputs. */
interface Net {
  readonly inputs: number;
  readonly hidden: number;
  readonly w: Float32Array;
}

export function networkMember(name: string, plan: NetworkPlan): Member {
  return {
    name,
    train(d, seed): Trained {
      const encoding = makeEncoding(d.columns, momentsOf(d), { without: plan.without, hidden: 0, seed });
      const steps = d.step.reduce((a, b) => Math.max(a, b), 1);
      const linear = plan.upon && fitTuned(d, plan.upon, steps, `${seed}/linear`);
      const expected = linear ? tunedMeans(linear, d) : new Float64Array(d.rows);
      const raw = d.y.map((v, i) => (v - expected[i]) / stepUnit(d.step[i]));
      const unit = meanSize(raw, d.weight);
      const y = raw.map(v => v / unit);
      const x = encoded(d, encoding);
      const nets: Net[] = [];
      const sums = new Float32Array(2 * d.rows);
      const count = new Float32Array(d.rows);
      const out = new Float32Array(2 * d.rows);
      for (let k = 0; k < plan.nets; k++) {
        const r = random(`${seed}/net ${k}`);
        const held = heldStretches(d, r.fork('stretches'), plan.share);
        const net = fit(x, y, d.weight, held, encoding.size, plan, r);
        nets.push(net);
        forward(net, x, d.rows, out);
        for (let i = 0; i < d.rows; i++) {
          if (held[i]) continue;
          count[i] += 1;
          sums[2 * i] += out[2 * i];
          sums[2 * i + 1] += out[2 * i + 1];
        }
      }
      const honest = Array.from(count.keys()).filter(i => count[i] > 0);
      const shape = shapes(d, honest, i => (y[i] - sums[2 * i] / count[i]) / Math.exp(sums[2 * i + 1] / count[i]));
      return {
        quantiles(rows) {
          const input = encoded(rows, encoding);
          const total = new Float32Array(2 * rows.rows);
          const one = new Float32Array(2 * rows.rows);
          for (const net of nets) {
            forward(net, input, rows.rows, one);
            for (let i = 0; i < one.length; i++) total[i] += one[i] / nets.length;
          }
          const mean = linear ? tunedMeans(linear, rows) : new Float64Array(rows.rows);
          const q = new Float32Array(rows.rows * QUANTILES).fill(Number.NaN);
          for (let i = 0; i < rows.rows; i++) {
            const s = shape.get(rows.step[i]);
            if (!s) continue;
            const n = unit * stepUnit(rows.step[i]);
            const scale = Math.exp(total[2 * i + 1]);
            for (let k = 0; k < QUANTILES; k++) q[i * QUANTILES + k] = mean[i] + n * (total[2 * i] + scale * s[k]);
          }
          return q;
        },
      };
    },
  };
}

/** Weighted mean absolute value; 1 when that is 0. */
function meanSize(y: Float32Array, weight: Float32Array): number {
  let s = 0;
  let n = 0;
  for (let i = 0; i < y.length; i++) {
    s += weight[i] * Math.abs(y[i]);
    n += weight[i];
  }
  return s > 0 ? s / n : 1;
}

function encoded(d: Design, encoding: Encoding): Float32Array {
  const p = encoding.size;
  const row = new Float64Array(p);
  const out = new Float32Array(d.rows * p);
  for (let i = 0; i < d.rows; i++) {
    encoding.encode(d, i, row, 0);
    out.set(row, i * p);
  }
  return out;
}

/** Centre and log scale of every row, beside each other. */
function forward(net: Net, x: Float32Array, rows: number, out: Float32Array): void {
  const { inputs: p, hidden: h, w } = net;
  const bias = h * p;
  const centre = bias + h;
  const scale = centre + h + 1;
  for (let i = 0; i < rows; i++) {
    let c = w[centre + h];
    let s = w[scale + h];
    for (let j = 0; j < h; j++) {
      let a = w[bias + j];
      const at = j * p;
      for (let k = 0, xi = i * p; k < p; k++, xi++) a += w[at + k] * x[xi];
      if (a <= 0) continue;
      c += w[centre + j] * a;
      s += w[scale + j] * a;
    }
    out[2 * i] = c;
    out[2 * i + 1] = Math.max(-LOG_BOUND, Math.min(LOG_BOUND, s));
  }
}

function fit(
  x: Float32Array,
  y: Float32Array,
  weight: Float32Array,
  held: Uint8Array,
  p: number,
  plan: NetworkPlan,
  r: Random,
): Net {
  const h = plan.hidden;
  const size = h * p + h + 2 * (h + 1);
  const net: Net = { inputs: p, hidden: h, w: new Float32Array(size) };
  for (let k = 0; k < h * p; k++) net.w[k] = r.normal() * Math.sqrt(1.5 / p);
  for (let j = 0; j < h; j++) net.w[h * p + h + j] = (0.2 * r.normal()) / Math.sqrt(h);
  const seen: number[] = [];
  for (let i = 0; i < y.length; i++) if (held[i]) seen.push(i);
  const order = Int32Array.from(seen);
  const gradient = new Float32Array(size);
  const m = new Float32Array(size);
  const v = new Float32Array(size);
  let expected = 0;
  for (const i of order) expected += Math.min(1, weight[i]);
  const total = Math.max(1, Math.ceil((plan.epochs * expected) / BATCH));
  const batch = new Int32Array(BATCH);
  let step = 0;
  for (let epoch = 0; epoch < plan.epochs; epoch++) {
    shuffle(order, r);
    let n = 0;
    for (const i of order) {
      if (weight[i] < 1 && r.uniform() >= weight[i]) continue;
      batch[n++] = i;
      if (n < BATCH) continue;
      n = 0;
      step += 1;
      gradient.fill(0);
      backward(net, x, y, batch, gradient);
      const rate = plan.rate * (1 - (0.9 * step) / total);
      const c1 = 1 / (1 - 0.9 ** step);
      const c2 = 1 / (1 - 0.999 ** step);
      for (let k = 0; k < size; k++) {
        const g = gradient[k] / BATCH;
        m[k] = 0.9 * m[k] + 0.1 * g;
        v[k] = 0.999 * v[k] + 0.001 * g * g;
        net.w[k] -= rate * ((m[k] * c1) / (Math.sqrt(v[k] * c2) + 1e-6) + plan.decay * net.w[k]);
      }
    }
  }
  return net;
}

function backward(net: Net, x: Float32Array, y: Float32Array, batch: Int32Array, g: Float32Array): void {
  const { inputs: p, hidden: h, w } = net;
  const bias = h * p;
  const centre = bias + h;
  const scale = centre + h + 1;
  const active = new Float64Array(h);
  for (const i of batch) {
    let c = w[centre + h];
    let s = w[scale + h];
    for (let j = 0; j < h; j++) {
      let a = w[bias + j];
      const at = j * p;
      for (let k = 0, xi = i * p; k < p; k++, xi++) a += w[at + k] * x[xi];
      active[j] = Math.max(a, 0);
      if (a > 0) {
        c += w[centre + j] * a;
        s += w[scale + j] * a;
      }
    }
    s = Math.max(-LOG_BOUND, Math.min(LOG_BOUND, s));
    const inverse = Math.exp(-s);
    const u = (y[i] - c) * inverse;
    // Smooth about 0, bounded far away: the derivative of sqrt(u^2 + e) by the centre, and of the log scale.
    const dc = (-u / Math.sqrt(u * u + 0.01)) * inverse;
    const ds = Math.max(-3, 1 - Math.abs(u));
    g[centre + h] += dc;
    g[scale + h] += ds;
    for (let j = 0; j < h; j++) {
      const a = active[j];
      if (a === 0) continue;
      g[centre + j] += dc * a;
      g[scale + j] += ds * a;
      const da = dc * w[centre + j] + ds * w[scale + j];
      g[bias + j] += da;
      const at = j * p;
      for (let k = 0, xi = i * p; k < p; k++, xi++) g[at + k] += da * x[xi];
    }
  }
}

function shuffle(order: Int32Array, r: Random): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = r.below(i + 1);
    const v = order[i];
    order[i] = order[j];
    order[j] = v;
  }
}
