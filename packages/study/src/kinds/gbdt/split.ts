// The best split of a node from its summed histogram. Ties go to the lowest feature, then the lowest bin, so that every reader finds the same tree.
import { channelsOf } from './gradient.ts';
import type { GbdtSpec } from './spec.ts';

export interface Split {
  readonly feature: number;
  readonly bin: number;
  readonly gain: number;
  /** Channel sums of each side, in whole numbers. */
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/** `histogram`: features x bins x channels; `total` the node's channel sums. Undefined when no split meets the study's conditions. */
export function bestSplit(spec: GbdtSpec, histogram: Float64Array, total: Float64Array): Split | undefined {
  const channels = channelsOf(spec);
  const unit = 2 ** spec.bits;
  const whole = score(spec, total);
  const left = new Float64Array(channels);
  const right = new Float64Array(channels);
  let best: Split | undefined;
  for (let feature = 0; feature < spec.featureRanges.length; feature++) {
    left.fill(0);
    for (let bin = 0; bin < spec.bins - 1; bin++) {
      const at = (feature * spec.bins + bin) * channels;
      for (let c = 0; c < channels; c++) {
        left[c] += histogram[at + c];
        right[c] = total[c] - left[c];
      }
      if (left[channels - 1] < spec.minChildWeight * unit || right[channels - 1] < spec.minChildWeight * unit) continue;
      const gain = (score(spec, left) + score(spec, right) - whole) / 2;
      if (gain > spec.minGain && gain > (best?.gain ?? 0))
        best = { feature, bin, gain, left: left.slice(), right: right.slice() };
    }
  }
  return best;
}

/** Sum over outputs of G^2 / (H + lambda), in the loss's units. */
function score(spec: GbdtSpec, sums: Float64Array): number {
  const unit = 2 ** spec.bits;
  const last = sums.length - 1;
  const h = Math.max(0, sums[last]) / unit + spec.lambda;
  let s = 0;
  for (let k = 0; k < last; k++) s += (sums[k] / unit) ** 2;
  return h > 0 ? s / h : 0;
}

/** Newton's step for a leaf, times the learning rate. */
export function leafValue(spec: GbdtSpec, sums: Float64Array): number {
  const unit = 2 ** spec.bits;
  const h = Math.max(0, sums[1]) / unit + spec.lambda;
  return h > 0 ? (-spec.learningRate * (sums[0] / unit)) / h : 0;
}
