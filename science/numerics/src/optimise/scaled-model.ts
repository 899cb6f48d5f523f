// The program as the interior point for quadratic programs sees it: rows and columns equilibrated, costs and right-hand sides near one (docs/decisions/0063),
// one slack a row (the row's activity), and which bounds each of them has.
import type { Cone, ConicModel } from './conic-model.ts';
import type { ModelSolution, ModelStatus } from './linear-model.ts';

/** Columns 0 .. n, then the activities of the rows n .. n + m. Rows of A are stored one after the other. */
export interface ScaledModel {
  readonly n: number;
  readonly m: number;
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
  readonly cost: Float64Array;
  /** Lower triangle of Q. */
  readonly q: { readonly rows: Int32Array; readonly cols: Int32Array; readonly values: Float64Array };
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** 1 where both bounds are one value; such columns and activities stay where they are. */
  readonly fixed: Uint8Array;
  readonly hasLower: Uint8Array;
  readonly hasUpper: Uint8Array;
  /** Number of bounds with a barrier. */
  readonly sides: number;
  readonly cones: readonly Cone[];
  /** Cone of each row, -1 for none. */
  readonly inCone: Int32Array;
  /** Names the bounds that exclude each other, if there are such. */
  readonly contradiction: string;
  readonly rowScale: Float64Array;
  readonly columnScale: Float64Array;
  readonly costScale: number;
}

/** Scales a model: Ruiz's equilibration in three passes, then costs to ten and right-hand sides to one at most. */
export function scale(model: ConicModel): ScaledModel {
  const { columns: n, rows: m, starts, indices } = model;
  const cones = model.cones ?? [];
  const { rowScale, columnScale } = equilibrate(model);
  const values = new Float64Array(model.values.length);
  for (let i = 0; i < m; i++)
    for (let p = starts[i]; p < starts[i + 1]; p++) values[p] = model.values[p] * rowScale[i] * columnScale[indices[p]];
  const h = model.hessian ?? { rows: new Int32Array(0), cols: new Int32Array(0), values: new Float64Array(0) };
  const cost = Float64Array.from(model.cost, (c, j) => c * columnScale[j]);
  const hessian = Float64Array.from(h.values, (v, k) => v * columnScale[h.rows[k]] * columnScale[h.cols[k]]);
  const costScale = Math.max(1, largestFinite(cost, hessian) / 10);
  for (let j = 0; j < n; j++) cost[j] /= costScale;
  for (let k = 0; k < hessian.length; k++) hessian[k] /= costScale;
  const lower = new Float64Array(n + m);
  const upper = new Float64Array(n + m);
  for (let j = 0; j < n; j++) {
    lower[j] = model.columnLower[j] / columnScale[j];
    upper[j] = model.columnUpper[j] / columnScale[j];
  }
  for (let i = 0; i < m; i++) {
    lower[n + i] = model.rowLower[i] * rowScale[i];
    upper[n + i] = model.rowUpper[i] * rowScale[i];
  }
  // With right-hand sides of ten thousands the regularisation of free columns would outweigh their residuals.
  const size = cones.length > 0 ? 1 : largestFinite(lower.subarray(n), upper.subarray(n));
  if (size > 1) {
    for (let j = 0; j < n + m; j++) {
      lower[j] /= size;
      upper[j] /= size;
    }
    for (let j = 0; j < n; j++) columnScale[j] *= size;
    for (let k = 0; k < hessian.length; k++) hessian[k] *= size;
  }
  const q = { rows: h.rows, cols: h.cols, values: hessian };
  const inCone = new Int32Array(m).fill(-1);
  for (const [k, cone] of cones.entries()) inCone.fill(k, cone.first, cone.first + cone.size);
  const bounds = classify(n, m, lower, upper, inCone);
  return {
    n,
    m,
    starts,
    indices,
    values,
    cost,
    q,
    lower,
    upper,
    ...bounds,
    cones,
    inCone,
    rowScale,
    columnScale,
    costScale,
  };
}

