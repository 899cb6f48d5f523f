// Blocked Cholesky and triangular solves for many right-hand sides, every large step one product C += s A B' (products.ts).
// Right-hand sides lie as rows, so that all inner loops run along memory. Blocks on the diagonal are inverted, so that solving by one is a product too.
import type { Arena, Product, Reals } from './products.ts';
import { transpose } from './transpose.ts';

const WIDTH = 32;

/** The lower triangle of a symmetric positive definite matrix (row-major n x n; what is above the diagonal is not read), or of its Cholesky factor as far as columns were eliminated. */
export interface Factor<T extends Reals = Reals> {
  readonly l: T;
  readonly n: number;
  /** Where the blocks on the diagonal begin that are eliminated, rising. */
  readonly starts: number[];
  /** The inverse of the block that begins at row j lies from j * WIDTH on. */
  readonly inverses: T;
}

const like = <T extends Reals>(arena: Arena, of: T, length: number): T =>
  (of instanceof Float32Array ? arena.singles(length) : arena.alloc(length)) as T;

/** `l` with nothing eliminated yet. */
export const toFactor = <T extends Reals>(arena: Arena, l: T, n: number): Factor<T> => ({
  l,
  n,
  starts: [],
  inverses: like(arena, l, n * WIDTH),
});

/** The whole factor. Throws RangeError on a bad pivot. */
export const factor = (arena: Arena, f: Factor): void => eliminate(arena, f, 0, f.n);

/**
 * Columns [from, to) become those of the Cholesky factor (all before them are already), and what follows them the Schur complement: the covariance of the
 * later numbers given all earlier ones. Throws RangeError on a bad pivot.
 */
export function eliminate(arena: Arena, f: Factor, from: number, to: number): void {
  const { l, n } = f;
  const block = new Float64Array(WIDTH * WIDTH);
  const inverse = new Float64Array(WIDTH * WIDTH);
  arena.scope(() => {
    const panel = like(arena, l, (n - from) * WIDTH);
    for (let j0 = from; j0 < to; j0 += WIDTH) {
      const w = Math.min(WIDTH, to - j0);
      const at = j0 * n + j0;
      const left = { a: l, a0: j0 * n + from, lda: n, b: l, b0: j0 * n + from, ldb: n };
      arena.abt({ c: l, c0: at, ldc: n, rows: n - j0, cols: w, ...left, depth: j0 - from, scale: -1 });
      for (let i = 0; i < w; i++) block.set(l.subarray(at + i * n, at + i * n + w), i * w);
      factorBlock(block, w, j0);
      invertLower(block, w, inverse);
      for (let i = 0; i < w; i++) l.set(block.subarray(i * w, i * w + i + 1), at + i * n);
      f.starts.push(j0);
      const kept = f.inverses.subarray(j0 * WIDTH, j0 * WIDTH + w * w);
      kept.set(inverse.subarray(0, w * w));
      const rows = n - j0 - w;
      for (let i = 0, e = at + w * n; i < rows; i++, e += n) {
        const row = l.subarray(e, e + w);
        panel.set(row, i * w);
        row.fill(0);
      }
      arena.abt({ c: l, c0: at + w * n, ldc: n, rows, cols: w, a: panel, lda: w, b: kept, ldb: w, depth: w, scale: 1 });
    }
    const rest = { c: l, c0: to * n + to, ldc: n, a: l, a0: to * n + from, lda: n };
    addGram(arena, { ...rest, n: n - to, depth: to - from, scale: -1 });
  });
}

/** Plain Cholesky of the w x w block; `first` is the row it begins in, for what the error says. */
function factorBlock(a: Float64Array, w: number, first: number): void {
  for (let j = 0; j < w; j++) {
    const jj = j * w;
    let d = a[jj + j];
    for (let k = 0; k < j; k++) d -= a[jj + k] * a[jj + k];
    if (!(d > 0)) throw new RangeError(`factor: pivot ${first + j} is ${d}; the matrix is not positive definite`);
    const root = Math.sqrt(d);
    a[jj + j] = root;
    for (let i = j + 1; i < w; i++) {
      const ii = i * w;
      let s = a[ii + j];
      for (let k = 0; k < j; k++) s -= a[ii + k] * a[jj + k];
      a[ii + j] = s / root;
    }
  }
}

