// A node's part in boosted trees: bins its rows once, keeps each row's place in the growing tree and its scores, and adds up the histogram asked for.
import type { NodeSide, Rows } from '../learner.ts';
import { channelsOf, clampTarget, writeGradients } from './gradient.ts';
import { gradientHistograms } from './histogram.ts';
import { Places } from './places.ts';
import { sketch } from './sketch.ts';
import { binOf, type GbdtSpec, LEAF_CELLS, outputsOf } from './spec.ts';
import { type GbdtState, leafLength, residualEdges, type Stage } from './state.ts';

/** Whole-number places of a weight in a leaf's residual histogram. */
export const LEAF_WEIGHT_BITS = 12;

export function gbdtNode(spec: GbdtSpec, rows: Rows): NodeSide<GbdtState> {
  checkRows(spec, rows);
  const { count } = rows;
  const features = spec.featureRanges.length;
  const outputs = outputsOf(spec);
  const channels = channelsOf(spec);
  const cells = residualEdges(spec);
  const scores = new Float64Array(count * outputs);
  const gradients = new Float64Array(count * channels);
  const places = new Places(count);
  let binned: Uint8Array | undefined;
  let applied = -1;
  let lastRound = -1;

  /** Brings bins, scores and gradients up to the model; from nothing if this side has just started. */
  function catchUp(state: GbdtState): Uint8Array {
    const { edges, base, trees } = state.model;
    if (!binned) {
      binned = new Uint8Array(count * features);
      for (let i = 0; i < count; i++) {
        for (let k = 0; k < outputs; k++) scores[i * outputs + k] = base[k];
        for (let j = 0; j < features; j++) binned[i * features + j] = binOf(rows.x[i * features + j], edges[j]);
      }
      applied = 0;
      writeGradients(spec, rows, scores, gradients);
    }
    for (; applied < trees.length; applied++) {
      const tree = trees[applied];
      places.descend(tree, binned, features);
      for (const [at, { value }] of tree.entries()) if (value) places.addTo(scores, at, value);
      places.reset();
      writeGradients(spec, rows, scores, gradients);
    }
    return binned;
  }

  function residuals(stage: Stage & { kind: 'leaves' }): Float64Array {
    const out = new Float64Array(leafLength(spec, stage.leaves.length));
    for (const [slot, leaf] of stage.leaves.entries())
      for (const i of places.rowsAt(leaf)) {
        const weight = Math.round(2 ** LEAF_WEIGHT_BITS * Math.min(1, Math.max(0, rows.weight?.[i] ?? 1)));
        const y = clampTarget(spec, rows.y[i]);
        for (let k = 0; k < outputs; k++)
          out[(slot * outputs + k) * LEAF_CELLS + residualCell(cells, y - scores[i * outputs + k])] += weight;
      }
    return out;
  }

  return {
    encode(state) {
      const { stage, model, rounds } = state;
      if (stage.kind === 'sketch') return sketch(spec, rows);
      if (stage.kind === 'done') throw new RangeError('gbdt: the study is over; nothing is asked');
      // Places are of the tree that grew in the round before; after a round missed, or when a tree begins anew, rows start at the root again.
      const anew = stage.kind === 'level' && stage.level === 0 && applied === model.trees.length;
      if (rounds !== lastRound + 1 || anew) places.reset();
      lastRound = rounds;
      const bins = catchUp(state);
      places.descend(stage.tree, bins, features);
      if (stage.kind === 'leaves') return residuals(stage);
      const held = { features, bins: spec.bins, channels, binned: bins, gradients };
      return gradientHistograms(
        held,
        places.order,
        stage.pairs.map(p => places.segmentOf(p.left)),
      );
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
