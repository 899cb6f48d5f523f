// The public state of the study between rounds: the model so far and the tree that is growing. Plain data; the next state follows from it and a sum.
import { channelsOf } from './gradient.ts';
import { type GbdtModel, type GbdtSpec, LEAF_CELLS, outputsOf, type Tree, type TreeNode } from './spec.ts';

/** Two children that wait for their histograms; only the left one's is asked, the right one's is parent minus left. The root has no right. */
export interface Pair {
  readonly left: number;
  readonly right: number;
  /** Channel sums of each, whole numbers. Unknown for the root. */
  readonly leftTotal?: Float64Array;
  readonly rightTotal?: Float64Array;
  readonly parent?: Float64Array;
}

export type Stage =
  | { readonly kind: 'sketch' }
  /** `tree` has nodes without children and value where a histogram is awaited; `basis` names the nodes whose rows the parents' histograms hold. */
  | {
      readonly kind: 'level';
      readonly level: number;
      readonly tree: Tree;
      readonly pairs: readonly Pair[];
      readonly basis?: string;
    }
  /** Quantile losses: which nodes of the finished tree are leaves that wait for their residuals. */
  | { readonly kind: 'leaves'; readonly tree: Tree; readonly leaves: readonly number[] }
  | { readonly kind: 'done' };

export interface GbdtState {
  readonly model: GbdtModel;
  readonly stage: Stage;
  /** Rounds held so far. */
  readonly rounds: number;
}

/** A node that waits. */
export const OPEN: TreeNode = { feature: -1, bin: -1, left: -1, right: -1 };

export function histogramLength(spec: GbdtSpec): number {
  return spec.featureRanges.length * spec.bins * channelsOf(spec);
}

export function freshTree(): Stage {
  return { kind: 'level', level: 0, tree: [OPEN], pairs: [{ left: 0, right: -1 }] };
}

/** Places of a leaf message: leaves x outputs x cells. */
export function leafLength(spec: GbdtSpec, leaves: number): number {
  return leaves * outputsOf(spec) * LEAF_CELLS;
}

/** Inner edges of the residual cells: fine near zero, wide outside (hyperbolic sine), over plus or minus the target's range. */
export function residualEdges(spec: GbdtSpec): Float64Array {
  const reach = spec.targetRange[1] - spec.targetRange[0];
  const bend = 5;
  return Float64Array.from(
    { length: LEAF_CELLS + 1 },
    (_, i) => (reach * Math.sinh(bend * ((2 * i) / LEAF_CELLS - 1))) / Math.sinh(bend),
  );
}
