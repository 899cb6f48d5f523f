// The second step at each edge: what the shared regression left over, regressed on the station's own weather in every season.
// Ridge regression is the same machinery with features in the place of landmarks and the unit matrix among them.

import { harmonics } from './climatology.ts';
import type { Arena } from './dense/products.ts';
import { type Predictions, regress, regressionDoubles, type Segment } from './regression.ts';

const PENALTY = 20;
/** Fewer days than this bear less of a correction. */
const ENOUGH_DAYS = 2000;

/** Doubles of arena that `correct` needs. */
export const correctionDoubles = (width: number, days: number, targets: number, folds: number): number =>
  2 * days * (3 * width + 3) + (3 * width + 3) ** 2 + 8 + regressionDoubles(3 * width + 3, days, targets, folds);

/** Regresses leftovers (one row a target, 0 where unknown) on `rows` (days x width), alone and times the yearly wave. */
export function correct(
  arena: Arena,
  rows: Float64Array,
  width: number,
  angles: Float64Array,
  leftovers: readonly Float64Array[],
  segments: readonly Segment[],
  fittedFrom: number,
): Predictions {
  return arena.scope(() => {
    const days = rows.length / width;
    const n = 3 * width + 3;
    const byDay = arena.alloc(days * n);
    const byLandmark = arena.alloc(n * days);
    const among = arena.alloc(n * n);
    const wave = harmonics(angles, 1);
    for (let d = 0; d < days; d++) {
      for (let k = 0; k < 3; k++) {
        byDay[d * n + k] = wave[d * 3 + k];
        for (let f = 0; f < width; f++) byDay[d * n + 3 + k * width + f] = wave[d * 3 + k] * rows[d * width + f];
      }
    }
    for (let d = 0; d < days; d++) for (let f = 0; f < n; f++) byLandmark[f * days + d] = byDay[d * n + f];
    for (let f = 0; f < n; f++) among[f * n + f] = 1;
    const few = Math.max(1, ENOUGH_DAYS / fittedFrom);
    const penalty = new Float64Array(leftovers.length).fill(PENALTY * few ** 3);
    return regress(
      arena,
      { byDay, byLandmark, among, days, landmarks: n },
      { y: leftovers, penalty },
      segments,
      fittedFrom,
    );
  });
}
