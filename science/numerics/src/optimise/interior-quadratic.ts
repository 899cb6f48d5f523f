// Primal-dual interior point for linear and convex quadratic programs with second-order cones: Mehrotra's predictor and corrector (SIAM J.
// Optim. 2:575, 1992) on the regularised augmented system, Nesterov-Todd scaling of the cones, our sparse LDL'. One algorithm, one file;
// scaling, starting points, the linear system and the cones' algebra lie beside it.
// Trap: the iterates stay inside the bounds, so a vertex is approached, not reached; duals of degenerate optima are the analytic centre's.
import { AugmentedSystem } from './augmented-system.ts';
import type { ConicModel } from './conic-model.ts';
import { provesInfeasible } from './farkas.ts';
import type { ModelSolution, ModelStatus } from './linear-model.ts';
import { coneReach, NesterovTodd } from './nesterov-todd.ts';
import { leastNormStart, middleStart } from './quadratic-start.ts';
import { scale, unscale } from './scaled-model.ts';

export interface InteriorOptions {
  /** Relative tolerance of residuals and gap; default 1e-9. */
  readonly tolerance?: number;
  readonly iterations?: number;
  /** First regularisation of the linear system; default 1e-9. Multipliers of millions need less of it, poorly scaled rows more. */
  readonly regularisation?: number;
}

/** Solves a linear or convex quadratic program, with or without cones. Whole-number columns are refused; a Hessian that is not convex gives 'failed'. */
export function solveQuadratic(model: ConicModel, options: InteriorOptions = {}): ModelSolution {
  if (model.integer?.some(v => v === 1))
    throw new TypeError('solveQuadratic: whole-number columns need a mixed-integer solver');
  const first = run(model, options, 'middle');
  if (first.status === 'optimal' || first.status === 'infeasible' || model.cones?.length) return first;
  const second = run(model, options, 'least-norm');
  return second.status === 'optimal' || second.status === 'infeasible' ? second : first;
}

