// Blocked Cholesky and triangular solves for many right-hand sides, every large step one product C += s A B' (products.ts).
// Right-hand sides lie as rows, so that all inner loops run along memory. Blocks on the diagonal are inverted, so that solving by one is a product too.
import type { Arena, Block } from './products.ts';
import { transpose } from './transpose.ts';

const WIDTH = 32;

/** Overwrites the lower triangle of `a` (row-major n x n, symmetric positive definite) with its Cholesky factor; what is above the diagonal is not read. Throws RangeError on a bad pivot. */
export function factor(arena: Arena, a: Block, n: number): void {
  arena.scope(() => {
    const most = Math.min(WIDTH, n);
    const inverse = arena.alloc(most * most);
    const panel = arena.alloc((n - most) * most);
    for (let j0 = 0; j0 < n; j0 += WIDTH) {
      const w = Math.min(WIDTH, n - j0);
      const rows = n - j0;
      const at = { c: a, c0: j0 * n + j0, ldc: n, rows, cols: w };
      arena.abt({ ...at, a, a0: j0 * n, lda: n, b: a, b0: j0 * n, ldb: n, depth: j0, scale: -1 });
      factorBlock(a, j0 * n + j0, n, w, j0);
      if (rows === w) return;
      invertLower(a, j0 * n + j0, n, w, inverse);
      const below = j0 + w;
      for (let i = below; i < n; i++) {
        const row = a.subarray(i * n + j0, i * n + below);
        panel.set(row, (i - below) * w);
        row.fill(0);
      }
      const solved = { c: a, c0: below * n + j0, ldc: n, rows: n - below, cols: w };
      arena.abt({ ...solved, a: panel, lda: w, b: inverse, ldb: w, depth: w, scale: 1 });
    }
  });
}

/** Plain Cholesky of the w x w block at `at`; `first` is the row it begins in, for what the error says. */
function factorBlock(a: Block, at: number, n: number, w: number, first: number): void {
  for (let j = 0; j < w; j++) {
    const jj = at + j * n;
    let d = a[jj + j];
    for (let k = 0; k < j; k++) d -= a[jj + k] ** 2;
    if (!(d > 0)) throw new RangeError(`factor: pivot ${first + j} is ${d}; the matrix is not positive definite`);
    const root = Math.sqrt(d);
    a[jj + j] = root;
    for (let i = j + 1; i < w; i++) {
      const ii = at + i * n;
      let s = a[ii + j];
      for (let k = 0; k < j; k++) s -= a[ii + k] * a[jj + k];
      a[ii + j] = s / root;
    }
  }
}

/** `out` (w x w, row-major) becomes the inverse of the lower triangle at `at`. */
function invertLower(l: Block, at: number, n: number, w: number, out: Block): void {
  out.fill(0);
  for (let i = 0; i < w; i++) {
    const pivot = 1 / l[at + i * n + i];
    for (let k = 0; k < i; k++) {
      const factor = -l[at + i * n + k] * pivot;
      for (let j = 0; j <= k; j++) out[i * w + j] += factor * out[k * w + j];
    }
    out[i * w + i] = pivot;
  }
}

/** Doubles of arena that `factor` or `solveRows` of `rows` right-hand sides uses while it runs. */
export const factorDoubles = (n: number, rows: number): number => WIDTH * (2 * WIDTH + n + rows) + 4;

/** Solves x (L L') = b for each row of `x` (rows x n, in place), L from `factor`. */
export function solveRows(arena: Arena, l: Block, n: number, x: Block, rows: number): void {
  arena.scope(() => {
    const most = Math.min(WIDTH, n);
    const inverse = arena.alloc(most * most);
    const across = arena.alloc(most * most);
    const part = arena.alloc(rows * most);
    const strip = arena.alloc(n * most);
    /** Columns [j0, j0 + w) of x times the transpose of `by`. */
    const times = (by: Block, j0: number, w: number) => {
      for (let r = 0; r < rows; r++) {
        const row = x.subarray(r * n + j0, r * n + j0 + w);
        part.set(row, r * w);
        row.fill(0);
      }
      arena.abt({ c: x, c0: j0, ldc: n, a: part, lda: w, rows, b: by, ldb: w, cols: w, depth: w, scale: 1 });
    };
    const base = { c: x, ldc: n, a: x, lda: n, rows, scale: -1 };
    for (let j0 = 0; j0 < n; j0 += WIDTH) {
      const w = Math.min(WIDTH, n - j0);
      arena.abt({ ...base, c0: j0, b: l, b0: j0 * n, ldb: n, cols: w, depth: j0 });
      invertLower(l, j0 * n + j0, n, w, inverse);
      times(inverse, j0, w);
    }
    for (let end = n; end > 0; ) {
      const w = end % WIDTH || WIDTH;
      const j0 = end - w;
      const after = n - end;
      if (after > 0) {
        transpose(l, end * n + j0, n, after, w, strip, after);
        arena.abt({ ...base, c0: j0, a0: end, b: strip, ldb: after, cols: w, depth: after });
      }
      invertLower(l, j0 * n + j0, n, w, inverse);
      transpose(inverse, 0, w, w, w, across, w);
      times(across, j0, w);
      end = j0;
    }
  });
}

/** Lower triangle of G += A A' for `a` of n rows along memory (row length lda, columns from a0, `depth` of them); blocks on the diagonal are filled whole, above them nothing is. */
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
}
