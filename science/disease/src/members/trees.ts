// Regression trees on binned features, grown best split first on histograms (the method of LightGBM, Ke et al. 2017), for squared loss with
// row weights. Bin 0 holds missing values and always goes left.
import type { Random } from '@madang/numerics';
import type { Design } from '../panel/design.ts';

export const BINS = 64;

/** Bin edges of the used columns, learned once a training. */
export interface Binning {
  readonly columns: readonly number[];
  /** Ascending inner edges of each used column. */
  readonly edges: readonly Float32Array[];
}

/** Bin numbers, column after column: `bins[c * rows + i]`. */
export interface Binned {
  readonly rows: number;
  readonly bins: Uint8Array;
}

export interface Tree {
  /** Used-column index of each node, or -1 for a leaf. */
  readonly column: Int16Array;
  /** Rows with bin <= threshold go left. */
  readonly threshold: Uint8Array;
  readonly left: Int16Array;
  readonly right: Int16Array;
  readonly value: Float32Array;
}

export interface TreePlan {
  readonly leaves: number;
  /** Least total weight of a leaf. */
  readonly leastWeight: number;
  /** Added to a leaf's weight when its value is taken: pulls small leaves to 0. */
  readonly shrink: number;
  /** Share of the columns tried in one tree. */
  readonly columnShare: number;
}

/** Edges at evenly spaced ranks of up to 20,000 rows. */
export function makeBinning(d: Design, columns: readonly number[]): Binning {
  const stride = Math.max(1, Math.floor(d.rows / 20000));
  const edges = columns.map(c => {
    const values: number[] = [];
    for (let i = 0; i < d.rows; i += stride) {
      const v = d.x[i * d.width + c];
      if (!Number.isNaN(v)) values.push(v);
    }
    const sorted = Float32Array.from(values).sort();
    const out: number[] = [];
    for (let b = 1; b < BINS - 1; b++) {
      const e = sorted[Math.floor((b * sorted.length) / (BINS - 1))];
      if (e !== undefined && (out.length === 0 || e > out[out.length - 1])) out.push(e);
    }
    return Float32Array.from(out);
  });
  return { columns, edges };
}

export function binRows(d: Design, binning: Binning): Binned {
  const bins = new Uint8Array(binning.columns.length * d.rows);
  for (const [c, column] of binning.columns.entries()) {
    const edges = binning.edges[c];
    for (let i = 0; i < d.rows; i++) {
      const v = d.x[i * d.width + column];
      if (Number.isNaN(v)) continue;
      let low = 0;
      let high = edges.length;
      while (low < high) {
        const mid = (low + high) >> 1;
        if (v >= edges[mid]) low = mid + 1;
        else high = mid;
      }
      bins[c * d.rows + i] = low + 1;
    }
  }
  return { rows: d.rows, bins };
}

interface Node {
  readonly id: number;
  readonly from: number;
  readonly to: number;
  readonly weight: number;
  readonly sum: number;
  /** Per tried column: sums of weight and of weight x residual by bin. */
  readonly hist: Float64Array;
  gain: number;
  column: number;
  threshold: number;
}

