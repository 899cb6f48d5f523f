// Transposed copies by tiles, so that neither side leaves the cache.
import type { Reals } from './products.ts';

const TILE = 32;

/** `to` (cols x rows, row length `ldTo`) becomes the transpose of `from` (rows x cols, row length `ldFrom`, first element `from0`). */
export function transpose(
  from: Reals,
  from0: number,
  ldFrom: number,
  rows: number,
  cols: number,
  to: Reals,
  ldTo: number,
): void {
  for (let i0 = 0; i0 < rows; i0 += TILE) {
    const iEnd = Math.min(rows, i0 + TILE);
    for (let j0 = 0; j0 < cols; j0 += TILE) {
      const jEnd = Math.min(cols, j0 + TILE);
      for (let j = j0; j < jEnd; j++) for (let i = i0; i < iEnd; i++) to[j * ldTo + i] = from[from0 + i * ldFrom + j];
    }
  }
}
