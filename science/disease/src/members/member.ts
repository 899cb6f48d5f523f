// What every member of the stack is: trained on rows of a design, it gives 23 quantiles of the increment for rows of another.
import { LEVELS } from '../levels.ts';
import type { Design } from '../panel/design.ts';

export interface Member {
  readonly name: string;
  /** Weight in the mean of a stack, by how much history a place has; 1 for both when left out, 0 = not asked. */
  readonly weight?: { readonly established: number; readonly newcomer: number };
  /** Deterministic in design and seed. */
  train(design: Design, seed: string): Trained;
}

export interface Trained {
  /** Increments on the z scale, rows x 23, not necessarily sorted; a row that the member cannot do is NaN. */
  quantiles(design: Design): Float32Array;
}

export const QUANTILES = LEVELS.length;

/** Groups that a member may leave out, as a filter on the columns of a design. */
export function columnsWithout(design: Design, groups: readonly string[]): number[] {
  return design.columns.flatMap((c, k) => (groups.includes(c.group) ? [] : [k]));
}

/** Weighted quantiles at {@link LEVELS} of `values` (sorted in place by index), by linear interpolation of mid-ranks. */
export function weightedQuantiles(values: Float64Array, weights: Float64Array, out: Float32Array, from: number): void {
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  let total = 0;
  for (const w of weights) total += w;
  let k = 0;
  let before = 0;
  let last = values[order[0]];
  let lastP = 0;
  for (let i = 0; i < order.length && k < QUANTILES; i++) {
    const w = weights[order[i]];
    const p = (before + w / 2) / total;
    const v = values[order[i]];
    while (k < QUANTILES && LEVELS[k] <= p) {
      const f = p > lastP ? (LEVELS[k] - lastP) / (p - lastP) : 1;
      out[from + k] = i === 0 ? v : last + f * (v - last);
      k += 1;
    }
    before += w;
    last = v;
    lastP = p;
  }
  for (; k < QUANTILES; k++) out[from + k] = last;
}
