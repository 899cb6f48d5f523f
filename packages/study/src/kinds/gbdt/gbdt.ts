// Gradient-boosted trees as a learning kind: one round for bin edges, one a tree level, one more a tree for quantile leaves.
// With noise off the trees are those of central training on all rows, split for split (central.ts is that training, written separately).
import { histogramQuantile } from '../histogram-quantile.ts';
import { type Ask, type Learner, mostOf, type Rows } from '../learner.ts';
import { channelsOf, rowDiameterSquared, rowLimit } from './gradient.ts';
import { gbdtNode, LEAF_WEIGHT_BITS } from './node.ts';
import { baseFrom, edgesFrom, sketchDiameterSquared, sketchLength, sketchLimit } from './sketch.ts';
import { checkSpec, type GbdtSpec, LEAF_CELLS, outputsOf, type Tree, type TreeNode } from './spec.ts';
import { bestSplit, leafValue } from './split.ts';
import {
  freshTree,
  type GbdtState,
  histogramLength,
  leafLength,
  OPEN,
  type Pair,
  residualEdges,
  type Stage,
} from './state.ts';

/** The learner for one study. Throws RangeError on a declaration that cannot be. */
export function gbdt(spec: GbdtSpec): Learner<Rows, GbdtState> {
  checkSpec(spec);
  const most = mostOf(1 + spec.trees * (spec.depth + (spec.loss.kind === 'quantile' ? 1 : 0)), widestAsks(spec));
  return {
    kind: 'gbdt',
    most,
    start: () => ({ model: { edges: [], base: [], trees: [] }, stage: { kind: 'sketch' }, rounds: 0 }),
    ask: state => askOf(spec, state),
    node: rows => gbdtNode(spec, rows),
    absorb(state, sum, contributors, set) {
      const next = advance(
        spec,
        state,
        sum instanceof Float64Array ? sum : Float64Array.from(sum, Number),
        `${contributors} ${set ?? ''}`,
      );
      const rounds = state.rounds + 1;
      // Trees begun anew take rounds; the declared number holds all the same.
      const over = rounds >= most.rounds && next.stage.kind !== 'done';
      return { model: next.model, stage: over ? { kind: 'done' } : next.stage, rounds };
    },
  };
}

type Step = Pick<GbdtState, 'model' | 'stage'>;

function advance(spec: GbdtSpec, state: GbdtState, sum: Float64Array, basis: string): Step {
  const { stage } = state;
  switch (stage.kind) {
    case 'sketch':
      return { model: { edges: edgesFrom(spec, sum), base: baseFrom(spec, sum), trees: [] }, stage: freshTree() };
    case 'level':
      // A right child is its parent less the left one: only of the same nodes' rows. If a node came or went, the tree begins anew.
      if (stage.basis !== undefined && stage.basis !== basis) return { model: state.model, stage: freshTree() };
      return grow(spec, state, stage, sum, basis);
    case 'leaves':
      return finish(spec, state, setLeaves(spec, stage, sum));
    case 'done':
      throw new RangeError('gbdt: the study is over');
  }
}

function askOf(spec: GbdtSpec, { model, stage }: GbdtState): Ask | undefined {
  const tree = `tree ${model.trees.length + 1} of ${spec.trees}`;
  switch (stage.kind) {
    case 'sketch':
      return {
        label: 'histograms of features and target',
        length: sketchLength(spec),
        limit: sketchLimit(spec),
        rowDiameterSquared: sketchDiameterSquared(spec),
      };
    case 'level':
      return {
        label: `${tree}, level ${stage.level + 1}: gradient histograms of ${stage.pairs.length} tree nodes`,
        length: stage.pairs.length * histogramLength(spec),
        limit: BigInt(spec.maxRows) * BigInt(rowLimit(spec)),
        rowDiameterSquared: BigInt(spec.featureRanges.length) * rowDiameterSquared(spec),
      };
    case 'leaves':
      return {
        label: `${tree}: residual histograms of ${stage.leaves.length} leaves`,
        length: leafLength(spec, stage.leaves.length),
        limit: BigInt(spec.maxRows) << BigInt(LEAF_WEIGHT_BITS),
        rowDiameterSquared: BigInt(2 * outputsOf(spec)) << BigInt(2 * LEAF_WEIGHT_BITS),
      };
    case 'done':
      return undefined;
  }
}