/** Grows one tree on the rows in `rows` (reordered in place); `residual` and `weight` are by design row. */
export function growTree(
  data: Binned,
  columns: number,
  rows: Int32Array,
  residual: Float32Array,
  weight: Float32Array,
  plan: TreePlan,
  r: Random,
): Tree {
  const tried = sample(columns, Math.max(1, Math.round(columns * plan.columnShare)), r);
  const column: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const value: number[] = [];
  const scratch = new Int32Array(rows.length);
  const make = (from: number, to: number, hist: Float64Array): Node => {
    let w = 0;
    let s = 0;
    for (let b = 0; b < BINS; b++) {
      w += hist[2 * b];
      s += hist[2 * b + 1];
    }
    column.push(-1);
    threshold.push(0);
    left.push(-1);
    right.push(-1);
    value.push(s / (w + plan.shrink));
    const node: Node = { id: column.length - 1, from, to, weight: w, sum: s, hist, gain: 0, column: -1, threshold: 0 };
    findSplit(node, tried, plan);
    return node;
  };
  const open = [make(0, rows.length, histogram(data, tried, rows, 0, rows.length, residual, weight))];
  for (let leaves = 1; leaves < plan.leaves; leaves++) {
    let best = -1;
    for (let k = 0; k < open.length; k++)
      if (open[k].gain > 0 && (best < 0 || open[k].gain > open[best].gain)) best = k;
    if (best < 0) break;
    const node = open[best];
    const bins = data.bins.subarray(node.column * data.rows, (node.column + 1) * data.rows);
    let a = node.from;
    let b = 0;
    for (let k = node.from; k < node.to; k++) {
      const i = rows[k];
      if (bins[i] <= node.threshold) rows[a++] = i;
      else scratch[b++] = i;
    }
    rows.set(scratch.subarray(0, b), a);
    const smallLeft = a - node.from <= node.to - a;
    const small = smallLeft
      ? histogram(data, tried, rows, node.from, a, residual, weight)
      : histogram(data, tried, rows, a, node.to, residual, weight);
    const large = node.hist;
    for (let k = 0; k < large.length; k++) large[k] -= small[k];
    const l = make(node.from, a, smallLeft ? small : large);
    const g = make(a, node.to, smallLeft ? large : small);
    column[node.id] = node.column;
    threshold[node.id] = node.threshold;
    left[node.id] = l.id;
    right[node.id] = g.id;
    open[best] = l;
    open.push(g);
  }
  return {
    column: Int16Array.from(column),
    threshold: Uint8Array.from(threshold),
    left: Int16Array.from(left),
    right: Int16Array.from(right),
    value: Float32Array.from(value),
  };
}

/** Adds `rate` x the tree's value to `out` for every row. */
export function addTree(tree: Tree, data: Binned, rate: number, out: Float32Array): void {
  for (let i = 0; i < data.rows; i++) {
    let n = 0;
    for (let c = tree.column[0]; c >= 0; c = tree.column[n])
      n = data.bins[c * data.rows + i] <= tree.threshold[n] ? tree.left[n] : tree.right[n];
    out[i] += rate * tree.value[n];
  }
}

function histogram(
  data: Binned,
  tried: Int32Array,
  rows: Int32Array,
  from: number,
  to: number,
  residual: Float32Array,
  weight: Float32Array,
): Float64Array {
  const out = new Float64Array(tried.length * BINS * 2);
  // Weights and products are gathered once, so that the loop over columns reads them in order.
  const n = to - from;
  const w = new Float64Array(n);
  const wr = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const i = rows[from + k];
    w[k] = weight[i];
    wr[k] = weight[i] * residual[i];
  }
  for (let t = 0; t < tried.length; t++) {
    const bins = data.bins.subarray(tried[t] * data.rows, (tried[t] + 1) * data.rows);
    const hist = out.subarray(t * BINS * 2, (t + 1) * BINS * 2);
    for (let k = 0; k < n; k++) {
      const h = 2 * bins[rows[from + k]];
      hist[h] += w[k];
      hist[h + 1] += wr[k];
    }
  }
  return out;
}

function findSplit(node: Node, tried: Int32Array, plan: TreePlan): void {
  const whole = (node.sum * node.sum) / (node.weight + plan.shrink);
  for (let t = 0; t < tried.length; t++) {
    let w = 0;
    let s = 0;
    for (let b = 0; b < BINS - 1; b++) {
      const h = (t * BINS + b) * 2;
      w += node.hist[h];
      s += node.hist[h + 1];
      const rest = node.weight - w;
      if (w < plan.leastWeight) continue;
      if (rest < plan.leastWeight) break;
      const other = node.sum - s;
      const gain = (s * s) / (w + plan.shrink) + (other * other) / (rest + plan.shrink) - whole;
      if (gain > node.gain + 1e-9) {
        node.gain = gain;
        node.column = tried[t];
        node.threshold = b;
      }
    }
  }
}

function sample(n: number, k: number, r: Random): Int32Array {
  const all = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < k; i++) {
    const j = i + r.below(n - i);
    const v = all[i];
    all[i] = all[j];
    all[j] = v;
  }
  return all.subarray(0, k);
}
