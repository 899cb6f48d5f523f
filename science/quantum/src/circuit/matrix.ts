// Small complex matrices as Float64Array: row after row, real and imaginary part side by side, so entry (r, c) of an n x n matrix
// is at 2 (r n + c). Sizes here are 2^k of few qubits; nothing is tuned.

export type Matrix = Float64Array<ArrayBuffer>;

/** Number of rows. */
export function order(m: Matrix): number {
  return Math.round(Math.sqrt(m.length / 2));
}

export function identity(n: number): Matrix {
  const m = new Float64Array(2 * n * n);
  for (let i = 0; i < n; i++) m[2 * (i * n + i)] = 1;
  return m;
}

/** a b: first b acts, then a. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  const n = order(a);
  const out = new Float64Array(2 * n * n);
  for (let r = 0; r < n; r++)
    for (let k = 0; k < n; k++) {
      const re = a[2 * (r * n + k)];
      const im = a[2 * (r * n + k) + 1];
      if (re === 0 && im === 0) continue;
      for (let c = 0; c < n; c++) {
        const p = 2 * (k * n + c);
        const q = 2 * (r * n + c);
        out[q] += re * b[p] - im * b[p + 1];
        out[q + 1] += re * b[p + 1] + im * b[p];
      }
    }
  return out;
}

/** Conjugate transpose. */
export function adjoint(a: Matrix): Matrix {
  const n = order(a);
  const out = new Float64Array(a.length);
  for (let r = 0; r < n; r++)
    for (let c = 0; c < n; c++) {
      out[2 * (c * n + r)] = a[2 * (r * n + c)];
      out[2 * (c * n + r) + 1] = 0 - a[2 * (r * n + c) + 1];
    }
  return out;
}

/** Largest difference of any real or imaginary part. */
export function distance(a: Matrix, b: Matrix): number {
  let most = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

/** True when all entries off the diagonal are zero to rounding. */
export function isDiagonal(a: Matrix, tolerance = 1e-14): boolean {
  const n = order(a);
  for (let r = 0; r < n; r++)
    for (let c = 0; c < n; c++)
      if (r !== c && Math.hypot(a[2 * (r * n + c)], a[2 * (r * n + c) + 1]) > tolerance) return false;
  return true;
}

/** e^(i angle) on the diagonal. */
export function phases(angles: readonly number[]): Matrix {
  const n = angles.length;
  const m = new Float64Array(2 * n * n);
  for (const [i, a] of angles.entries()) {
    m[2 * (i * n + i)] = Math.cos(a);
    m[2 * (i * n + i) + 1] = Math.sin(a);
  }
  return m;
}

/**
 * U^k for a unitary matrix and any real k: whole powers by squaring, others on the principal branch (eigenphases in (-π, π], so that the
 * square root of Z is S and of X is SX). Eigenvectors by Jacobi rotations that diagonalise the Hermitian and anti-Hermitian parts together
 * (Cardoso and Souloumiac, SIAM J. Matrix Anal. Appl. 17:161, 1996).
 */
export function power(u: Matrix, k: number): Matrix {
  const n = order(u);
  if (Number.isInteger(k) && Math.abs(k) < 2 ** 31) {
    let base = k < 0 ? adjoint(u) : u;
    let out = identity(n);
    for (let e = Math.abs(k); e > 0; e = Math.floor(e / 2)) {
      if (e % 2 === 1) out = multiply(base, out);
      base = multiply(base, base);
    }
    return out;
  }
  const { vectors, values } = diagonalise(u);
  const scaled = phases(values.map(angle => angle * k));
  return multiply(multiply(vectors, scaled), adjoint(vectors));
}

/** Eigenvectors in columns, and eigenphases in (-π, π]; a phase within rounding of -π counts as π. */
function diagonalise(u: Matrix): { vectors: Matrix; values: number[] } {
  const n = order(u);
  let a = Float64Array.from(u);
  let v = identity(n);
  for (let sweep = 0; sweep < 60; sweep++) {
    let moved = false;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        const r = rotation(a, n, p, q);
        if (!r) continue;
        moved = true;
        a = multiply(multiply(adjoint(r), a), r);
        v = multiply(v, r);
      }
    if (!moved) break;
  }
  const values = Array.from({ length: n }, (_, i) => {
    const angle = Math.atan2(a[2 * (i * n + i) + 1], a[2 * (i * n + i)]);
    return angle < -Math.PI + 1e-9 ? angle + 2 * Math.PI : angle;
  });
  return { vectors: v, values };
}

