// A lower bound on the AC optimum that holds whatever solver made its multipliers: the dual of the cone relaxation, evaluated in plain
// arithmetic (`conicBound`). Convergence is not trusted, only the sum.
import { conicBound, solveQuadratic } from '@madang/numerics';
import type { Grid } from '../grid/grid.ts';
import { buildSocModel, type OperatingPoint } from './soc-model.ts';

export interface SocBound {
  /** Proven lower bound in $/h; -Infinity when nothing is proven (a cost that is not convex, unlimited reactive power that pays). */
  readonly bound: number;
  /** Optimum of the relaxation as the solver reports it. */
  readonly relaxed: number;
  readonly detail: string;
}

/** Solves the relaxation and returns the proven bound. `near` only decides which far limits are left out. */
export function socBound(grid: Grid, near: OperatingPoint): SocBound {
  const model = buildSocModel(grid, near);
  if (!model) return { bound: Number.NEGATIVE_INFINITY, relaxed: Number.NaN, detail: 'a cost is not convex' };
  const answer = solveQuadratic(model, { tolerance: 1e-6, iterations: 100 });
  return { bound: conicBound(model, answer.rowDual), relaxed: answer.objective, detail: answer.status };
}
