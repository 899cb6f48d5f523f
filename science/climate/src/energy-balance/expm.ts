// Exponential of a small dense matrix: scaling and squaring with the diagonal Padé approximant of degree 13
// (Higham 2005, SIAM J. Matrix Anal. Appl. 26, 1179, algorithm 2.3 without the lower degrees). Scratch space is kept between calls of one size.

const PADE = [
  64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600,
  670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1,
];
const THETA_13 = 5.371920351148152;

/** A function that replaces a row-major n x n matrix by its exponential, in place. Makes nothing while it runs. */
export function makeExpm(n: number): (a: Float64Array) => void {
  const size = n * n;
  const a2 = new Float64Array(size);
  const a4 = new Float64Array(size);
  const a6 = new Float64Array(size);
  const u = new Float64Array(size);
  const v = new Float64Array(size);
  const w = new Float64Array(size);
  const solve = makeSolve(n);

  return a => {
    let norm = 0;
    for (let j = 0; j < n; j++) {
      let column = 0;
      for (let i = 0; i < n; i++) column += Math.abs(a[i * n + j]);
      norm = Math.max(norm, column);
    }
    if (!Number.isFinite(norm)) throw new RangeError('expm: the matrix holds a value that is not finite');
    const squarings = Math.max(0, Math.ceil(Math.log2(norm / THETA_13)));
    const scale = 2 ** -squarings;
    for (let i = 0; i < size; i++) a[i] *= scale;
    multiply(n, a, a, a2);
    multiply(n, a2, a2, a4);
    multiply(n, a4, a2, a6);
    for (let i = 0; i < size; i++) w[i] = PADE[13] * a6[i] + PADE[11] * a4[i] + PADE[9] * a2[i];
    multiply(n, a6, w, u);
    for (let i = 0; i < size; i++) u[i] += PADE[7] * a6[i] + PADE[5] * a4[i] + PADE[3] * a2[i];
    for (let i = 0; i < n; i++) u[i * n + i] += PADE[1];
    multiply(n, a, u, v);
    u.set(v);
    for (let i = 0; i < size; i++) w[i] = PADE[12] * a6[i] + PADE[10] * a4[i] + PADE[8] * a2[i];
    multiply(n, a6, w, v);
    for (let i = 0; i < size; i++) v[i] += PADE[6] * a6[i] + PADE[4] * a4[i] + PADE[2] * a2[i];
    for (let i = 0; i < n; i++) v[i * n + i] += PADE[0];
    for (let i = 0; i < size; i++) {
      a[i] = v[i] + u[i];
      v[i] -= u[i];
    }
    solve(v, a);
    for (let k = 0; k < squarings; k++) {
      multiply(n, a, a, w);
      a.set(w);
    }
  };
}

function multiply(n: number, a: Float64Array, b: Float64Array, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let s = 0;
      for (let k = 0; k < n; k++) s += a[i * n + k] * b[k * n + j];
      out[i * n + j] = s;
    }
  }
}

/** Gaussian elimination with partial pivoting: overwrites `b` with the solution X of A X = B; `a` is destroyed. */
function makeSolve(n: number): (a: Float64Array, b: Float64Array) => void {
  const swap = (x: Float64Array, p: number, q: number) => {
    for (let j = 0; j < n; j++) {
      const t = x[p * n + j];
      x[p * n + j] = x[q * n + j];
      x[q * n + j] = t;
    }
  };
  return (a, b) => {
    for (let c = 0; c < n; c++) {
      let pivot = c;
      for (let r = c + 1; r < n; r++) if (Math.abs(a[r * n + c]) > Math.abs(a[pivot * n + c])) pivot = r;
      if (pivot !== c) {
        swap(a, c, pivot);
        swap(b, c, pivot);
      }
      for (let r = c + 1; r < n; r++) {
        const f = a[r * n + c] / a[c * n + c];
        if (f === 0) continue;
        for (let j = c; j < n; j++) a[r * n + j] -= f * a[c * n + j];
        for (let j = 0; j < n; j++) b[r * n + j] -= f * b[c * n + j];
      }
    }
    for (let r = n - 1; r >= 0; r--) {
      for (let j = 0; j < n; j++) {
        let s = b[r * n + j];
        for (let k = r + 1; k < n; k++) s -= a[r * n + k] * b[k * n + j];
        b[r * n + j] = s / a[r * n + r];
      }
    }
  };
}
