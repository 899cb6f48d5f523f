// A node's part in boosted trees: bins its rows once, keeps each row's place in the growing tree and its scores, and adds up the histogram asked for.
import type { NodeSide, Rows } from '../learner.ts';
import { channelsOf, clampTarget, writeGradient } from './gradient.ts';
import { sketch } from './sketch.ts';
import { binOf, type GbdtSpec, LEAF_CELLS, outputsOf, type Tree } from './spec.ts';
import { type GbdtState, histogramLength, leafLength, residualEdges, type Stage } from './state.ts';

/** Whole-number places of a weight in a leaf's residual histogram. */
export const LEAF_WEIGHT_BITS = 12;

export function gbdtNode(spec: GbdtSpec, rows: Rows): NodeSide<GbdtState> {
  checkRows(spec, rows);
  const { count } = rows;
  const features = spec.featureRanges.length;
  const outputs = outputsOf(spec);
  const channels = channelsOf(spec);
  const cells = residualEdges(spec);
  let bins: Uint8Array | undefined;
  const scores = new Float64Array(count * outputs);
  const gradients = new Float64Array(count * channels);
  const place = new Int32Array(count);
  let applied = -1;
  let lastRound = -1;

  /** Brings bins, scores and gradients up to the model; from nothing if this side has just started. */
  function catchUp(state: GbdtState): void {
    if (applied < 0) {
      bins = new Uint8Array(count * features);
      for (let i = 0; i < count; i++) {
        for (let k = 0; k < outputs; k++) scores[i * outputs + k] = state.model.base[k];
        for (let j = 0; j < features; j++)
          bins[i * features + j] = binOf(rows.x[i * features + j], state.model.edges[j]);
      }
      applied = 0;
      refreshGradients();
    }
    for (; applied < state.model.trees.length; applied++) {
      const tree = state.model.trees[applied];
      descend(tree);
      const values = new Float64Array(tree.length * outputs);
      for (const [at, node] of tree.entries()) if (node.value) values.set(node.value, at * outputs);
      for (let i = 0; i < count; i++)
        for (let k = 0, from = place[i] * outputs; k < outputs; k++) scores[i * outputs + k] += values[from + k];
      place.fill(0);
      refreshGradients();
    }
  }

  function refreshGradients(): void {
    for (let i = 0; i < count; i++)
      writeGradient(spec, rows.y[i], rows.weight?.[i] ?? 1, scores, i * outputs, gradients, i * channels);
  }

  /** Moves rows down as far as the tree has grown; nodes are only ever added below, so places stay valid. */
  function descend(tree: Tree): void {
    const left = Int32Array.from(tree, t => t.left);
    const right = Int32Array.from(tree, t => t.right);
    const feature = Int32Array.from(tree, t => t.feature);
    const bin = Int32Array.from(tree, t => t.bin);
    const b = bins!;
    for (let i = 0; i < count; i++) {
      let at = place[i];
      while (left[at] >= 0) at = b[i * features + feature[at]] <= bin[at] ? left[at] : right[at];
      place[i] = at;
    }
  }

  function histograms(stage: Stage & { kind: 'level' }): Float64Array {
    const size = histogramLength(spec);
    const slotOf = new Int32Array(stage.tree.length).fill(-1);
    for (const [slot, pair] of stage.pairs.entries()) slotOf[pair.left] = slot;
    const out = new Float64Array(stage.pairs.length * size);
    const b = bins!;
    const stride = spec.bins * channels;
    for (let i = 0; i < count; i++) {
      const slot = slotOf[place[i]];
      if (slot < 0) continue;
      const from = i * channels;
      let base = slot * size;
      if (channels === 2) {
        // The common case by hand: twice as fast.
        const [g, h] = [gradients[from], gradients[from + 1]];
        for (let j = i * features, end = j + features; j < end; j++, base += stride) {
          const at = base + 2 * b[j];
          out[at] += g;
          out[at + 1] += h;
        }
      } else
        for (let j = i * features, end = j + features; j < end; j++, base += stride) {
          const at = base + b[j] * channels;
          for (let c = 0; c < channels; c++) out[at + c] += gradients[from + c];
        }
    }
    return out;
  }

  function residuals(stage: Stage & { kind: 'leaves' }): Float64Array {
    const slotOf = new Int32Array(stage.tree.length).fill(-1);
    for (const [slot, leaf] of stage.leaves.entries()) slotOf[leaf] = slot;
    const out = new Float64Array(leafLength(spec, stage.leaves.length));
    for (let i = 0; i < count; i++) {
      const weight = Math.round(2 ** LEAF_WEIGHT_BITS * Math.min(1, Math.max(0, rows.weight?.[i] ?? 1)));
      const y = clampTarget(spec, rows.y[i]);
      const from = slotOf[place[i]] * outputs;
      for (let k = 0; k < outputs; k++)
        out[(from + k) * LEAF_CELLS + residualCell(cells, y - scores[i * outputs + k])] += weight;
    }
    return out;
  }

  return {
    encode(state) {
      const { stage } = state;
      if (stage.kind === 'sketch') return sketch(spec, rows);
      if (stage.kind === 'done') throw new RangeError('gbdt: the study is over; nothing is asked');
      // Places are of the tree that grew in the round before; after a round missed, or when a tree begins anew, rows start at the root again.
      if (state.rounds !== lastRound + 1 || (stage.kind === 'level' && stage.level === 0)) place.fill(0);
      lastRound = state.rounds;
      catchUp(state);
      descend(stage.tree);
      return stage.kind === 'level' ? histograms(stage) : residuals(stage);
    },
  };
}

/** The cell of a residual; the outer cells take what lies outside. */
export function residualCell(edges: Float64Array, r: number): number {
  let [lo, hi] = [0, edges.length - 2];
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (r < edges[mid + 1]) hi = mid;
    else lo = mid + 1;
  }
  return lo;
}

function checkRows(spec: GbdtSpec, rows: Rows): void {
  const f = spec.featureRanges.length;
  if (rows.features !== f) throw new RangeError(`gbdt: rows have ${rows.features} features, the study ${f}`);
  if (rows.count > spec.maxRows)
    throw new RangeError(
      `gbdt: ${rows.count} rows, but the study allows ${spec.maxRows} a node; leave rows out or do not take part`,
    );
  if (rows.x.length !== rows.count * f || rows.y.length !== rows.count)
    throw new RangeError(`gbdt: ${rows.count} rows need ${rows.count * f} feature values and as many targets`);
}
