// The shape of a ridge's standardised residuals by step: counts in cells that are even in asinh, and their quantiles.
import { LEVELS } from '../levels.ts';
import type { Design } from '../panel/design.ts';
import type { Encoding } from './encoding.ts';
import { QUANTILES } from './member.ts';
import { dot } from './ridge-sums.ts';

/** Shape cells: equal in asinh of the standardised residual, symmetric, `SHAPE_CELLS` a step. */
export const SHAPE_CELLS = 240;
const SHAPE_LIMIT = 4.2;

/** Shape cell of a standardised residual; the outermost are open. */
export function shapeCell(u: number): number {
  const cell = Math.floor((Math.asinh(u) / SHAPE_LIMIT + 1) * (SHAPE_CELLS / 2));
  return Math.min(SHAPE_CELLS - 1, Math.max(0, cell));
}

/** Third upload: counts of standardised residuals, steps x {@link SHAPE_CELLS}, weighted. */
export function shapeSums(
  d: Design,
  encoding: Encoding,
  location: Float64Array,
  scale: Float64Array,
  steps: number,
): Float64Array {
  const z = new Float64Array(encoding.size);
  const out = new Float64Array(steps * SHAPE_CELLS);
  for (let i = 0; i < d.rows; i++) {
    encoding.encode(d, i, z, 0);
    const u = (d.y[i] - dot(z, location)) / Math.exp(dot(z, scale));
    out[(d.step[i] - 1) * SHAPE_CELLS + shapeCell(u)] += d.weight[i];
  }
  return out;
}

/** Quantiles of the shape of each step; a step without rows takes the nearest one's. Negative (noised) counts are read as their running maximum. */
export function shapeQuantiles(
  counts: Float64Array,
  steps: number,
  cells: number = SHAPE_CELLS,
  limit: number = SHAPE_LIMIT,
): Float64Array {
  const out = new Float64Array(steps * QUANTILES).fill(Number.NaN);
  for (let s = 0; s < steps; s++) {
    const c = counts.subarray(s * cells, (s + 1) * cells);
    let total = 0;
    for (const v of c) total += v;
    if (!(total > 0)) continue;
    let k = 0;
    let sum = 0;
    let cdf = 0;
    for (let b = 0; b < cells && k < QUANTILES; b++) {
      sum += c[b];
      const next = Math.max(cdf, sum / total);
      while (k < QUANTILES && LEVELS[k] <= next) {
        const f = next > cdf ? (LEVELS[k] - cdf) / (next - cdf) : 0.5;
        out[s * QUANTILES + k] = Math.sinh(((b + f) / (cells / 2) - 1) * limit);
        k += 1;
      }
      cdf = next;
    }
    for (; k < QUANTILES; k++) out[s * QUANTILES + k] = Math.sinh(limit);
  }
  for (let s = 0; s < steps; s++) {
    if (!Number.isNaN(out[s * QUANTILES])) continue;
    for (let gap = 1; gap < steps; gap++) {
      const from = [s - gap, s + gap].find(x => x >= 0 && x < steps && !Number.isNaN(out[x * QUANTILES]));
      if (from === undefined) continue;
      out.set(out.subarray(from * QUANTILES, (from + 1) * QUANTILES), s * QUANTILES);
      break;
    }
  }
  return out;
}
