// The first round: a histogram of every feature and of the target over their public ranges. It gives bin edges and the starting value.
import type { Rows } from '../learner.ts';
import { clampTarget } from './gradient.ts';
import { type GbdtSpec, SKETCH_CELLS } from './spec.ts';

/** Whole-number places of a weight in the first round. */
const WEIGHT_BITS = 12;
const WEIGHT_ONE = 2 ** WEIGHT_BITS;

/** Features' histograms count rows; the target's holds weights. */
export function sketchLength(spec: GbdtSpec): number {
  return (spec.featureRanges.length + 1) * SKETCH_CELLS;
}

export function sketchLimit(spec: GbdtSpec): bigint {
  return BigInt(spec.maxRows) * BigInt(WEIGHT_ONE);
}

/** A row is 1 in one cell of each feature, and its weight in one cell of the target. */
export function sketchDiameterSquared(spec: GbdtSpec): bigint {
  return 2n * BigInt(spec.featureRanges.length) + 2n * BigInt(WEIGHT_ONE) ** 2n;
}

export function sketch(spec: GbdtSpec, rows: Rows): Float64Array {
  const f = spec.featureRanges.length;
  const out = new Float64Array(sketchLength(spec));
  for (let i = 0; i < rows.count; i++) {
    for (let j = 0; j < f; j++) {
      const x = rows.x[i * f + j];
      if (!Number.isNaN(x)) out[j * SKETCH_CELLS + cellOf(x, spec.featureRanges[j])] += 1;
    }
    const w = Math.round(WEIGHT_ONE * Math.min(1, Math.max(0, rows.weight?.[i] ?? 1)));
    out[f * SKETCH_CELLS + cellOf(clampTarget(spec, rows.y[i]), spec.targetRange)] += w;
  }
  return out;
}

/** Edges at equal shares of the rows, never two alike; at most bins - 2 of them. */
export function edgesFrom(spec: GbdtSpec, sum: Float64Array): number[][] {
  return spec.featureRanges.map(([low, high], j) => {
    const cells = sum.subarray(j * SKETCH_CELLS, (j + 1) * SKETCH_CELLS).map(c => Math.max(0, c));
    const total = cells.reduce((a, b) => a + b, 0);
    const edges: number[] = [];
    let seen = 0;
    for (let c = 0; c < SKETCH_CELLS - 1; c++) {
      seen += cells[c];
      if (
        cells[c] > 0 &&
        seen < total &&
        seen * (spec.bins - 1) >= total * (edges.length + 1) &&
        edges.length < spec.bins - 2
      )
        edges.push(low + ((high - low) * (c + 1)) / SKETCH_CELLS);
    }
    return edges;
  });
}

/** Starting outputs: mean, logarithm of the mean, or quantiles of the target's histogram. */
export function baseFrom(spec: GbdtSpec, sum: Float64Array): number[] {
  const [low, high] = spec.targetRange;
  const width = (high - low) / SKETCH_CELLS;
  const cells = sum.subarray(spec.featureRanges.length * SKETCH_CELLS).map(c => Math.max(0, c));
  if (spec.loss.kind === 'quantile') return spec.loss.levels.map(q => quantileOf(cells, low, width, q));
  let weight = 0;
  let total = 0;
  for (let c = 0; c < SKETCH_CELLS; c++) {
    weight += cells[c];
    total += cells[c] * (low + width * (c + 0.5));
  }
  const mean = weight > 0 ? total / weight : (low + high) / 2;
  return [spec.loss.kind === 'poisson' ? Math.log(Math.max(mean, width / 2)) : mean];
}

/** The level-q point of a histogram, straight within a cell; the middle of the range when it is empty. */
export function quantileOf(cells: Float64Array, low: number, width: number, q: number): number {
  let total = 0;
  for (const c of cells) total += c;
  if (!(total > 0)) return low + (width * cells.length) / 2;
  let seen = 0;
  for (let c = 0; c < cells.length; c++) {
    if (cells[c] > 0 && seen + cells[c] >= q * total) return low + width * (c + (q * total - seen) / cells[c]);
    seen += cells[c];
  }
  return low + width * cells.length;
}

/** The cell of a value; the ends take what lies outside. */
export function cellOf(x: number, [low, high]: readonly [number, number], cells = SKETCH_CELLS): number {
  const c = Math.floor(((x - low) / (high - low)) * cells);
  return c < 0 ? 0 : c >= cells ? cells - 1 : c;
}
