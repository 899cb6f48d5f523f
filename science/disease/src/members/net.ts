// One small net: a hidden layer, two outputs (centre and log scale), Adam on the Laplace likelihood over rows drawn by weight.
// Trap: sums run in a fixed order, so the same rows and chance give the same weights to the bit.
import type { Random } from '@madang/numerics';

const BATCH = 64;
/** Bound of the log scale about its mean. */
const LOG_BOUND = 2.5;

/** How one net is trained. */
export interface NetPlan {
  readonly hidden: number;
  /** Passes over the rows it sees; a row of weight 0.3 is drawn in three of ten passes. */
  readonly epochs: number;
  /** Step of Adam at the start; it falls linearly to a tenth. */
  readonly rate: number;
  /** Pull of the weights to 0, decoupled (AdamW). */
  readonly decay: number;
}

/** Weights of one net: hidden rows of `inputs` weights, hidden biases; then `hidden` weights and a bias for each of the two outputs. */
export interface Net {
  readonly inputs: number;
  readonly hidden: number;
  readonly w: Float32Array;
}

/** Centre and log scale of every row, beside each other. */
export function forward(net: Net, x: Float32Array, rows: number, out: Float32Array): void {
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

/** Trains a net of `plan.hidden` units on the rows with `held` 1: `x` rows x `p` inputs, `y` outcomes, drawn by `weight`. */
export function fitNet(
  x: Float32Array,
  y: Float32Array,
  weight: Float32Array,
  held: Uint8Array,
  p: number,
  plan: NetPlan,
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
