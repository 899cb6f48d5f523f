// Gradient-boosted trees over secure sums: what a study declares, the model, and how a row is scored.
// Design: histogram trees grown level by level as in LightGBM (Ke et al. 2017) and XGBoost (Chen and Guestrin 2016); quantile leaves are set to the
// quantile of the residuals in the leaf. Nothing data-dependent is taken from one node alone: bin edges and the starting value are sums too.

export type GbdtLoss =
  | { readonly kind: 'squared' }
  /** Counts: the model is the logarithm of the mean. */
  | { readonly kind: 'poisson' }
  /** One tree serves all levels (each in (0, 1)); leaves hold one value a level. */
  | { readonly kind: 'quantile'; readonly levels: readonly number[] };

export interface GbdtSpec {
  readonly loss: GbdtLoss;
  /** Public range of each feature: values outside count as at the edge, missing values sort below all others. */
  readonly featureRanges: readonly (readonly [low: number, high: number])[];
  /** Public range of the target; values outside are moved to the edge. */
  readonly targetRange: readonly [low: number, high: number];
  readonly trees: number;
  /** Levels of splits, 1 to 12. */
  readonly depth: number;
  /** Bins a feature including the one for missing values, 3 to 256. */
  readonly bins: number;
  readonly learningRate: number;
  /** Ridge penalty on leaf values. */
  readonly lambda: number;
  /** Least sum of second derivatives (weighted rows for squared and quantile) on each side of a split. */
  readonly minChildWeight: number;
  /** Least gain of a split. */
  readonly minGain: number;
  /** Gradients are clipped to ±gradientClip and kept with `bits` binary places. */
  readonly gradientClip: number;
  readonly bits: number;
  /** No node brings more rows; it must refuse to take part otherwise. */
  readonly maxRows: number;
}

/** Cells of the first round's histograms. */
export const SKETCH_CELLS = 256;
/** Cells of the residual histogram of one leaf and level. */
export const LEAF_CELLS = 64;

/** Inner nodes have left and right; a row goes left when its bin is at most `bin`. Leaves have `value`, one number an output. */
export interface TreeNode {
  readonly feature: number;
  readonly bin: number;
  readonly left: number;
  readonly right: number;
  readonly value?: readonly number[];
}

export type Tree = readonly TreeNode[];

export interface GbdtModel {
  /** Upper edge of bins 1 … bins - 2 of each feature; bin 0 is missing. */
  readonly edges: readonly (readonly number[])[];
  readonly base: readonly number[];
  readonly trees: readonly Tree[];
}

/** Outputs of the model: the levels of a quantile loss, else one. */
export function outputsOf(spec: GbdtSpec): number {
  return spec.loss.kind === 'quantile' ? spec.loss.levels.length : 1;
}

/** Throws RangeError with the name of the first setting that cannot be. */
export function checkSpec(s: GbdtSpec): void {
  const need = (ok: boolean, what: string) => {
    if (!ok) throw new RangeError(`gbdt: ${what}`);
  };
  need(s.featureRanges.length > 0, 'no features');
  for (const [i, [low, high]] of s.featureRanges.entries())
    need(low < high, `feature ${i}: the range ${low} to ${high} is empty`);
  need(s.targetRange[0] < s.targetRange[1], 'the target range is empty');
  need(Number.isInteger(s.trees) && s.trees >= 1, `trees: ${s.trees}`);
  need(Number.isInteger(s.depth) && s.depth >= 1 && s.depth <= 12, `depth: ${s.depth} is not 1 to 12`);
  need(Number.isInteger(s.bins) && s.bins >= 3 && s.bins <= 256, `bins: ${s.bins} is not 3 to 256`);
  need(s.learningRate > 0 && s.lambda >= 0 && s.minGain >= 0, 'learning rate, lambda or least gain is negative');
  need(s.minChildWeight > 0, `least child weight: ${s.minChildWeight} is not positive`);
  need(s.gradientClip > 0 && Number.isInteger(s.bits) && s.bits >= 0 && s.bits <= 32, 'gradient clip or bits');
  need(Number.isSafeInteger(s.maxRows) && s.maxRows >= 1, `rows a node: ${s.maxRows}`);
  if (s.loss.kind === 'quantile')
    need(s.loss.levels.length > 0 && s.loss.levels.every(q => q > 0 && q < 1), 'quantile levels are not inside (0, 1)');
}

/** The bin of one value: 0 missing, else 1 + number of edges below it. */
export function binOf(x: number, edges: readonly number[]): number {
  if (Number.isNaN(x)) return 0;
  let [lo, hi] = [0, edges.length];
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (x <= edges[mid]) hi = mid;
    else lo = mid + 1;
  }
  return lo + 1;
}

/** Outputs for one row of features (the logarithm of the mean for Poisson); levels of a quantile model are sorted. */
export function predict(model: GbdtModel, x: ArrayLike<number>): number[] {
  const out = [...model.base];
  for (const tree of model.trees) {
    let node = tree[0];
    while (!node.value)
      node = tree[binOf(x[node.feature], model.edges[node.feature]) <= node.bin ? node.left : node.right];
    for (let k = 0; k < out.length; k++) out[k] += node.value[k];
  }
  return out.length > 1 ? out.sort((a, b) => a - b) : out;
}
