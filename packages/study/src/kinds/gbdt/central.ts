// Central training on one table, written as one would without any federation: recursion over row lists, both children's histograms counted, no rounds.
// It shares with gbdt.ts the fixed-point gradients and the choice of a split, and must give the same trees. The order of nodes in the list is by level.
import type { Rows } from '../learner.ts';
import { residualQuantile } from './gbdt.ts';
import { channelsOf, clampTarget, writeGradient } from './gradient.ts';
import { LEAF_WEIGHT_BITS, residualCell } from './node.ts';
import { baseFrom, edgesFrom, sketch } from './sketch.ts';
import {
  binOf,
  type GbdtModel,
  type GbdtSpec,
  LEAF_CELLS,
  outputsOf,
  predict,
  type Tree,
  type TreeNode,
} from './spec.ts';
import { bestSplit, leafValue } from './split.ts';
import { residualEdges } from './state.ts';

/** Trains on all rows at once. */
export function trainGbdtCentrally(spec: GbdtSpec, rows: Rows): GbdtModel {
  const f = rows.features;
  const outputs = outputsOf(spec);
  const channels = channelsOf(spec);
  const first = sketch(spec, rows);
  const edges = edgesFrom(spec, first);
  const base = baseFrom(spec, first);
  const bins = Uint8Array.from({ length: rows.count * f }, (_, i) => binOf(rows.x[i], edges[i % f]));
  const scores = new Float64Array(rows.count * outputs);
  for (let i = 0; i < scores.length; i++) scores[i] = base[i % outputs];
  const gradients = new Float64Array(rows.count * channels);
  const trees: Tree[] = [];
  for (let t = 0; t < spec.trees; t++) {
    for (let i = 0; i < rows.count; i++)
      writeGradient(spec, rows.y[i], rows.weight?.[i] ?? 1, scores, i * outputs, gradients, i * channels);
    const tree: (TreeNode & { rows?: number[] })[] = [];
    const queue = [{ at: 0, level: 0, rows: Array.from({ length: rows.count }, (_, i) => i) }];
    tree.push({ feature: -1, bin: -1, left: -1, right: -1 });
    for (const item of queue) {
      const total = new Float64Array(channels);
      const histogram = new Float64Array(f * spec.bins * channels);
      for (const i of item.rows)
        for (let c = 0; c < channels; c++) {
          total[c] += gradients[i * channels + c];
          for (let j = 0; j < f; j++)
            histogram[(j * spec.bins + bins[i * f + j]) * channels + c] += gradients[i * channels + c];
        }
      const split = item.level < spec.depth ? bestSplit(spec, histogram, total) : undefined;
      if (!split) {
        const value = leafOf(spec, rows, item.rows, scores, total);
        tree[item.at] = { feature: -1, bin: -1, left: -1, right: -1, value };
        for (const i of item.rows) for (let k = 0; k < outputs; k++) scores[i * outputs + k] += value[k];
        continue;
      }
      const left = tree.length;
      tree[item.at] = { feature: split.feature, bin: split.bin, left, right: left + 1 };
      tree.push({ feature: -1, bin: -1, left: -1, right: -1 }, { feature: -1, bin: -1, left: -1, right: -1 });
      const goesLeft = (i: number) => bins[i * f + split.feature] <= split.bin;
      queue.push({ at: left, level: item.level + 1, rows: item.rows.filter(goesLeft) });
      queue.push({ at: left + 1, level: item.level + 1, rows: item.rows.filter(i => !goesLeft(i)) });
    }
    trees.push(tree);
  }
  return { edges, base, trees };
}

function leafOf(
  spec: GbdtSpec,
  rows: Rows,
  members: readonly number[],
  scores: Float64Array,
  total: Float64Array,
): number[] {
  if (spec.loss.kind !== 'quantile') return [leafValue(spec, total)];
  const outputs = outputsOf(spec);
  const edges = residualEdges(spec);
  return spec.loss.levels.map((q, k) => {
    const cells = new Float64Array(LEAF_CELLS);
    for (const i of members) {
      const weight = Math.round(2 ** LEAF_WEIGHT_BITS * Math.min(1, Math.max(0, rows.weight?.[i] ?? 1)));
      cells[residualCell(edges, clampTarget(spec, rows.y[i]) - scores[i * outputs + k])] += weight;
    }
    return spec.learningRate * residualQuantile(edges, cells, q);
  });
}

/** Mean loss of a model over rows, in the loss's own units (half squared error, Poisson deviance / 2 without constants, mean pinball). */
export function gbdtLoss(spec: GbdtSpec, model: GbdtModel, rows: Rows): number {
  let sum = 0;
  let weights = 0;
  for (let i = 0; i < rows.count; i++) {
    const out = predict(model, rows.x.subarray(i * rows.features, (i + 1) * rows.features));
    const w = rows.weight?.[i] ?? 1;
    const y = rows.y[i];
    weights += w;
    if (spec.loss.kind === 'squared') sum += (w * (y - out[0]) ** 2) / 2;
    else if (spec.loss.kind === 'poisson') sum += w * (Math.exp(out[0]) - y * out[0]);
    else {
      const levels = [...spec.loss.levels].sort((a, b) => a - b);
      const pinball = levels.reduce((s, q, k) => s + Math.max(q * (y - out[k]), (q - 1) * (y - out[k])), 0);
      sum += (w * pinball) / levels.length;
    }
  }
  return sum / weights;
}
