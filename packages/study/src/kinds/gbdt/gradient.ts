// First and second derivatives of the losses, as whole numbers: one row's part of every histogram.
import { type FixedPoint, fixedLimit, toFixed, toSteps } from '../fixed-point.ts';
import type { Rows } from '../learner.ts';
import { type GbdtSpec, outputsOf } from './spec.ts';

/** Numbers a bin holds: a gradient for each output, and the second derivative. */
export function channelsOf(spec: GbdtSpec): number {
  return outputsOf(spec) + 1;
}

/**
 * Writes gradients and second derivative of one row into `out` from `at` on. `score` from `scoreAt` on are the present outputs. Quantile: the gradient
 * of level q is [score >= y] - q. All are multiplied by the weight, itself clipped to [0, 1].
 */
export function writeGradient(
  spec: GbdtSpec,
  y: number,
  weight: number,
  score: Float64Array,
  scoreAt: number,
  out: Float64Array,
  at: number,
): void {
  const w = Math.max(0, Math.min(1, weight));
  const target = clampTarget(spec, y);
  const f: FixedPoint = { clip: spec.gradientClip, bits: spec.bits };
  switch (spec.loss.kind) {
    case 'squared':
      out[at] = toFixed(w * (score[scoreAt] - target), f);
      out[at + 1] = toFixed(w, f);
      return;
    case 'poisson': {
      const mean = Math.exp(Math.min(score[scoreAt], 700));
      out[at] = toFixed(w * (mean - target), f);
      out[at + 1] = toFixed(w * mean, f);
      return;
    }
    case 'quantile': {
      const levels = spec.loss.levels;
      for (let k = 0; k < levels.length; k++) {
        const above = score[scoreAt + k] >= target ? 1 : 0;
        out[at + k] = toFixed(w * (above - levels[k]), f);
      }
      out[at + levels.length] = toFixed(w, f);
    }
  }
}

/** `writeGradient` of every row, `scores` and `out` row-major. */
export function writeGradients(spec: GbdtSpec, rows: Rows, scores: Float64Array, out: Float64Array): void {
  const { count, y, weight } = rows;
  if (spec.loss.kind === 'squared' && !weight) {
    // The common case by hand: four times as fast.
    const { gradientClip } = spec;
    const scale = 2 ** spec.bits;
    const one = toSteps(1, gradientClip, scale);
    for (let i = 0; i < count; i++) {
      out[2 * i] = toSteps(scores[i] - clampTarget(spec, y[i]), gradientClip, scale);
      out[2 * i + 1] = one;
    }
    return;
  }
  const outputs = outputsOf(spec);
  for (let i = 0; i < count; i++)
    writeGradient(spec, y[i], weight?.[i] ?? 1, scores, i * outputs, out, i * (outputs + 1));
}

/** The target inside its public range. NaN moves to the low end: give such rows weight 0. */
export function clampTarget({ targetRange: [low, high] }: GbdtSpec, y: number): number {
  return y > high ? high : y >= low ? y : low;
}

/** Largest size of one row's number in a histogram. */
export function rowLimit(spec: GbdtSpec): number {
  return fixedLimit({ clip: spec.gradientClip, bits: spec.bits });
}

/** Largest squared distance in one feature's histogram between two rows' parts: in the same bin gradients may be opposite, in two bins all adds up. */
export function rowDiameterSquared(spec: GbdtSpec): bigint {
  const g = BigInt(rowLimit(spec)) ** 2n;
  const k = BigInt(outputsOf(spec));
  const sameBin = 4n * k * g + g; // second derivatives are never negative
  const twoBins = 2n * (k + 1n) * g;
  return sameBin > twoBins ? sameBin : twoBins;
}