function run(model: ConicModel, options: InteriorOptions, start: 'middle' | 'least-norm'): ModelSolution {
  const tolerance = options.tolerance ?? 1e-9;
  const limit = options.iterations ?? 150;
  const scaled = scale(model);
  if (scaled.contradiction) return unscale(model, scaled, undefined, 'infeasible', scaled.contradiction);
  const { n, m, starts, indices, values, cost, q, lower, upper, fixed, hasLower, hasUpper, cones, inCone } = scaled;
  const conic = cones.length > 0;
  const total = n + m;
  const system = new AugmentedSystem(scaled);
  const scaling = new NesterovTodd(cones, m);
  const point = middleStart(scaled);
  if (start === 'least-norm') leastNormStart(scaled, system, point);
  const { v, zl, zu, y } = point;

  const dual = new Float64Array(total);
  const primal = new Float64Array(m);
  const rhs = new Float64Array(total);
  const step = new Float64Array(total);
  const dv = new Float64Array(total);
  const dy = new Float64Array(m);
  const dzl = new Float64Array(total);
  const dzu = new Float64Array(total);
  /** Second-order terms of the bounds' complementarity. */
  const cl = new Float64Array(total);
  const cu = new Float64Array(total);
  const theta = new Float64Array(total);
  /** Slacks of the cones' rows. */
  const slack = new Float64Array(m);
  let costScale = 1;
  for (let j = 0; j < n; j++) costScale = Math.max(costScale, Math.abs(cost[j]));
  let rhsScale = 1;
  for (let i = 0; i < m; i++) if (fixed[n + i]) rhsScale = Math.max(rhsScale, Math.abs(v[n + i]));
  const degree = scaled.sides + cones.length;
  /** The best point so far: near the end rounding can throw the iterates off. */
  const kept = { v: v.slice(), y: y.slice() };
  let best = Number.POSITIVE_INFINITY;
  let stalled = 0;
  let detail = 'the iteration limit was reached';
  let status: ModelStatus = 'limit';
  let delta = options.regularisation ?? 1e-9;
  /** Known once a factorisation had the signs that only a convex program has. */
  let convex = false;
  for (let iteration = 0; iteration < limit; iteration++) {
    const objective = residuals();
    const complementarity = products(0, 0);
    const mu = degree > 0 ? complementarity / degree : 0;
    const worstPrimal = largest(primal);
    const measure = Math.max(
      worstPrimal / rhsScale,
      largest(dual) / costScale,
      complementarity / (1 + Math.abs(objective)),
    );
    if (measure < tolerance && convex) {
      status = 'optimal';
      detail = '';
      break;
    }
    if (measure < 0.9 * best) {
      best = measure;
      stalled = 0;
      kept.v.set(v);
      kept.y.set(y);
    } else if (++stalled > 25 || !Number.isFinite(measure)) {
      v.set(kept.v);
      y.set(kept.y);
      detail = best < 1e-6 ? '' : `no progress below ${best.toExponential(1)}`;
      status = best < 1e-6 ? 'optimal' : 'failed';
      break;
    }
    if (iteration > 8 && worstPrimal / rhsScale > 1e-7 && provesInfeasible(scaled, y)) {
      status = 'infeasible';
      detail = 'a combination of rows contradicts the bounds';
      break;
    }
    for (let j = 0; j < total; j++) {
      let t = 0;
      if (hasLower[j]) t += zl[j] / (v[j] - lower[j]);
      if (hasUpper[j]) t += zu[j] / (upper[j] - v[j]);
      theta[j] = t;
    }
    for (let i = 0; i < m; i++) if (inCone[i] >= 0) slack[i] = v[n + i] - lower[n + i];
    const signs = system.factorise(theta, delta, scaling, slack, y);
    // Wrong signs: not convex when they are there from the beginning, rounding (and more regularisation) later on.
    if (!signs && (!convex || !conic) && delta <= 1e-4) {
      delta *= 100;
      continue;
    }
    if (!signs && !convex) {
      status = 'failed';
      detail = 'the quadratic cost is not convex';
      break;
    }
    convex = true;
    // The predictor aims at mu = 0, the corrector at what it reached; only the corrector's step is taken.
    cl.fill(0);
    cu.fill(0);
    scaling.correct();
    const error = direction(0, 1, conic ? 1 : 4);
    // Free columns pivot on delta alone: where that drowned the others, more of it gives a step that can be used.
    if (!conic && !(error < 1e-6) && delta < 1e-5) {
      delta *= 10;
      continue;
    }
    let primalStep = reach();
    let dualStep = reachDual();
    const affine = Math.min(1, primalStep, dualStep);
    const target = degree > 0 ? products(primalStep, dualStep) / degree : 0;
    const sigma = conic ? Math.max(1e-6, (1 - affine) ** 3) : mu > 0 ? Math.max(1e-6, (target / mu) ** 3) : 0;
    scaling.correct(dv.subarray(n), dy);
    for (let j = 0; j < total; j++) {
      if (hasLower[j]) cl[j] = dv[j] * dzl[j];
      if (hasUpper[j]) cu[j] = -dv[j] * dzu[j];
    }
    direction(sigma * mu, conic ? 1 - sigma : 1, 4);
    const keep = conic ? 0.99 : Math.max(0.9, 1 - mu);
    primalStep = Math.min(1, 0.9995 * keep * reach());
    dualStep = Math.min(1, 0.9995 * keep * reachDual());
    if (q.values.length > 0 || conic) primalStep = dualStep = Math.min(primalStep, dualStep);
    if (conic && Math.max(primalStep, dualStep) < 1e-6) stalled += 8;
    for (let j = 0; j < total; j++) {
      v[j] += primalStep * dv[j];
      zl[j] += dualStep * dzl[j];
      zu[j] += dualStep * dzu[j];
    }
    for (let i = 0; i < m; i++) y[i] += dualStep * dy[i];
  }
  return unscale(model, scaled, point, status, detail);

  /** Fills dual = Qx + c - A'y - zl + zu (for slacks y - zl + zu) and primal = A x - s; returns the objective. */
  function residuals(): number {
    let objective = 0;
    for (let j = 0; j < n; j++) {
      dual[j] = cost[j] - zl[j] + zu[j];
      objective += cost[j] * v[j];
    }
    for (let k = 0; k < q.values.length; k++) {
      const i = q.rows[k];
      const j = q.cols[k];
      dual[i] += q.values[k] * v[j];
      if (i !== j) dual[j] += q.values[k] * v[i];
      objective += (i === j ? 0.5 : 1) * q.values[k] * v[i] * v[j];
    }
    for (let i = 0; i < m; i++) {
      let a = 0;
      for (let p = starts[i]; p < starts[i + 1]; p++) {
        a += values[p] * v[indices[p]];
        dual[indices[p]] -= y[i] * values[p];
      }
      primal[i] = a - v[n + i];
      dual[n + i] = fixed[n + i] || inCone[i] >= 0 ? 0 : y[i] - zl[n + i] + zu[n + i];
    }
    for (let j = 0; j < n; j++) if (fixed[j]) dual[j] = 0;
    return objective;
  }

  /** Sum of multipliers times slacks after steps of these lengths. */
  function products(primalStep: number, dualStep: number): number {
    let sum = 0;
    for (let j = 0; j < total; j++) {
      if (hasLower[j]) sum += (zl[j] + dualStep * dzl[j]) * (v[j] + primalStep * dv[j] - lower[j]);
      if (hasUpper[j]) sum += (zu[j] + dualStep * dzu[j]) * (upper[j] - v[j] - primalStep * dv[j]);
    }
    for (let i = 0; i < m; i++)
      if (inCone[i] >= 0) sum += (y[i] + dualStep * dy[i]) * (v[n + i] + primalStep * dv[n + i] - lower[n + i]);
    return sum;
  }

  /**
   * Solves for the Newton direction that aims at complementarity `aim` minus the second-order terms; `part` of the residuals goes.
   * Returns the relative residual of the linear system.
   */
  function direction(aim: number, part: number, refinements: number): number {
    const pull = (j: number) => {
      let r = -part * dual[j];
      if (hasLower[j]) r += (aim - cl[j]) / (v[j] - lower[j]) - zl[j];
      if (hasUpper[j]) r -= (aim - cu[j]) / (upper[j] - v[j]) - zu[j];
      return r;
    };
    scaling.aimAt(aim);
    for (let j = 0; j < n; j++) rhs[j] = fixed[j] ? 0 : pull(j);
    for (let i = 0; i < m; i++) {
      rhs[n + i] = -part * primal[i];
      if (inCone[i] >= 0) rhs[n + i] += scaling.rhs[i];
      else if (!fixed[n + i]) rhs[n + i] += pull(n + i) / Math.max(theta[n + i], 1e-14);
    }
    // `step` holds dx and -dy.
    const error = system.solve(rhs, step, conic ? 1e-10 : 1e-13, refinements, conic);
    for (let j = 0; j < n; j++) dv[j] = fixed[j] ? 0 : step[j];
    for (let i = 0; i < m; i++) {
      const j = n + i;
      dy[i] = -step[j];
      if (inCone[i] < 0) {
        dv[j] = fixed[j] ? 0 : (pull(j) + step[j]) / Math.max(theta[j], 1e-14);
        continue;
      }
      // In a cone ds = W (lambda \ target) - W^2 dy, taken from the row itself so that A dx - ds = -r holds to rounding.
      dv[j] = part * primal[i];
      for (let p = starts[i]; p < starts[i + 1]; p++) dv[j] += values[p] * dv[indices[p]];
    }
    for (let j = 0; j < total; j++) {
      if (hasLower[j]) dzl[j] = (aim - cl[j]) / (v[j] - lower[j]) - zl[j] - (zl[j] / (v[j] - lower[j])) * dv[j];
      if (hasUpper[j]) dzu[j] = (aim - cu[j]) / (upper[j] - v[j]) - zu[j] + (zu[j] / (upper[j] - v[j])) * dv[j];
    }
    return error;
  }

  /** Largest step of columns and activities that keeps them inside. */
  function reach(): number {
    let t = 1e10;
    for (let j = 0; j < total; j++) {
      if (dv[j] < 0 && hasLower[j]) t = Math.min(t, (lower[j] - v[j]) / dv[j]);
      else if (dv[j] > 0 && hasUpper[j]) t = Math.min(t, (upper[j] - v[j]) / dv[j]);
    }
    const ds = dv.subarray(n);
    for (const cone of cones) t = Math.min(t, coneReach(cone, slack, ds));
    return t;
  }

  /** Largest step of the multipliers that keeps their signs. */
  function reachDual(): number {
    let t = 1e10;
    for (let j = 0; j < total; j++) {
      if (hasLower[j] && dzl[j] < 0) t = Math.min(t, -zl[j] / dzl[j]);
      if (hasUpper[j] && dzu[j] < 0) t = Math.min(t, -zu[j] / dzu[j]);
    }
    for (const cone of cones) t = Math.min(t, coneReach(cone, y, dy));
    return t;
  }
}

function largest(a: Float64Array): number {
  let worst = 0;
  for (let k = 0; k < a.length; k++) worst = Math.max(worst, Math.abs(a[k]));
  return worst;
}
