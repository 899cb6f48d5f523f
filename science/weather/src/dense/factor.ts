// Blocked Cholesky and triangular solves for many right-hand sides, every large step one product C += s A B' (products.ts).
// Right-hand sides lie as rows, so that all inner loops run along memory.
import type { Arena, Block } from './products.ts';

const WIDTH = 32;

/** Overwrites the lower triangle of `a` (row-major n x n, symmetric positive definite) with its Cholesky factor. Throws RangeError on a bad pivot. */
export function factor(arena: Arena, a: Block, n: number): void {
  for (let j0 = 0; j0 < n; j0 += WIDTH) {
    const w = Math.min(WIDTH, n - j0);
    const panel = {
      c: a,
      c0: j0 * n + j0,
      ldc: n,
      a,
      a0: j0 * n,
      lda: n,
      b: a,
      b0: j0 * n,
      ldb: n,
      cols: w,
      scale: -1,
    };
    arena.abt({ ...panel, rows: n - j0, depth: j0 });
    for (let j = j0; j < j0 + w; j++) {
      let d = a[j * n + j];
      for (let k = j0; k < j; k++) d -= a[j * n + k] ** 2;
      if (!(d > 0)) throw new RangeError(`factor: pivot ${j} is ${d}; the matrix is not positive definite`);
      const root = Math.sqrt(d);
      a[j * n + j] = root;
      for (let i = j + 1; i < n; i++) {
        let s = a[i * n + j];
        for (let k = j0; k < j; k++) s -= a[i * n + k] * a[j * n + k];
        a[i * n + j] = s / root;
      }
    }
  }
}

/** Solves x (L L') = b for each row of `x` (rows x n, in place), L from `factor`. Uses n*n doubles of the arena while it runs. */
export function solveRows(arena: Arena, l: Block, n: number, x: Block, rows: number): void {
  arena.scope(() => {
    const u = arena.alloc(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) u[j * n + i] = l[i * n + j];
    const base = { c: x, ldc: n, a: x, lda: n, rows, ldb: n, scale: -1 };
    for (let j0 = 0; j0 < n; j0 += WIDTH) {
      const w = Math.min(WIDTH, n - j0);
      arena.abt({ ...base, c0: j0, b: l, b0: j0 * n, cols: w, depth: j0 });
      for (let r = 0; r < rows; r++) {
        for (let j = j0; j < j0 + w; j++) {
          let s = x[r * n + j];
          for (let k = j0; k < j; k++) s -= x[r * n + k] * l[j * n + k];
          x[r * n + j] = s / l[j * n + j];
        }
      }
    }
    for (let end = n; end > 0; end -= WIDTH) {
      const j0 = Math.max(0, end - WIDTH);
      arena.abt({ ...base, c0: j0, a0: end, b: u, b0: j0 * n + end, cols: end - j0, depth: n - end });
      for (let r = 0; r < rows; r++) {
        for (let j = end - 1; j >= j0; j--) {
          let s = x[r * n + j];
          for (let k = j + 1; k < end; k++) s -= x[r * n + k] * u[j * n + k];
          x[r * n + j] = s / u[j * n + j];
        }
      }
    }
  });
}

/** G += A A' for `a` of n rows along memory (row length lda, columns from a0, `depth` of them); both triangles are filled. */
export function addGram(arena: Arena, g: Block, a: Block, a0: number, lda: number, n: number, depth: number): void {
  const STEP = 64;
  for (let j0 = 0; j0 < n; j0 += STEP) {
    const cols = Math.min(STEP, n - j0);
    const at = a0 + j0 * lda;
    arena.abt({
      c: g,
      c0: j0 * n + j0,
      ldc: n,
      a,
      a0: at,
      lda,
      rows: n - j0,
      b: a,
      b0: at,
      ldb: lda,
      cols,
      depth,
      scale: 1,
    });
  }
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) g[i * n + j] = g[j * n + i];
}