/** The unitary plane rotation that makes entries (p, q) and (q, p) of a normal matrix smallest, or undefined when they are zero already. */
function rotation(a: Matrix, n: number, p: number, q: number): Matrix | undefined {
  const at = (r: number, c: number) => [a[2 * (r * n + c)], a[2 * (r * n + c) + 1]] as const;
  const [pr, pi] = at(p, q);
  const [qr, qi] = at(q, p);
  if (pr * pr + pi * pi + qr * qr + qi * qi < 1e-30) return undefined;
  const [dr, di] = [at(p, p)[0] - at(q, q)[0], at(p, p)[1] - at(q, q)[1]];
  // h(A) = [a_pp - a_qq, a_pq + a_qp, i (a_qp - a_pq)] for the Hermitian and the anti-Hermitian part; G = sum of Re h h^*.
  const parts: readonly (readonly [number, number, number])[] = [
    [dr, pr + qr, -(qi - pi)],
    [di, pi + qi, qr - pr],
  ];
  const g = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const h of parts) for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) g[3 * i + j] += h[i] * h[j];
  let [x, y, z] = largestVector(g);
  if (x < 0) [x, y, z] = [-x, -y, -z];
  const c = Math.sqrt((x + 1) / 2);
  const scale = 1 / Math.sqrt(2 * (x + 1));
  const sr = y * scale;
  const si = -z * scale;
  if (Math.abs(sr) < 1e-17 && Math.abs(si) < 1e-17) return undefined;
  const r = identity(n);
  const put = (row: number, col: number, re: number, im: number) => {
    r[2 * (row * n + col)] = re;
    r[2 * (row * n + col) + 1] = im;
  };
  put(p, p, c, 0);
  put(p, q, -sr, si);
  put(q, p, sr, si);
  put(q, q, c, 0);
  return r;
}

/** Unit eigenvector of the largest eigenvalue of a symmetric 3 x 3 matrix, by Jacobi. */
function largestVector(g: readonly number[]): [number, number, number] {
  const m = [...g];
  const v = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  for (let sweep = 0; sweep < 30; sweep++) {
    let off = 0;
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ]) {
      const apq = m[3 * i + j];
      off += apq * apq;
      if (Math.abs(apq) < 1e-300) continue;
      const theta = (m[4 * j] - m[4 * i]) / (2 * apq);
      const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
      const c = 1 / Math.sqrt(t * t + 1);
      const s = t * c;
      for (let k = 0; k < 3; k++) {
        const a = m[3 * k + i];
        const b = m[3 * k + j];
        m[3 * k + i] = c * a - s * b;
        m[3 * k + j] = s * a + c * b;
      }
      for (let k = 0; k < 3; k++) {
        const a = m[3 * i + k];
        const b = m[3 * j + k];
        m[3 * i + k] = c * a - s * b;
        m[3 * j + k] = s * a + c * b;
        const va = v[3 * k + i];
        const vb = v[3 * k + j];
        v[3 * k + i] = c * va - s * vb;
        v[3 * k + j] = s * va + c * vb;
      }
    }
    if (off < 1e-300) break;
  }
  let best = 0;
  for (let i = 1; i < 3; i++) if (m[4 * i] > m[4 * best]) best = i;
  return [v[best], v[3 + best], v[6 + best]];
}
