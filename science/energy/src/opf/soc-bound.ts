// A lower bound on the AC optimum that holds whatever solver made its multipliers: the dual of the cone relaxation, evaluated in plain
// arithmetic (`conicBound`). Convergence is not trusted, only the sum.
import { conicBound, solveQuadratic } from '@madang/numerics';
import type { Grid } from '../grid/network.ts';
import { buildSocModel, type OperatingPoint, type SocModel } from './soc-model.ts';

export interface SocBound {
  /** Proven lower bound in $/h; -Infinity when nothing is proven (a cost that is not convex, unlimited reactive power that pays). */
  readonly bound: number;
  /** Optimum of the relaxation as the solver reports it. */
  readonly relaxed: number;
  readonly detail: string;
}

/** Solves the relaxation and returns the proven bound. `near` only decides which far limits are left out. */
export function socBound(grid: Grid, near: OperatingPoint): SocBound {
  const soc = buildSocModel(grid, near);
  if (!soc) return { bound: Number.NEGATIVE_INFINITY, relaxed: Number.NaN, detail: 'a cost is not convex' };
  const solve = (regularisation: number): SocBound => {
    const answer = solveQuadratic(soc.model, { tolerance: 1e-6, iterations: 100, regularisation });
    const bound = Math.max(conicBound(soc.model, answer.rowDual), conicBound(soc.model, polished(soc, answer.rowDual)));
    return { bound, relaxed: answer.objective, detail: answer.status };
  };
  const first = solve(1e-9);
  if (first.detail === 'optimal' || first.relaxed - first.bound <= 1e-3 * Math.abs(first.relaxed)) return first;
  // Prices of a pocket behind a full line (docs/decisions/0142) are found with less regularisation. Either bound is valid.
  const second = solve(1e-11);
  return second.bound > first.bound ? second : first;
}

/**
 * Multipliers whose branch cones take up the slopes of P, Q and l exactly, so that nothing is left to multiply the wide limits of branches
 * without a rating: y1 = slope of P / 2, y2 = slope of Q / 2, y0 - y3 = scale times slope of l, and y0 + y3 as the cone then asks.
 */
function polished(soc: SocModel, rowDual: Float64Array): Float64Array {
  const { model, series, firstCone, scale } = soc;
  const y = rowDual.slice();
  const slope = model.cost.slice();
  const last = firstCone + 4 * scale.length;
  for (const { first, size } of model.cones ?? []) {
    let tail = 0;
    for (let k = 1; k < size; k++) tail += y[first + k] ** 2;
    y[first] = Math.max(y[first], Math.sqrt(tail));
  }
  for (let i = 0; i < model.rows; i++) {
    if (y[i] === 0 || (i >= firstCone && i < last)) continue;
    for (let p = model.starts[i]; p < model.starts[i + 1]; p++) slope[model.indices[p]] -= y[i] * model.values[p];
  }
  for (let k = 0; k < scale.length; k++) {
    const p = series + 3 * k;
    const difference = scale[k] * slope[p + 2];
    if (!(difference > 0)) continue;
    const row = firstCone + 4 * k;
    y[row + 1] = slope[p] / 2;
    y[row + 2] = slope[p + 1] / 2;
    const sum = (y[row + 1] ** 2 + y[row + 2] ** 2) / difference;
    y[row] = (sum + difference) / 2;
    y[row + 3] = (sum - difference) / 2;
  }
  return y;
}
