// Anderson's mixing (Walker and Ni, SIAM J. Numer. Anal. 49, 2011): the next state from the present one, what a cycle made of it, and what past
// moves of the state did to a cycle's change (secants). A search for another change to stay, on the same column, has the same secants: they are kept.
import { cholesky, choleskySolve } from '@madang/numerics';

/** Mixing of states of length n by the last `memory` secants, with a light ridge on its least squares. */
export function anderson(n: number, memory: number) {
  const moves: Float64Array[] = [];
  const effects: Float64Array[] = [];
  let last: { readonly x: Float64Array; readonly change: Float64Array } | undefined;
  return {
    /** Drops all secants. */
    forget() {
      moves.length = 0;
      effects.length = 0;
      last = undefined;
    },
    /** Keeps the secants and makes none between the last state and the next one. */
    leap() {
      last = undefined;
    },
    /** The state to go on from when a cycle has led from `x` to `g`. */
    next(x: Float64Array, g: Float64Array): Float64Array {
      const change = g.map((v, i) => v - x[i]);
      if (last) {
        const { x: from, change: before } = last;
        moves.push(x.map((v, i) => v - from[i]));
        effects.push(change.map((v, i) => v - before[i]));
        if (moves.length > memory) {
          moves.shift();
          effects.shift();
        }
      }
      last = { x: x.slice(), change };
      const m = moves.length;
      const out = g.slice();
      if (m === 0) return out;
      const a = new Float64Array(m * m);
      let trace = 0;
      for (let p = 0; p < m; p++) {
        for (let q = 0; q <= p; q++) a[p * m + q] = a[q * m + p] = dot(effects[p], effects[q]);
        trace += a[p * m + p];
      }
      for (let p = 0; p < m; p++) a[p * m + p] += 1e-10 * trace + 1e-30;
      const b = Float64Array.from(effects, e => dot(e, change));
      const w = choleskySolve(cholesky(a, m), m, b);
      for (let p = 0; p < m; p++) for (let i = 0; i < n; i++) out[i] -= w[p] * (moves[p][i] + effects[p][i]);
      return out;
    },
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i] * b[i];
  return s;
}
