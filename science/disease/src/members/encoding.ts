// Features as a linear model wants them: standardised, bounded, missing ones at their mean with a flag, some multiplied by the step,
// and fixed random ReLU features of all of them drawn from a public seed (Rahimi and Recht 2007). Everyone computes the same map.
import { random } from '@madang/numerics';
import type { Design } from '../panel/design.ts';

export interface EncodingPlan {
  /** Column groups left out. */
  readonly without: readonly string[];
  /** Number of random ReLU features; 0 = linear. */
  readonly hidden: number;
  readonly seed: string;
}

/** Sums from which means and deviations of the columns come: weight, weighted sum and sum of squares of the known values. */
export interface Moments {
  readonly weight: Float64Array;
  readonly sum: Float64Array;
  readonly square: Float64Array;
}

export interface Encoding {
  /** Number of encoded features, the constant first. */
  readonly size: number;
  /** Writes encoded row `row` of the design at `out[from …]`. */
  encode(design: Design, row: number, out: Float64Array, from: number): void;
}

/** Standardised values are bounded here, so that no row weighs without limit. */
const BOUND = 4;
/** Columns whose absence is worth knowing. */
const FLAGGED = ['change1', 'slope6', 'climateChange', 'waveDistance'];

/** The sums of one design; those of several designs add up. */
export function momentsOf(d: Design): Moments {
  const weight = new Float64Array(d.width);
  const sum = new Float64Array(d.width);
  const square = new Float64Array(d.width);
  for (let i = 0; i < d.rows; i++) {
    const w = d.weight[i];
    for (let k = 0; k < d.width; k++) {
      const v = d.x[i * d.width + k];
      if (Number.isNaN(v)) continue;
      weight[k] += w;
      sum[k] += w * v;
      square[k] += w * v * v;
    }
  }
  return { weight, sum, square };
}

export function makeEncoding(columns: Design['columns'], moments: Moments, plan: EncodingPlan): Encoding {
  const used = columns.flatMap((c, k) => (plan.without.includes(c.group) ? [] : [k]));
  const mean = used.map(k => (moments.weight[k] > 0 ? moments.sum[k] / moments.weight[k] : 0));
  const inverse = used.map((k, i) => {
    const v = moments.weight[k] > 0 ? moments.square[k] / moments.weight[k] - mean[i] ** 2 : 0;
    return v > 1e-10 ? 1 / Math.sqrt(v) : 0;
  });
  const grows = used.flatMap((k, i) => (columns[k].growsWithStep ? [i] : []));
  const flags = FLAGGED.flatMap(name => {
    const k = columns.findIndex(c => c.name === name);
    return used.includes(k) ? [k] : [];
  });
  const stepAt = used.findIndex(k => columns[k].group === 'step');
  const n = used.length;
  const linear = 1 + n + 1 + grows.length + flags.length;
  const r = random(plan.seed);
  const mapWeights = new Float64Array(plan.hidden * n);
  const mapBias = new Float64Array(plan.hidden);
  for (let h = 0; h < plan.hidden; h++) {
    for (let i = 0; i < n; i++) mapWeights[h * n + i] = r.normal() / Math.sqrt(n);
    mapBias[h] = 2 * r.uniform() - 1;
  }
  const v = new Float64Array(n);
  return {
    size: linear + plan.hidden,
    encode(design, row, out, from) {
      const x = design.x;
      const at = row * design.width;
      for (let i = 0; i < n; i++) {
        const raw = x[at + used[i]];
        const s = Number.isNaN(raw) ? 0 : (raw - mean[i]) * inverse[i];
        v[i] = s > BOUND ? BOUND : Math.max(s, -BOUND);
      }
      let k = from;
      out[k++] = 1;
      for (let i = 0; i < n; i++) out[k++] = v[i];
      const step = v[stepAt];
      out[k++] = step * step - 1;
      for (const i of grows) out[k++] = v[i] * step;
      for (const c of flags) out[k++] = Number.isNaN(x[at + c]) ? 1 : 0;
      for (let h = 0; h < plan.hidden; h++) {
        let s = mapBias[h];
        const b = h * n;
        for (let i = 0; i < n; i++) s += mapWeights[b + i] * v[i];
        out[k++] = Math.max(s, 0);
      }
    },
  };
}
