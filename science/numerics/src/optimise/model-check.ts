// An independent check of a linear model's answer: what it violates, and the bound that its duals prove.
import type { LinearModel } from './linear-model.ts';

/** How far from its value an unbounded column is followed when its slope is not quite zero. */
const REACH = 1000;

/** What the checker found. Violations are absolute, in the units of the rows and columns. */
export interface Check {
  readonly objective: number;
  /** Largest violation of a row, a bound or of being whole. */
  readonly primalViolation: number;
  /** Lower bound on the optimum that the duals prove; -Infinity when they prove nothing. */
  readonly bound: number;
  /** (objective - bound) / max(1, |objective|); Infinity without a bound. */
  readonly gap: number;
}

/**
 * Checks an answer without its solver: feasibility of x, and the bound that any y proves by weak duality,
 * min over the box of L(x, y). On an unbounded column a slope
 * within `slack` of its terms' size is rounding: there the bound holds for |x_j| up to a thousand times (1 + its value), not for every x.
 */
export function check(model: LinearModel, x: Float64Array, rowDual: Float64Array, slack = 1e-5): Check {
  let objective = model.offset;
  let violation = 0;
  const slope = Float64Array.from(model.cost);
  /** Sum of the absolute values of what went into a slope: the yardstick of its rounding. */
  const weight = Float64Array.from(model.cost, Math.abs);
  let curved = 0;
  const curvature = new Float64Array(model.columns);
  const q = model.hessian;
  const diagonal = q?.rows.every((i, k) => i === q.cols[k]) ?? true;
  if (q && diagonal)
    for (let k = 0; k < q.values.length; k++) {
      curvature[q.rows[k]] += q.values[k];
      objective += 0.5 * q.values[k] * x[q.rows[k]] ** 2;
    }
  else if (q) {
    for (let k = 0; k < q.values.length; k++) {
      const i = q.rows[k];
      const j = q.cols[k];
      slope[i] += q.values[k] * x[j];
      if (i !== j) slope[j] += q.values[k] * x[i];
      curved += (i === j ? 0.5 : 1) * q.values[k] * x[i] * x[j];
    }
  }
  for (let j = 0; j < model.columns; j++) {
    objective += model.cost[j] * x[j];
    violation = Math.max(violation, model.columnLower[j] - x[j], x[j] - model.columnUpper[j]);
    if (model.integer?.[j]) violation = Math.max(violation, Math.abs(x[j] - Math.round(x[j])));
  }
  objective += curved;
  const haveDuals = rowDual.length === model.rows;
  // By convexity 1/2 x'Qx >= its tangent at the given x; a diagonal Q is minimised column by column instead, exactly.
  let bound = haveDuals ? model.offset - curved : Number.NEGATIVE_INFINITY;
  for (let i = 0; i < model.rows; i++) {
    let activity = 0;
    const side = haveDuals && rowDual[i] > 0 ? model.rowLower[i] : model.rowUpper[i];
    // A dual that leans on a side that is not there proves nothing: the bound is taken without it.
    const y = haveDuals && Number.isFinite(side) ? rowDual[i] : 0;
    for (let p = model.starts[i]; p < model.starts[i + 1]; p++) {
      activity += model.values[p] * x[model.indices[p]];
      slope[model.indices[p]] -= y * model.values[p];
      weight[model.indices[p]] += Math.abs(y * model.values[p]);
    }
    violation = Math.max(violation, model.rowLower[i] - activity, activity - model.rowUpper[i]);
    if (y !== 0) bound += y * side;
  }
  for (let j = 0; j < model.columns && haveDuals; j++) {
    const z = slope[j];
    if (curvature[j] > 0) {
      const at = Math.min(Math.max(-z / curvature[j], model.columnLower[j]), model.columnUpper[j]);
      bound += (0.5 * curvature[j] * at + z) * at;
      continue;
    }
    const side = z > 0 ? model.columnLower[j] : model.columnUpper[j];
    if (Number.isFinite(side)) bound += z * side;
    else if (Math.abs(z) > slack * (1 + weight[j])) bound = Number.NEGATIVE_INFINITY;
    else bound -= Math.abs(z) * REACH * (1 + Math.abs(x[j]));
  }
  if (!Number.isFinite(bound)) bound = Number.NEGATIVE_INFINITY;
  return { objective, primalViolation: violation, bound, gap: (objective - bound) / Math.max(1, Math.abs(objective)) };
}
