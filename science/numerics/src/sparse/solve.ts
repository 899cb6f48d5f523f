// Solutions with the factors of ldl.ts, refined against the matrix itself.
import type { Factor } from './factor.ts';
import type { Symbolic } from './symbolic.ts';

/** Solves with the factors: writes x for right-hand side b (both in the old order; may be the same array). */
export function solve(factor: Factor, b: Float64Array, x: Float64Array): void {
  const { symbolic: s, panel, d, e, pivot } = factor;
  const n = s.size;
  const y = factor.work.vector;
  for (let k = 0; k < n; k++) y[k] = b[s.order[k]];
  const count = s.first.length - 1;
  const local = factor.work.front;
  for (let node = 0; node < count; node++) {
    const c0 = s.first[node];
    const width = s.first[node + 1] - c0;
    const from = s.belowStarts[node];
    const rest = s.belowStarts[node + 1] - from;
    const height = width + rest;
    for (let k = 0; k < width; k++) local[k] = y[c0 + pivot[c0 + k]];
    for (let k = 0; k < width; k++) y[c0 + k] = local[k];
    for (let k = 0; k < width; k++) {
      const v = y[c0 + k];
      if (v === 0) continue;
      const column = s.panelStarts[node] + k * height;
      const startRow = e[c0 + k] !== 0 ? k + 2 : k + 1;
      for (let i = startRow; i < width; i++) y[c0 + i] -= panel[column + i] * v;
      for (let i = 0; i < rest; i++) y[s.below[from + i]] -= panel[column + width + i] * v;
    }
  }
  for (let k = 0; k < n; k++) {
    if (e[k] !== 0) {
      const determinant = d[k] * d[k + 1] - e[k] * e[k];
      const u = y[k];
      const v = y[k + 1];
      y[k] = (d[k + 1] * u - e[k] * v) / determinant;
      y[k + 1] = (d[k] * v - e[k] * u) / determinant;
      k += 1;
    } else y[k] /= d[k];
  }
  for (let node = count - 1; node >= 0; node--) {
    const c0 = s.first[node];
    const width = s.first[node + 1] - c0;
    const from = s.belowStarts[node];
    const rest = s.belowStarts[node + 1] - from;
    const height = width + rest;
    for (let k = width - 1; k >= 0; k--) {
      const column = s.panelStarts[node] + k * height;
      let v = y[c0 + k];
      const startRow = e[c0 + k] !== 0 ? k + 2 : k + 1;
      for (let i = startRow; i < width; i++) v -= panel[column + i] * y[c0 + i];
      for (let i = 0; i < rest; i++) v -= panel[column + width + i] * y[s.below[from + i]];
      y[c0 + k] = v;
    }
    for (let k = 0; k < width; k++) local[k] = y[c0 + k];
    for (let k = 0; k < width; k++) y[c0 + pivot[c0 + k]] = local[k];
  }
  for (let k = 0; k < n; k++) x[s.order[k]] = y[k];
}

/** out = b - A x for the coordinate entries (each off-diagonal entry stands for both triangles); returns the largest |out|. */
export function residual(
  symbolic: Symbolic,
  values: Float64Array,
  x: Float64Array,
  b: Float64Array,
  out: Float64Array,
): number {
  const { rows, cols } = symbolic;
  out.set(b);
  for (let k = 0; k < values.length; k++) {
    const i = rows[k];
    const j = cols[k];
    out[i] -= values[k] * x[j];
    if (i !== j) out[j] -= values[k] * x[i];
  }
  let worst = 0;
  for (let i = 0; i < out.length; i++) worst = Math.max(worst, Math.abs(out[i]));
  return worst;
}

/**
 * Solves A x = b with iterative refinement until the residual is below `tolerance` of max|b| or stops falling; A may differ from what was
 * factorised (by regularisation). Returns the final residual, relative to max|b|.
 */
export function solveRefined(
  factor: Factor,
  values: Float64Array,
  b: Float64Array,
  x: Float64Array,
  tolerance = 1e-12,
  steps = 5,
): number {
  const n = b.length;
  const r = new Float64Array(n);
  const correction = new Float64Array(n);
  let scale = 0;
  for (let i = 0; i < n; i++) scale = Math.max(scale, Math.abs(b[i]));
  solve(factor, b, x);
  if (scale === 0) return 0;
  let worst = residual(factor.symbolic, values, x, b, r) / scale;
  for (let step = 0; step < steps && worst > tolerance; step++) {
    solve(factor, r, correction);
    for (let i = 0; i < n; i++) correction[i] += x[i];
    const next = residual(factor.symbolic, values, correction, b, r) / scale;
    if (!(next < worst)) break;
    x.set(correction);
    worst = next;
  }
  return worst;
}
