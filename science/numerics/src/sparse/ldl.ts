// LDL' of a symmetric indefinite sparse matrix: multifrontal, with Bunch-Kaufman pivots inside each supernode (front.ts), the inertia
// of D, and small pivots lifted (static pivoting, as in Schenk and Gärtner, ETNA 23:158, 2006).
// Traps: pivots never leave their supernode, so a matrix that needs others must be regularised or grouped; a lifted pivot means that the
// factors are those of a nearby matrix: solve with `solveRefined`.
import type { Factor } from './factor.ts';
import { eliminate, updateRest } from './front.ts';

/**
 * Factorises the matrix whose k-th coordinate entry has `values[k]`. Pivots smaller than `smallest` (absolute; default 1e-14 of the largest
 * value) are lifted to it with their sign.
 */
export function factorize(factor: Factor, values: Float64Array, smallest?: number): Factor {
  const s = factor.symbolic;
  let tiny = smallest ?? 0;
  if (smallest === undefined) {
    for (let k = 0; k < values.length; k++) tiny = Math.max(tiny, Math.abs(values[k]));
    tiny *= 1e-14;
  }
  if (!(tiny > 0)) tiny = Number.MIN_VALUE * 2 ** 60;
  factor.positive = 0;
  factor.negative = 0;
  factor.lifted = 0;
  const { front } = factor.work;
  const heights = s.first.length - 1;
  let top = 0;
  for (let node = 0; node < heights; node++) {
    const width = s.first[node + 1] - s.first[node];
    const height = width + s.belowStarts[node + 1] - s.belowStarts[node];
    front.fill(0, 0, height * height);
    for (let k = s.entryStarts[node]; k < s.entryStarts[node + 1]; k++) front[s.entryPlace[k]] += values[s.entry[k]];
    for (let c = s.childStarts[node]; c < s.childStarts[node + 1]; c++) {
      const child = s.children[c];
      const from = s.belowStarts[child];
      const size = s.belowStarts[child + 1] - from;
      top -= size * size;
      addChild(front, height, factor.work.stack, top, size, s.parentPosition, from);
    }
    eliminate(factor, front, height, width, s.first[node], tiny);
    const panelAt = s.panelStarts[node];
    factor.panel.set(front.subarray(0, width * height), panelAt);
    const rest = height - width;
    if (rest === 0) continue;
    if (top + rest * rest > factor.work.stack.length) {
      const bigger = new Float64Array((top + rest * rest) * 2);
      bigger.set(factor.work.stack.subarray(0, top));
      factor.work.stack = bigger;
    }
    const stack = factor.work.stack;
    updateRest(factor, front, height, width, s.first[node]);
    for (let j = 0; j < rest; j++) {
      const column = (width + j) * height + width;
      for (let i = j; i < rest; i++) stack[top + j * rest + i] = front[column + i];
    }
    top += rest * rest;
  }
  return factor;
}

function addChild(
  front: Float64Array,
  height: number,
  stack: Float64Array,
  top: number,
  size: number,
  position: Int32Array,
  from: number,
): void {
  for (let j = 0; j < size; j++) {
    const column = position[from + j] * height;
    const source = top + j * size;
    for (let i = j; i < size; i++) front[column + position[from + i]] += stack[source + i];
  }
}