/** Factors of rows and columns that bring every row's and column's largest entry near one. */
function equilibrate(model: ConicModel): { rowScale: Float64Array; columnScale: Float64Array } {
  const { columns: n, rows: m, starts, indices } = model;
  const rowScale = new Float64Array(m).fill(1);
  const columnScale = new Float64Array(n).fill(1);
  for (let pass = 0; pass < 3; pass++) {
    const rowMax = new Float64Array(m);
    const columnMax = new Float64Array(n);
    for (let i = 0; i < m; i++)
      for (let p = starts[i]; p < starts[i + 1]; p++) {
        const a = Math.abs(model.values[p]) * rowScale[i] * columnScale[indices[p]];
        rowMax[i] = Math.max(rowMax[i], a);
        columnMax[indices[p]] = Math.max(columnMax[indices[p]], a);
      }
    // The rows of a cone keep one scale, or it would be a cone no more.
    for (const { first, size } of model.cones ?? [])
      rowMax.fill(Math.max(...rowMax.subarray(first, first + size)), first, first + size);
    for (let i = 0; i < m; i++) if (rowMax[i] > 0) rowScale[i] /= Math.sqrt(rowMax[i]);
    for (let j = 0; j < n; j++) if (columnMax[j] > 0) columnScale[j] /= Math.sqrt(columnMax[j]);
  }
  return { rowScale, columnScale };
}

function classify(n: number, m: number, lower: Float64Array, upper: Float64Array, inCone: Int32Array) {
  const fixed = new Uint8Array(n + m);
  const hasLower = new Uint8Array(n + m);
  const hasUpper = new Uint8Array(n + m);
  let sides = 0;
  let contradiction = '';
  for (let j = 0; j < n + m; j++) {
    if (j >= n && inCone[j - n] >= 0) continue;
    if (lower[j] > upper[j] + 1e-9 * (1 + Math.abs(lower[j])))
      contradiction ||= `the bounds of ${j < n ? `column ${j}` : `row ${j - n}`} contradict each other`;
    if (Number.isFinite(lower[j]) && upper[j] - lower[j] <= 1e-11 * (1 + Math.abs(lower[j]))) fixed[j] = 1;
    else {
      hasLower[j] = Number.isFinite(lower[j]) ? 1 : 0;
      hasUpper[j] = Number.isFinite(upper[j]) ? 1 : 0;
      sides += hasLower[j] + hasUpper[j];
    }
  }
  return { fixed, hasLower, hasUpper, sides, contradiction };
}

/** The answer in the model's own units, from columns `v` and row multipliers `y` of the scaled one; zeros where there is no point. */
export function unscale(
  model: ConicModel,
  scaled: ScaledModel,
  point: { readonly v: Float64Array; readonly y: Float64Array } | undefined,
  status: ModelStatus,
  detail: string,
): ModelSolution {
  const { n, m, rowScale, columnScale, costScale } = scaled;
  const x = new Float64Array(n);
  const rowDual = new Float64Array(m);
  if (point) {
    for (let j = 0; j < n; j++) x[j] = point.v[j] * columnScale[j];
    for (let i = 0; i < m; i++) rowDual[i] = point.y[i] * rowScale[i] * costScale;
  }
  const columnDual = Float64Array.from(model.cost);
  let objective = model.offset;
  for (let j = 0; j < n; j++) objective += model.cost[j] * x[j];
  const h = model.hessian;
  if (h)
    for (let k = 0; k < h.values.length; k++) {
      const i = h.rows[k];
      const j = h.cols[k];
      columnDual[i] += h.values[k] * x[j];
      if (i !== j) columnDual[j] += h.values[k] * x[i];
      objective += (i === j ? 0.5 : 1) * h.values[k] * x[i] * x[j];
    }
  for (let i = 0; i < m; i++)
    for (let p = model.starts[i]; p < model.starts[i + 1]; p++)
      columnDual[model.indices[p]] -= rowDual[i] * model.values[p];
  return { status, detail, objective, x, rowDual, columnDual };
}

function largestFinite(...lists: readonly Float64Array[]): number {
  let most = 0;
  for (const list of lists) for (const v of list) if (Number.isFinite(v)) most = Math.max(most, Math.abs(v));
  return most;
}
