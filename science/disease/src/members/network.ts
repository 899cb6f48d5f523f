// A small network shared by all places: one hidden layer, two outputs (centre and log scale of the increment), trained by Adam on the
// Laplace likelihood over rows drawn by weight. Several nets, each blind to whole stretches of time; the shape of the standardised
// residuals comes from rows a net has not seen. Best upon a tuned linear model, since a network does not extrapolate either.
// It is in the stack of panels (0115), not in that of the weekly hubs: there the mean gains nothing from it (docs/decisions/0034).
import { random } from '@madang/numerics';
import type { Design } from '../panel/design.ts';
import { type Encoding, makeEncoding, momentsOf } from './encoding.ts';
import { type Member, QUANTILES, type Trained } from './member.ts';
import { fitNet, forward, type Net, type NetPlan } from './net.ts';
import { shapes } from './shape-bands.ts';
import { heldStretches } from './stretches.ts';
import { fitTuned, type TunedPlan, tunedMeans } from './tuned.ts';
import { stepUnit } from './units.ts';

export interface NetworkPlan extends NetPlan {
  readonly without: readonly string[];
  readonly nets: number;
  /** Share of the stretches of time that one net sees. */
  readonly share: number;
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
        const net = fitNet(x, y, d.weight, held, encoding.size, plan, r);
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
