// Kernel ridge regression on landmark days (Nystrom; Williams and Seeger 2001) for many targets at once, with leave-years-out predictions.
// One Gram matrix serves all targets; targets with the same penalty share a factorisation.
import { addGram, type Factor, factor, factorDoubles, solveRows, toFactor } from './dense/factor.ts';
import type { Arena, Block } from './dense/products.ts';
import { transpose } from './dense/transpose.ts';
import type { Predictions, Segment } from './folds.ts';
import type { Similarity } from './similarity.ts';

/** Targets as rows: `y[r]` has one value a day (0 where unknown), standardised; `penalty[r]` is its noise variance over its signal's. */
export interface Targets {
  readonly y: readonly Float64Array[];
  readonly penalty: Float64Array;
}

/** Predictions are made this many days at a time. */
const CHUNK_DAYS = 128;

const foldsOf = (segments: readonly Segment[]): number => Math.max(0, ...segments.map(g => g.fold)) + 1;

/** Doubles of arena that `regress` needs beside the similarity. */
export function regressionDoubles(landmarks: number, days: number, targets: number, folds: number): number {
  return (
    (folds + 2) * (landmarks * landmarks + 2) +
    CHUNK_DAYS * landmarks +
    (folds + 2) * (targets * landmarks + 2) +
    targets * (days + CHUNK_DAYS) +
    factorDoubles(landmarks, targets) +
    8
  );
}

/** Fits on the segments' days; `fitted` is made for the days from `fittedFrom` on (0 before). */
export function regress(
  arena: Arena,
  s: Similarity,
  targets: Targets,
  segments: readonly Segment[],
  fittedFrom = 0,
): Predictions {
  return arena.scope(() => {
    const { landmarks: m, days } = s;
    const r = targets.y.length;
    const grams = Array.from({ length: foldsOf(segments) }, () => arena.alloc(m * m));
    const each = { ldc: m, a: s.byLandmark, lda: days, n: m, scale: 1 };
    for (const { from, to, fold } of segments) addGram(arena, { ...each, c: grams[fold], a0: from, depth: to - from });
    const order = Array.from({ length: r }, (_, i) => i).sort((a, b) => targets.penalty[a] - targets.penalty[b]);
    const y = arena.alloc(r * days);
    order.forEach((t, i) => {
      y.set(targets.y[t], i * days);
    });
    const rights = grams.map(() => arena.alloc(r * m));
    for (const { from, to, fold } of segments)
      arena.abt({
        c: rights[fold],
        ldc: m,
        a: y,
        a0: from,
        lda: days,
        rows: r,
        b: s.byLandmark,
        b0: from,
        ldb: days,
        cols: m,
        depth: to - from,
        scale: 1,
      });
    const gram = arena.alloc(m * m);
    const right = arena.alloc(r * m);
    for (const g of grams) for (let i = 0; i < gram.length; i++) gram[i] += g[i];
    for (const b of rights) for (let i = 0; i < right.length; i++) right[i] += b[i];
    const fitted = Array.from({ length: r }, () => new Float64Array(days));
    const withheld = Array.from({ length: r }, () => new Float64Array(days));
    const penalty = order.map(t => targets.penalty[t]);
    const w = arena.alloc(r * m);
    const kernel = arena.alloc(CHUNK_DAYS * m);
    const p = arena.alloc(r * CHUNK_DAYS);
    /** From the fit on all days, or without a fold. */
    const predict = (
      without: number | undefined,
      ranges: readonly { from: number; to: number }[],
      out: readonly Float64Array[],
    ) => {
      w.set(right);
      const left = without === undefined ? undefined : rights[without];
      if (left) for (let i = 0; i < w.length; i++) w[i] -= left[i];
      solveByPenalty(
        arena,
        { gram, less: without === undefined ? undefined : grams[without], among: s.among },
        w,
        penalty,
      );
      for (const { from, to } of ranges)
        for (let at = from; at < to; at += CHUNK_DAYS) {
          const n = Math.min(CHUNK_DAYS, to - at);
          transpose(s.byLandmark, at, days, m, n, kernel, m);
          p.fill(0);
          arena.abt({ c: p, ldc: n, a: w, lda: m, rows: r, b: kernel, ldb: m, cols: n, depth: m, scale: 1 });
          order.forEach((t, i) => {
            out[t].set(p.subarray(i * n, (i + 1) * n), at);
          });
        }
    };
    predict(undefined, [{ from: fittedFrom, to: days }], fitted);
    for (let f = 0; f < grams.length; f++)
      predict(
        f,
        segments.filter(g => g.fold === f),
        withheld,
      );
    return { fitted, withheld };
  });
}

/** The matrices of a fit: the Gram matrix of all days, that of the days left out, and the kernel among the landmarks. */
interface Fit {
  readonly gram: Block;
  readonly less: Block | undefined;
  readonly among: Block;
}

/** Row i of `w` becomes (gram - less + penalty_i among)^-1 w_i; rows of equal penalty must lie together. */
function solveByPenalty(arena: Arena, fit: Fit, w: Block, penalty: readonly number[]): void {
  arena.scope(() => {
    const m = w.length / penalty.length;
    const f = toFactor(arena, arena.alloc(m * m), m);
    for (let i = 0; i < penalty.length; ) {
      let end = i;
      while (end < penalty.length && penalty[end] === penalty[i]) end += 1;
      factorOf(arena, fit, penalty[i], f);
      solveRows(arena, f, w.subarray(i * m, end * m), end - i);
      i = end;
    }
  });
}

/** Added to the diagonal: landmarks that nearly coincide leave the matrix singular to rounding. The first is far below any noise; days of few and often equal features need more. */
const JITTER = [1e-7, 1e-5, 1e-3];

/** Overwrites `f` with the factor of gram - less + penalty among. Throws RangeError when no jitter helps. */
function factorOf(arena: Arena, { gram, less, among }: Fit, penalty: number, f: Factor<Block>): void {
  const { l: a, n: m } = f;
  for (const [attempt, jitter] of JITTER.entries()) {
    for (let i = 0; i < m; i++) {
      const diagonal = i * m + i;
      for (let e = i * m; e <= diagonal; e++) a[e] = gram[e] + penalty * among[e];
      if (less) for (let e = i * m; e <= diagonal; e++) a[e] -= less[e];
      a[diagonal] += jitter * (1 + a[diagonal]);
    }
    try {
      f.starts.length = 0;
      factor(arena, f);
      return;
    } catch (error) {
      if (!(error instanceof RangeError) || attempt === JITTER.length - 1) throw error;
    }
  }
}
