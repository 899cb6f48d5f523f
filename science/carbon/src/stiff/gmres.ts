// Generalised minimal residuals (Saad and Schultz, SIAM J. Sci. Stat. Comput. 7, 856, 1986), with Givens rotations.

/** Solves (1 + damping) d - M d = r, M given by its products, to a share `within` of r's length, with `most` products at most. */
export function gmres(
  apply: (x: Float64Array) => Float64Array,
  r: Float64Array,
  damping: number,
  within: number,
  most: number,
): Float64Array {
  const norm = Math.sqrt(dot(r, r));
  const basis = [r.map(v => v / norm)];
  const h: Float64Array[] = [];
  const cs: number[] = [];
  const sn: number[] = [];
  const g = [norm];
  for (let k = 0; k < most && Math.abs(g[k]) > within * norm; k++) {
    const mv = apply(basis[k]);
    const w = mv.map((v, i) => (1 + damping) * basis[k][i] - v);
    const column = new Float64Array(k + 2);
    for (let j = 0; j <= k; j++) {
      column[j] = dot(w, basis[j]);
      for (let i = 0; i < w.length; i++) w[i] -= column[j] * basis[j][i];
    }
    const rest = Math.sqrt(dot(w, w));
    column[k + 1] = rest;
    for (let j = 0; j < k; j++) {
      const a = cs[j] * column[j] + sn[j] * column[j + 1];
      column[j + 1] = cs[j] * column[j + 1] - sn[j] * column[j];
      column[j] = a;
    }
    const size = Math.hypot(column[k], column[k + 1]);
    cs.push(column[k] / size);
    sn.push(column[k + 1] / size);
    column[k] = size;
    g.push(-sn[k] * g[k]);
    g[k] *= cs[k];
    h.push(column);
    if (!(rest > 1e-14 * norm)) break;
    basis.push(w.map(v => v / rest));
  }
  const d = new Float64Array(r.length);
  const y = new Float64Array(h.length);
  for (let k = h.length - 1; k >= 0; k--) {
    let s = g[k];
    for (let j = k + 1; j < h.length; j++) s -= h[j][k] * y[j];
    y[k] = s / h[k][k];
  }
  for (let k = 0; k < h.length; k++) for (let i = 0; i < d.length; i++) d[i] += y[k] * basis[k][i];
  return d;
}

function dot(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i] * b[i];
  return s;
}