/** `out` (w x w, row-major) becomes the inverse of the lower triangle `l`. */
function invertLower(l: Float64Array, w: number, out: Float64Array): void {
  out.fill(0);
  for (let i = 0; i < w; i++) {
    const ii = i * w;
    const pivot = 1 / l[ii + i];
    for (let k = 0; k < i; k++) {
      const factor = -l[ii + k] * pivot;
      for (let j = 0; j <= k; j++) out[ii + j] += factor * out[k * w + j];
    }
    out[ii + i] = pivot;
  }
}

/** Doubles of arena that a `Factor` keeps beside its matrix, and that eliminating or solving for `rows` right-hand sides uses while it runs. */
export const factorDoubles = (n: number, rows: number): number => WIDTH * (2 * n + WIDTH + rows) + 8;

/** Solves x (L L') = b for each row of `x` (rows x n, in place) by a whole factor. */
export function solveRows(arena: Arena, f: Factor, x: Reals, rows: number): void {
  const { l, n, starts } = f;
  arena.scope(() => {
    const across = like(arena, l, WIDTH * WIDTH);
    const part = like(arena, l, rows * WIDTH);
    const strip = like(arena, l, n * WIDTH);
    const inverseAt = (j0: number, w: number) => f.inverses.subarray(j0 * WIDTH, j0 * WIDTH + w * w);
    /** Columns [j0, j0 + w) of x times the transpose of `by`. */
    const times = (by: Reals, j0: number, w: number) => {
      for (let r = 0; r < rows; r++) {
        const row = x.subarray(r * n + j0, r * n + j0 + w);
        part.set(row, r * w);
        row.fill(0);
      }
      arena.abt({ c: x, c0: j0, ldc: n, a: part, lda: w, rows, b: by, ldb: w, cols: w, depth: w, scale: 1 });
    };
    const base = { c: x, ldc: n, a: x, lda: n, rows, scale: -1 };
    for (let s = 0; s < starts.length; s++) {
      const j0 = starts[s];
      const w = (starts[s + 1] ?? n) - j0;
      arena.abt({ ...base, c0: j0, b: l, b0: j0 * n, ldb: n, cols: w, depth: j0 });
      times(inverseAt(j0, w), j0, w);
    }
    for (let s = starts.length - 1, end = n; s >= 0; end = starts[s], s--) {
      const j0 = starts[s];
      const w = end - j0;
      const after = n - end;
      if (after > 0) {
        transpose(l, end * n + j0, n, after, w, strip, after);
        arena.abt({ ...base, c0: j0, a0: end, b: strip, ldb: after, cols: w, depth: after });
      }
      transpose(inverseAt(j0, w), 0, w, w, w, across, w);
      times(across, j0, w);
    }
  });
}

/** A product of `n` rows of A with themselves. */
export type Gram = Pick<Product, 'c' | 'c0' | 'ldc' | 'a' | 'a0' | 'lda' | 'depth' | 'scale'> & { readonly n: number };

/** Lower triangle of C += scale A A' for n rows of A; blocks on the diagonal are filled whole, above them nothing is. */
export function addGram(arena: Arena, { c, c0 = 0, ldc, a, a0 = 0, lda, n, depth, scale }: Gram): void {
  const STEP = 64;
  for (let j0 = 0; j0 < n; j0 += STEP) {
    const cols = Math.min(STEP, n - j0);
    const at = a0 + j0 * lda;
    const right = { b: a, b0: at, ldb: lda, cols, depth, scale };
    arena.abt({ c, c0: c0 + j0 * ldc + j0, ldc, a, a0: at, lda, rows: n - j0, ...right });
  }
}