/** The first round, a full last level, and a full set of leaves. */
function widestAsks(spec: GbdtSpec): (Ask | undefined)[] {
  const model = { edges: [], base: [], trees: [] };
  const pairs = Array.from({ length: Math.max(1, 2 ** (spec.depth - 2)) }, (): Pair => ({ left: 0, right: 0 }));
  const stages: Stage[] = [{ kind: 'sketch' }, { kind: 'level', level: 0, tree: [], pairs }];
  if (spec.loss.kind === 'quantile')
    stages.push({ kind: 'leaves', tree: [], leaves: Array.from({ length: 2 ** spec.depth }, () => 0) });
  return stages.map(stage => askOf(spec, { model, stage, rounds: 0 }));
}

/** Splits the waiting nodes; children that may split again wait in turn. */
function grow(
  spec: GbdtSpec,
  state: GbdtState,
  stage: Stage & { kind: 'level' },
  sum: Float64Array,
  basis: string,
): Step {
  const size = histogramLength(spec);
  const tree: TreeNode[] = [...stage.tree];
  const pairs: Pair[] = [];
  const last = stage.level === spec.depth - 1;

  const visit = (at: number, histogram: Float64Array, total: Float64Array) => {
    const split = maySplit(spec, total) ? bestSplit(spec, histogram, total) : undefined;
    if (!split) {
      tree[at] = leaf(spec, total);
      return;
    }
    const left = tree.length;
    tree[at] = { feature: split.feature, bin: split.bin, left, right: left + 1 };
    if (!last && (maySplit(spec, split.left) || maySplit(spec, split.right))) {
      tree.push(OPEN, OPEN);
      pairs.push({ left, right: left + 1, leftTotal: split.left, rightTotal: split.right, parent: histogram });
    } else tree.push(leaf(spec, split.left), leaf(spec, split.right));
  };

  for (const [slot, pair] of stage.pairs.entries()) {
    const left = sum.subarray(slot * size, (slot + 1) * size);
    visit(pair.left, left, pair.leftTotal ?? totalOf(spec, left));
    if (pair.parent)
      visit(
        pair.right,
        pair.parent.map((v, i) => v - left[i]),
        pair.rightTotal!,
      );
  }
  if (pairs.length > 0)
    return { model: state.model, stage: { kind: 'level', level: stage.level + 1, tree, pairs, basis } };
  if (spec.loss.kind !== 'quantile') return finish(spec, state, tree);
  const leaves = tree.flatMap((t, i) => (t.value ? [i] : []));
  return { model: state.model, stage: { kind: 'leaves', tree, leaves } };
}

/** Whether two sides could both reach the least weight. */
function maySplit(spec: GbdtSpec, total: Float64Array): boolean {
  return total[channelsOf(spec) - 1] >= 2 * spec.minChildWeight * 2 ** spec.bits;
}

/** A leaf; its value under a quantile loss comes in a later round. */
function leaf(spec: GbdtSpec, total: Float64Array): TreeNode {
  const value = spec.loss.kind === 'quantile' ? spec.loss.levels.map(() => 0) : [leafValue(spec, total)];
  return { ...OPEN, value };
}

function totalOf(spec: GbdtSpec, histogram: Float64Array): Float64Array {
  const channels = channelsOf(spec);
  const total = new Float64Array(channels);
  for (let i = 0; i < spec.bins * channels; i++) total[i % channels] += histogram[i];
  return total;
}

function setLeaves(spec: GbdtSpec, stage: Stage & { kind: 'leaves' }, sum: Float64Array): Tree {
  const edges = residualEdges(spec);
  const levels = spec.loss.kind === 'quantile' ? spec.loss.levels : [];
  const tree = [...stage.tree];
  for (const [slot, at] of stage.leaves.entries()) {
    const value = levels.map((q, k) => {
      const from = (slot * levels.length + k) * LEAF_CELLS;
      return spec.learningRate * residualQuantile(edges, sum.subarray(from, from + LEAF_CELLS), q);
    });
    tree[at] = { ...OPEN, value };
  }
  return tree;
}

/** The level-q point of a leaf's residuals, straight within a cell; 0 for an empty leaf. */
export function residualQuantile(edges: Float64Array, cells: Float64Array, q: number): number {
  const within = (c: number, over: number, here: number) => edges[c] + ((edges[c + 1] - edges[c]) * over) / here;
  return histogramQuantile(cells, q, within, edges[cells.length]);
}

function finish(spec: GbdtSpec, { model }: GbdtState, tree: Tree): Step {
  const trees = [...model.trees, tree];
  return { model: { ...model, trees }, stage: trees.length === spec.trees ? { kind: 'done' } : freshTree() };
}
