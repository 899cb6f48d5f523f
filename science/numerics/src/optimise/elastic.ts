// The restoration problem of the interior point: constraints made elastic, min sum(p + n) + zeta/2 |D (x - reference)|^2 subject to
// low <= R g(x) - p + n <= high. Wächter and Biegler (2006), section 3.3. R are the row scales of the problem being restored.
import type { NonlinearProgram } from './nonlinear-program.ts';

/** Builds the elastic form around `reference` with weight `zeta` on the distance. */
export function elasticProgram(
  program: NonlinearProgram,
  rowScale: Float64Array,
  reference: Float64Array,
  zeta: number,
  barrier: number,
): NonlinearProgram {
  const n = program.variables;
  const m = program.constraints;
  const total = n + 2 * m;
  const lower = new Float64Array(total);
  const upper = new Float64Array(total).fill(Number.POSITIVE_INFINITY);
  lower.set(program.lower);
  upper.set(program.upper);
  const constraintLower = program.constraintLower.map((b, i) => b * rowScale[i]);
  const constraintUpper = program.constraintUpper.map((b, i) => b * rowScale[i]);
  const weight = Float64Array.from(reference, r => zeta / Math.max(1, Math.abs(r)) ** 2);
  const inner = program.jacobian.rows.length;
  const innerHessian = program.hessian.rows.length;
  const jacobian = { rows: new Int32Array(inner + 2 * m), cols: new Int32Array(inner + 2 * m) };
  jacobian.rows.set(program.jacobian.rows);
  jacobian.cols.set(program.jacobian.cols);
  const hessian = { rows: new Int32Array(innerHessian + n), cols: new Int32Array(innerHessian + n) };
  hessian.rows.set(program.hessian.rows);
  hessian.cols.set(program.hessian.cols);
  for (let i = 0; i < m; i++)
    for (let q = 0; q < 2; q++) {
      jacobian.rows[inner + 2 * i + q] = i;
      jacobian.cols[inner + 2 * i + q] = n + 2 * i + q;
    }
  for (let j = 0; j < n; j++) hessian.rows[innerHessian + j] = hessian.cols[innerHessian + j] = j;
  const start = new Float64Array(total);
  start.set(reference);
  const g = new Float64Array(m);
  program.values(reference, g);
  for (let i = 0; i < m; i++) {
    const value = g[i] * rowScale[i];
    const c =
      value > constraintUpper[i]
        ? value - constraintUpper[i]
        : value < constraintLower[i]
          ? value - constraintLower[i]
          : 0;
    // The pair on the central path whose difference is c.
    const half = (barrier - c) / 2;
    start[n + 2 * i + 1] = Math.max(1e-8, half + Math.sqrt(Math.max(0, half * half + (barrier * c) / 2)));
    start[n + 2 * i] = Math.max(1e-8, c + start[n + 2 * i + 1]);
  }
  const scaled = new Float64Array(m);
  const groups = program.groups && new Int32Array(total + m);
  if (groups && program.groups) {
    groups.set(program.groups.subarray(0, n));
    groups.set(program.groups.subarray(n), total);
    let next = 0;
    for (const g of program.groups) next = Math.max(next, g + 1);
    for (let k = 0; k < 2 * m; k++) groups[n + k] = next + k;
  }
  return {
    variables: total,
    constraints: m,
    lower,
    upper,
    constraintLower,
    constraintUpper,
    start,
    objective(x) {
      let sum = 0;
      for (let k = n; k < total; k++) sum += x[k];
      for (let j = 0; j < n; j++) sum += 0.5 * weight[j] * (x[j] - reference[j]) ** 2;
      return sum;
    },
    gradient(x, out) {
      for (let j = 0; j < n; j++) out[j] = weight[j] * (x[j] - reference[j]);
      out.fill(1, n);
    },
    values(x, out) {
      program.values(x.subarray(0, n), out);
      for (let i = 0; i < m; i++) out[i] = out[i] * rowScale[i] - x[n + 2 * i] + x[n + 2 * i + 1];
    },
    jacobian,
    jacobianValues(x, out) {
      program.jacobianValues(x.subarray(0, n), out.subarray(0, inner));
      for (let k = 0; k < inner; k++) out[k] *= rowScale[program.jacobian.rows[k]];
      for (let i = 0; i < m; i++) {
        out[inner + 2 * i] = -1;
        out[inner + 2 * i + 1] = 1;
      }
    },
    hessian,
    hessianValues(x, factor, multipliers, out) {
      for (let i = 0; i < m; i++) scaled[i] = multipliers[i] * rowScale[i];
      program.hessianValues(x.subarray(0, n), 0, scaled, out.subarray(0, innerHessian));
      for (let j = 0; j < n; j++) out[innerHessian + j] = factor * weight[j];
    },
    ...(groups ? { groups } : {}),
  };
}
