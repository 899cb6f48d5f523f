// Kernel ridge regression on landmark days (Nystrom; Williams and Seeger 2001) for many targets at once, with leave-years-out predictions.
// One Gram matrix serves all targets; targets with the same penalty share a factorisation.
import { addGram, factor, factorDoubles, solveRows } from './dense/factor.ts';
import type { Arena, Block } from './dense/products.ts';
import type { Similarity } from './kernel.ts';

/** Targets as rows: `y[r]` has one value a day (0 where unknown), standardised; `penalty[r]` is its noise variance over its signal's. */
export interface Targets {
  readonly y: readonly Float64Array[];
  readonly penalty: Float64Array;
}

/** Predictions per target row and day, in the targets' standardised unit. */
export interface Predictions {
  /** From the fit on all training days; only days after training are out of sample. */
  readonly fitted: readonly Float64Array[];
  /** For training days: from the fit without the fold the day belongs to. */
  readonly withheld: readonly Float64Array[];
}

/** A run of training days [from, to) that belongs to a fold. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly fold: number;
}

export const FOLDS = 4;

/** Days [0, end) in blocks of about a year, dealt to the folds in turn. */
export function yearlySegments(end: number): Segment[] {
  const blocks = Math.max(FOLDS, Math.round(end / 365.25));
  return Array.from({ length: blocks }, (_, b) => ({
    from: Math.floor((b * end) / blocks),
    to: Math.floor(((b + 1) * end) / blocks),
    fold: b % FOLDS,
  }));
}

/** Predictions are made this many days at a time. */
const CHUNK_DAYS = 512;

/** Doubles of arena that `foldGrams` or `thinGrams` keep. */
export const gramDoubles = (landmarks: number, folds: number): number => folds * (landmarks * landmarks + 2);

/** For each fold the lower triangle of the Gram matrix of its days, landmarks x landmarks. */
export function foldGrams(arena: Arena, s: Similarity, segments: readonly Segment[]): Block[] {
  const { landmarks: m, days } = s;
  const grams = Array.from({ length: foldsOf(segments) }, () => arena.alloc(m * m));
  for (const { from, to, fold } of segments) addGram(arena, grams[fold], s.byLandmark, from, days, m, to - from);
  return grams;
}

/** The same for the landmarks `keep` (rising) of `m`: sums over days need not be made again. */
export function thinGrams(arena: Arena, grams: readonly Block[], m: number, keep: ArrayLike<number>): Block[] {
  const n = keep.length;
  return grams.map(g => {
    const out = arena.alloc(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) out[i * n + j] = g[keep[i] * m + keep[j]];
    return out;
  });
}

const foldsOf = (segments: readonly Segment[]): number => Math.max(0, ...segments.map(g => g.fold)) + 1;

/** Doubles of arena that `regress` needs beside the similarity and its Gram matrices. */
export function regressionDoubles(landmarks: number, days: number, targets: number, folds: number): number {
  return (
    3 * (landmarks * landmarks + 2) +
    (folds + 2) * (targets * landmarks + 2) +
    targets * (days + CHUNK_DAYS) +
    factorDoubles(landmarks, targets) +
    8
  );
}

/** Fits on the segments' days, whose `foldGrams` are `grams`; `fitted` is made for the days from `fittedFrom` on (0 before). */
export function regress(
  arena: Arena,
  s: Similarity,
  grams: readonly Block[],
  targets: Targets,
  segments: readonly Segment[],
  fittedFrom = 0,
): Predictions {
  return arena.scope(() => {
    const { landmarks: m, days } = s;
    const r = targets.y.length;
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
    const rest = arena.alloc(m * m);
    const right = arena.alloc(r * m);
    for (const g of grams) for (let i = 0; i < gram.length; i++) gram[i] += g[i];
    for (const b of rights) for (let i = 0; i < right.length; i++) right[i] += b[i];
    const fitted = Array.from({ length: r }, () => new Float64Array(days));
    const withheld = Array.from({ length: r }, () => new Float64Array(days));
    const predict = (
      g: Block,
      b: Block,
      ranges: readonly { from: number; to: number }[],
      out: readonly Float64Array[],
    ) =>
      arena.scope(() => {
        const w = arena.alloc(r * m);
        w.set(b);
        solveByPenalty(
          arena,
          g,
          s.among,
          m,
          w,
          order.map(t => targets.penalty[t]),
        );
        const p = arena.alloc(r * CHUNK_DAYS);
        for (const { from, to } of ranges) {
          for (let at = from; at < to; at += CHUNK_DAYS) {
            const n = Math.min(CHUNK_DAYS, to - at);
            p.fill(0);
            arena.abt({
              c: p,
              ldc: n,
              a: w,
              lda: m,
              rows: r,
              b: s.byDay,
              b0: at * m,
              ldb: m,
              cols: n,
              depth: m,
              scale: 1,
            });
            order.forEach((t, i) => {
              out[t].set(p.subarray(i * n, (i + 1) * n), at);
            });
          }
        }
      });
    predict(gram, right, [{ from: fittedFrom, to: days }], fitted);
    for (let f = 0; f < grams.length; f++) {
      for (let i = 0; i < gram.length; i++) rest[i] = gram[i] - grams[f][i];
      for (let i = 0; i < right.length; i++) rights[f][i] = right[i] - rights[f][i];
      predict(
        rest,
        rights[f],
        segments.filter(g => g.fold === f),
        withheld,
      );
    }
    return { fitted, withheld };
  });
}

/** Row i of `w` becomes (G + penalty_i K)^-1 w_i; rows of equal penalty must lie together. */
function solveByPenalty(arena: Arena, g: Block, k: Block, m: number, w: Block, penalty: readonly number[]): void {
  arena.scope(() => {
    const a = arena.alloc(m * m);
    for (let i = 0; i < penalty.length; ) {
      let end = i;
      while (end < penalty.length && penalty[end] === penalty[i]) end += 1;
      factorAbove(arena, g, k, m, penalty[i], a);
      solveRows(arena, a, m, w.subarray(i * m, end * m), end - i);
      i = end;
    }
  });
}

/** Added to the diagonal: landmarks that nearly coincide leave the matrix singular to rounding. The first is far below any noise; days of few and often equal features need more. */
const JITTER = [1e-7, 1e-5, 1e-3];

/** Overwrites the lower triangle of `a` with the factor of G + penalty K, of which only that triangle is read. Throws RangeError when no jitter helps. */
function factorAbove(arena: Arena, g: Block, k: Block, m: number, penalty: number, a: Block): void {
  for (const [attempt, jitter] of JITTER.entries()) {
    for (let i = 0; i < m; i++) {
      const diagonal = i * m + i;
      for (let e = i * m; e <= diagonal; e++) a[e] = g[e] + penalty * k[e];
      a[diagonal] += jitter * (1 + a[diagonal]);
    }
    try {
      factor(arena, a, m);
      return;
    } catch (error) {
      if (!(error instanceof RangeError) || attempt === JITTER.length - 1) throw error;
    }
  }
}
