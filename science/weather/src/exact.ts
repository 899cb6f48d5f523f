// Kernel ridge regression on all training days, with leave-years-out predictions from few factorisations.
// What a fit without a fold predicts for the fold is y - S a, with a = (K + noise I)^-1 y and S the covariance of the fold given all other days (Rasmussen and
// Williams 2006, 5.4.2, for many days at once); S is what elimination of the others leaves. Single precision is enough: no eigenvalue is below the noise.

import { eliminate, type Factor, factorDoubles, solveRows, toFactor } from './dense/factor.ts';
import type { Arena, Singles } from './dense/products.ts';
import { transpose } from './dense/transpose.ts';
import type { Predictions, Segment } from './folds.ts';
import type { Whole } from './similarity.ts';

/** Training days one fold after the other, and how many are in each. */
export interface FoldOrder {
  readonly order: Int32Array;
  readonly sizes: readonly number[];
}

export function byFold(segments: readonly Segment[]): FoldOrder {
  const folds = Math.max(0, ...segments.map(s => s.fold + 1));
  const days = Array.from({ length: folds }, (_, f) =>
    segments.flatMap(s => (s.fold === f ? Array.from({ length: s.to - s.from }, (_, i) => s.from + i) : [])),
  );
  return { order: Int32Array.from(days.flat()), sizes: days.map(d => d.length) };
}

/** Doubles of arena that `regressExactly` uses while it runs. */
export const exactDoubles = (n: number, later: number, rows: number): number =>
  Math.ceil((1.75 * n * n + rows * (2 * n + later)) / 2) + 2 * factorDoubles(n, rows) + 64;

/**
 * Rows `y` (per day, standardised, 0 where unknown), all of one `noise` variance over that of the signal, on the kernel `whole` (overwritten) of the training days in the order of
 * folds. `fitted` is made for the days after training (0 before).
 */
export function regressExactly(
  arena: Arena,
  whole: Whole,
  { order, sizes }: FoldOrder,
  y: readonly Float64Array[],
  noise: number,
): Predictions {
  return arena.scope(() => {
    const n = order.length;
    const rows = y.length;
    const days = y[0].length;
    for (let i = 0; i < n; i++) whole.among[i * n + i] += noise;
    const given: Singles[] = sizes.map(size => arena.singles(size * size));
    const f = toFactor(arena, whole.among, n);
    conditionEach(arena, f, 0, sizes, (fold, g, at) => {
      const size = sizes[fold];
      for (let i = 0; i < size; i++)
        for (let j = 0; j <= i; j++)
          given[fold][i * size + j] = given[fold][j * size + i] = g.l[(at + i) * g.n + at + j];
    });
    eliminate(arena, f, n - sizes[sizes.length - 1], n);
    const a = arena.singles(rows * n);
    for (let r = 0; r < rows; r++) for (let i = 0; i < n; i++) a[r * n + i] = y[r][order[i]];
    solveRows(arena, f, a, rows);
    const fitted = y.map(() => new Float64Array(days));
    const withheld = y.map(() => new Float64Array(days));
    const later = days - n;
    const p = arena.singles(rows * Math.max(later, ...sizes));
    const base = { c: p, a, lda: n, rows };
    arena.abt({ ...base, ldc: later, b: whole.later, ldb: n, cols: later, depth: n, scale: 1 });
    for (let r = 0; r < rows; r++) fitted[r].set(p.subarray(r * later, (r + 1) * later), n);
    let at = 0;
    for (const [fold, size] of sizes.entries()) {
      for (let r = 0; r < rows; r++) for (let i = 0; i < size; i++) p[r * size + i] = y[r][order[at + i]];
      arena.abt({ ...base, ldc: size, a0: at, b: given[fold], ldb: size, cols: size, depth: size, scale: -1 });
      for (let r = 0; r < rows; r++) for (let i = 0; i < size; i++) withheld[r][order[at + i]] = p[r * size + i];
      at += size;
    }
    return { fitted, withheld };
  });
}

/**
 * Gives each fold's covariance given all others to `take` (lower triangle, from row and column `at` of the factor on). In `f` the folds `sizes` begin at `from`, already given what
 * comes before. Half of them is eliminated to condition the other half, in both orders. Afterwards `f` lacks only the last fold's elimination.
 */
function conditionEach(
  arena: Arena,
  f: Factor<Singles>,
  from: number,
  sizes: readonly number[],
  take: (fold: number, f: Factor<Singles>, at: number) => void,
  first = 0,
): void {
  if (sizes.length === 1) {
    take(first, f, from);
    return;
  }
  const half = sizes.length >> 1;
  const [before, after] = [sizes.slice(0, half), sizes.slice(half)];
  const [a, b] = [sum(before), sum(after)];
  arena.scope(() => {
    const other = turned(arena, f, from, a, b);
    eliminate(arena, other, 0, b);
    conditionEach(arena, other, b, before, take, first);
  });
  eliminate(arena, f, from, from + a);
  conditionEach(arena, f, from + a, after, take, first + half);
}

const sum = (v: readonly number[]): number => v.reduce((s, x) => s + x, 0);

/** The matrix of `f` from row `from` on, its last `b` days before the `a` that come first. */
function turned(arena: Arena, { l, n }: Factor<Singles>, from: number, a: number, b: number): Factor<Singles> {
  const m = a + b;
  const out = arena.singles(m * m);
  const start = from * n + from;
  for (let i = 0; i < b; i++) out.set(l.subarray(start + (a + i) * n + a, start + (a + i) * n + a + i + 1), i * m);
  transpose(l, start + a * n, n, b, a, out.subarray(b * m), m);
  for (let i = 0; i < a; i++) out.set(l.subarray(start + i * n, start + i * n + i + 1), (b + i) * m + b);
  return toFactor(arena, out, m);
}
