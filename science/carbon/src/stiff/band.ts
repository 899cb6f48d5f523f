// LU factorisation of banded matrices with partial pivoting (Golub and Van Loan, 4.3.5; the storage of LAPACK's gbtrf).
// Row-major by diagonals: entry (i, j) lies at i * width + (j - i + lower); rows keep `lower` extra places for pivoting.

/** A square banded matrix with `lower` diagonals below and `upper` above the main one. */
export interface Band {
  readonly n: number;
  readonly lower: number;
  readonly upper: number;
  /** lower + 1 + upper + lower. */
  readonly width: number;
  readonly data: Float64Array;
  readonly pivots: Int32Array;
  /** Last column of each row of U: rows that no pivot reached stay short. */
  readonly ends: Int32Array;
}

export function band(n: number, lower: number, upper: number): Band {
  const width = 2 * lower + upper + 1;
  return {
    n,
    lower,
    upper,
    width,
    data: new Float64Array(n * width),
    pivots: new Int32Array(n),
    ends: new Int32Array(n),
  };
}

/** Factorises in place. Returns false when a pivot is zero or not finite. */
export function factorBand(b: Band): boolean {
  const { n, lower, upper, width, data, pivots, ends } = b;
  let right = 0;
  for (let k = 0; k < n; k++) {
    const last = Math.min(n - 1, k + lower);
    let p = k;
    let best = Math.abs(data[k * width + lower]);
    for (let i = k + 1; i <= last; i++) {
      const v = Math.abs(data[i * width + k - i + lower]);
      if (v > best) {
        best = v;
        p = i;
      }
    }
    pivots[k] = p;
    if (!(best > 0) || best === Number.POSITIVE_INFINITY) return false;
    right = Math.max(right, Math.min(n - 1, p + upper));
    ends[k] = right;
    if (p !== k) {
      for (let j = k; j <= right; j++) {
        const a = k * width + j - k + lower;
        const c = p * width + j - p + lower;
        const t = data[a];
        data[a] = data[c];
        data[c] = t;
      }
    }
    const inverse = 1 / data[k * width + lower];
    const rowK = k * width + lower;
    for (let i = k + 1; i <= last; i++) {
      const at = i * width + k - i + lower;
      const f = data[at] * inverse;
      data[at] = f;
      if (f === 0) continue;
      const shift = at - rowK;
      for (let c = rowK + 1; c <= rowK + right - k; c++) data[c + shift] -= f * data[c];
    }
  }
  return true;
}

/** Solves in place for one right-hand side, after `factorBand`. */
export function solveBand(b: Band, x: Float64Array): void {
  const { n, lower, width, data, pivots, ends } = b;
  for (let k = 0; k < n; k++) {
    const p = pivots[k];
    const t = x[p];
    if (p !== k) {
      x[p] = x[k];
      x[k] = t;
    }
    if (t === 0) continue;
    const last = Math.min(n - 1, k + lower);
    for (let i = k + 1; i <= last; i++) x[i] -= data[i * width + k - i + lower] * t;
  }
  for (let i = n - 1; i >= 0; i--) {
    let s = x[i];
    const row = i * width - i + lower;
    const last = ends[i];
    for (let j = i + 1; j <= last; j++) s -= data[row + j] * x[j];
    x[i] = s / data[row + i];
  }
}
