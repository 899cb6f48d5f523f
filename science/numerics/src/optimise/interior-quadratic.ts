// Primal-dual interior point for linear and convex quadratic programs with second-order cones: Mehrotra's predictor and corrector (SIAM J.
// Optim. 2:575, 1992) on the regularised augmented system (Friedlander and Orban, Math. Prog. Comp. 4:71, 2012), Nesterov-Todd scaling of
// the cones (Vandenberghe, "The CVXOPT linear and quadratic cone program solvers", 2010), our sparse LDL'. One algorithm, one file.
// Trap: the iterates stay inside the bounds, so a vertex is approached, not reached; duals of degenerate optima are the analytic centre's.
import { factorize, newFactor, solveRefined } from '../sparse/ldl.ts';
import { analyse } from '../sparse/symbolic.ts';
import type {
  LinearModel,
  LinearSolver,
  ModelSolution,
  ModelStatus,
  OpenModel,
  SolverOptions,
} from './linear-model.ts';

/** The regularised matrix is quasi-definite: no pivot vanishes, whatever the spread of its diagonal (fixed columns carry 1e20). */
const SMALLEST_PIVOT = 1e-30;

export interface InteriorOptions {
  /** Relative tolerance of residuals and gap; default 1e-9. */
  readonly tolerance?: number;
  readonly iterations?: number;
}

/** Rows `first .. first + size` form a cone: with u = A x - rowLower of these rows, u_0 >= |(u_1, …)|. Their rowUpper is not used. */
export interface Cone {
  readonly first: number;
  readonly size: number;
}

export type ConicModel = LinearModel & { readonly cones?: readonly Cone[] };

/** Solves a linear or convex quadratic program, with or without cones. Whole-number columns are refused; a Hessian that is not convex gives 'failed'. */
export function solveQuadratic(model: ConicModel, options: InteriorOptions = {}): ModelSolution {
  const first = run(model, options, 'middle');
  if (first.status === 'optimal' || first.status === 'infeasible' || model.cones?.length) return first;
  // Bounds that are far apart and costs that are not make a poor middle; the least-norm start then does better.
  const second = run(model, options, 'least-norm');
  return second.status === 'optimal' || second.status === 'infeasible' ? second : first;
}

function run(model: ConicModel, options: InteriorOptions, start: 'middle' | 'least-norm'): ModelSolution {
  if (model.integer?.some(v => v === 1))
    throw new TypeError('solveQuadratic: whole-number columns need a mixed-integer solver');
  const tolerance = options.tolerance ?? 1e-9;
  const limit = options.iterations ?? 150;
  const scaled = scale(model);
  const { n, m, starts, indices, values, cost, q, lower, upper } = scaled;
  const total = n + m; // columns, then one slack a row (the row's activity)

  // Augmented matrix: Q + Theta on the columns, A below, -1/Theta of the slack (or -delta) on the rows.
  const cones = model.cones ?? [];
  const inCone = new Int32Array(m).fill(-1);
  let pairs = 0;
  for (const [k, cone] of cones.entries()) {
    inCone.fill(k, cone.first, cone.first + cone.size);
    pairs += (cone.size * (cone.size - 1)) / 2;
  }
  const entries = n + q.values.length + values.length + m + pairs;
  const rows = new Int32Array(entries);
  const cols = new Int32Array(entries);
  const kkt = new Float64Array(entries);
  const regularised = new Float64Array(entries);
  let at = 0;
  for (let j = 0; j < n; j++, at++) rows[at] = cols[at] = j;
  for (let k = 0; k < q.values.length; k++, at++) {
    rows[at] = q.rows[k];
    cols[at] = q.cols[k];
    kkt[at] = q.values[k];
  }
  for (let i = 0; i < m; i++)
    for (let p = starts[i]; p < starts[i + 1]; p++, at++) {
      rows[at] = n + i;
      cols[at] = indices[p];
      kkt[at] = values[p];
    }
  const rowDiagonal = at;
  for (let i = 0; i < m; i++, at++) rows[at] = cols[at] = n + i;
  const conePairs = at;
  for (const cone of cones)
    for (let a = 1; a < cone.size; a++)
      for (let b = 0; b < a; b++, at++) {
        rows[at] = n + cone.first + a;
        cols[at] = n + cone.first + b;
      }
  const groups = new Int32Array(total);
  for (let j = 0, g = 0; j < total; j++)
    groups[j] = j > n && inCone[j - n] >= 0 && inCone[j - n] === inCone[j - n - 1] ? g - 1 : g++;
  const factor = newFactor(analyse(total, rows, cols, cones.length > 0 ? groups : undefined));
  /** Nesterov-Todd scaling of each cone: W = eta [w0 w1'; w1 I + w1 w1'/(1 + w0)]. */
  const ntVector = new Float64Array(m);
  const ntScale = new Float64Array(cones.length);
  const lambda = new Float64Array(m);
  /** W times what stands on the right of the cones' complementarity. */
  const coneRhs = new Float64Array(m);
  const coneSecond = new Float64Array(m);

  const fixed = new Uint8Array(total);
  const hasLower = new Uint8Array(total);
  const hasUpper = new Uint8Array(total);
  let sides = 0;
  for (let j = 0; j < total; j++) {
    if (j >= n && inCone[j - n] >= 0) continue;
    if (lower[j] > upper[j] + 1e-9 * (1 + Math.abs(lower[j])))
      return answer('infeasible', `the bounds of ${j < n ? `column ${j}` : `row ${j - n}`} contradict each other`);
    if (Number.isFinite(lower[j]) && upper[j] - lower[j] <= 1e-11 * (1 + Math.abs(lower[j]))) fixed[j] = 1;
    else {
      hasLower[j] = Number.isFinite(lower[j]) ? 1 : 0;
      hasUpper[j] = Number.isFinite(upper[j]) ? 1 : 0;
      sides += hasLower[j] + hasUpper[j];
    }
  }
  const v = new Float64Array(total);
  const zl = new Float64Array(total);
  const zu = new Float64Array(total);
  const y = new Float64Array(m);
  for (let j = 0; j < total; j++) {
    if (fixed[j]) v[j] = lower[j] / 2 + upper[j] / 2;
    else if (hasLower[j] && hasUpper[j]) v[j] = lower[j] / 2 + upper[j] / 2;
    else if (hasLower[j]) v[j] = Math.max(0, lower[j] + 1);
    else if (hasUpper[j]) v[j] = Math.min(0, upper[j] - 1);
  }
  for (let i = 0; i < m; i++) {
    const j = n + i;
    if (fixed[j]) continue;
    let a = 0;
    for (let p = starts[i]; p < starts[i + 1]; p++) a += values[p] * v[indices[p]];
    v[j] = inCone[i] >= 0 ? a : inside(a, lower[j], upper[j]);
  }
  for (const { first, size } of cones) {
    // Into the cone: the first entry is lifted above the length of the others.
    let length = 0;
    for (let i = first + 1; i < first + size; i++) length += (v[n + i] - lower[n + i]) ** 2;
    length = Math.sqrt(length);
    v[n + first] = Math.max(v[n + first], lower[n + first] + 1.1 * length + 0.1);
    y[first] = 1;
  }
  for (let j = 0; j < total; j++) {
    if (hasLower[j]) zl[j] = 1;
    if (hasUpper[j]) zu[j] = 1;
  }

  const dual = new Float64Array(total);
  const primal = new Float64Array(m);
  const rhs = new Float64Array(total);
  const step = new Float64Array(total);
  const dv = new Float64Array(total);
  const dzl = new Float64Array(total);
  const dzu = new Float64Array(total);
  const cl = new Float64Array(total);
  const cu = new Float64Array(total);
  const theta = new Float64Array(total);
  let costScale = 1;
  for (let j = 0; j < n; j++) costScale = Math.max(costScale, Math.abs(cost[j]));
  let rhsScale = 1;
  for (let i = 0; i < m; i++) if (fixed[n + i]) rhsScale = Math.max(rhsScale, Math.abs(v[n + i]));
  /** The best point so far: near the end rounding can throw the iterates off. */
  const kept = { v: v.slice(), y: y.slice() };
  let best = Number.POSITIVE_INFINITY;
  let stalled = 0;
  let detail = 'the iteration limit was reached';
  let status: ModelStatus = 'limit';
  let delta = 1e-9;
  /** Known once a factorisation had the signs that only a convex program has. */
  let convex = false;
  if (start === 'least-norm') mehrotraStart();
  for (let iteration = 0; iteration < limit; iteration++) {
    const objective = residuals();
    let mu = 0;
    for (let j = 0; j < total; j++) {
      if (hasLower[j]) mu += zl[j] * (v[j] - lower[j]);
      if (hasUpper[j]) mu += zu[j] * (upper[j] - v[j]);
    }
    for (let i = 0; i < m; i++) if (inCone[i] >= 0) mu += y[i] * (v[n + i] - lower[n + i]);
    const complementarity = mu;
    const degree = sides + cones.length;
    mu = degree > 0 ? mu / degree : 0;
    let worstPrimal = 0;
    let worstDual = 0;
    for (let i = 0; i < m; i++) worstPrimal = Math.max(worstPrimal, Math.abs(primal[i]));
    for (let j = 0; j < total; j++) worstDual = Math.max(worstDual, Math.abs(dual[j]));
    const measure = Math.max(
      worstPrimal / rhsScale,
      worstDual / costScale,
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
      detail = `no progress below ${best.toExponential(1)}`;
      if (best < 1e-6) {
        status = 'optimal';
        detail = '';
      } else status = 'failed';
      break;
    }
    if (iteration > 8 && worstPrimal / rhsScale > 1e-7 && provesInfeasible()) {
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
    for (let j = 0; j < n; j++) kkt[j] = fixed[j] ? 1e20 : theta[j];
    for (let i = 0; i < m; i++) kkt[rowDiagonal + i] = fixed[n + i] ? 0 : -1 / Math.max(theta[n + i], 1e-14);
    scaleCones();
    // The factors are those of the matrix with delta on its diagonal.
    regularised.set(kkt);
    for (let j = 0; j < n; j++) regularised[j] += delta;
    for (let i = 0; i < m; i++) regularised[rowDiagonal + i] -= delta;
    factorize(factor, regularised, SMALLEST_PIVOT);
    // Wrong signs: not convex when they are there from the beginning, rounding (and more regularisation) later on.
    if (factor.negative !== m && (!convex || cones.length === 0) && delta <= 1e-4) {
      delta *= 100;
      continue;
    }
    if (factor.negative !== m && !convex) {
      status = 'failed';
      detail = 'the quadratic cost is not convex';
      break;
    }
    convex = true;
    // The predictor aims at mu = 0, the corrector at what it reached.
    cl.fill(0);
    cu.fill(0);
    coneSecond.fill(0);
    // The predictor only shows the way; the corrector's step is the one that is taken.
    const error = direction(0, 1, cones.length > 0 ? 1 : 4);
    // Free columns pivot on delta alone: where that drowned the others, more of it gives a step that can be used.
    if (cones.length === 0 && !(error < 1e-6) && delta < 1e-5) {
      delta *= 10;
      continue;
    }
    let primalStep = reach(v, dv, lower, upper);
    let dualStep = reachDual();
    const affine = Math.min(1, primalStep, dualStep);
    let target = 0;
    for (let j = 0; j < total; j++) {
      if (hasLower[j]) target += (zl[j] + dualStep * dzl[j]) * (v[j] + primalStep * dv[j] - lower[j]);
      if (hasUpper[j]) target += (zu[j] + dualStep * dzu[j]) * (upper[j] - v[j] - primalStep * dv[j]);
    }
    for (let i = 0; i < m; i++)
      if (inCone[i] >= 0)
        target += (y[i] - dualStep * step[n + i]) * (v[n + i] + primalStep * dv[n + i] - lower[n + i]);
    target = degree > 0 ? target / degree : 0;
    const sigma =
      cones.length > 0 ? Math.max(1e-6, (1 - affine) ** 3) : mu > 0 ? Math.max(1e-6, (target / mu) ** 3) : 0;
    coneCorrection();
    for (let j = 0; j < total; j++) {
      if (hasLower[j]) cl[j] = dv[j] * dzl[j];
      if (hasUpper[j]) cu[j] = -dv[j] * dzu[j];
    }
    direction(sigma * mu, cones.length > 0 ? 1 - sigma : 1, 4);
    primalStep = reach(v, dv, lower, upper);
    dualStep = reachDual();
    const keep = cones.length > 0 ? 0.99 : Math.max(0.9, 1 - mu);
    primalStep = Math.min(1, 0.9995 * keep * primalStep);
    dualStep = Math.min(1, 0.9995 * keep * dualStep);
    if (q.values.length > 0 || cones.length > 0) primalStep = dualStep = Math.min(primalStep, dualStep);
    if (cones.length > 0 && Math.max(primalStep, dualStep) < 1e-6) stalled += 8;
    for (let j = 0; j < total; j++) {
      v[j] += primalStep * dv[j];
      zl[j] += dualStep * dzl[j];
      zu[j] += dualStep * dzu[j];
    }
    for (let i = 0; i < m; i++) y[i] -= dualStep * step[n + i];
  }
  return answer(status, detail);

  /**
   * Mehrotra's first point: the least-norm activities that meet the rows and the multipliers that fit the costs best, both shifted inside.
   */
  function mehrotraStart(): void {
    regularised.set(kkt);
    for (let j = 0; j < n; j++) regularised[j] = fixed[j] ? 1e20 : 1;
    for (let i = 0; i < m; i++) regularised[rowDiagonal + i] = fixed[n + i] ? -delta : -1;
    factorize(factor, regularised, SMALLEST_PIVOT);
    // Nearest point to the middle of the bounds on which A v = s holds.
    for (let j = 0; j < n; j++) rhs[j] = 0;
    for (let i = 0; i < m; i++) {
      let a = 0;
      for (let p = starts[i]; p < starts[i + 1]; p++) a += values[p] * v[indices[p]];
      rhs[n + i] = v[n + i] - a;
    }
    solveRefined(factor, regularised, rhs, step, 1e-8, 2);
    for (let j = 0; j < n; j++) if (!fixed[j]) v[j] += step[j];
    for (let i = 0; i < m; i++) if (!fixed[n + i]) v[n + i] += step[n + i];
    let short = 0;
    for (let j = 0; j < total; j++) {
      if (hasLower[j]) short = Math.max(short, lower[j] - v[j]);
      if (hasUpper[j]) short = Math.max(short, v[j] - upper[j]);
    }
    const margin = 1 + 0.5 * short;
    for (let j = 0; j < total; j++) {
      if (fixed[j]) continue;
      const width = upper[j] - lower[j];
      const gap = Math.min(margin, 0.25 * width);
      if (hasLower[j]) v[j] = Math.max(v[j], lower[j] + gap);
      if (hasUpper[j]) v[j] = Math.min(v[j], upper[j] - gap);
    }
    // Multipliers: z = c - A'y of least size.
    for (let j = 0; j < n; j++) rhs[j] = fixed[j] ? 0 : cost[j];
    for (let i = 0; i < m; i++) rhs[n + i] = 0;
    solveRefined(factor, regularised, rhs, step, 1e-8, 2);
    for (let i = 0; i < m; i++) y[i] = step[n + i];
    let largest = 1;
    for (let j = 0; j < n; j++) if (!fixed[j]) largest = Math.max(largest, Math.abs(step[j]));
    for (let i = 0; i < m; i++) if (!fixed[n + i]) largest = Math.max(largest, Math.abs(y[i]));
    const least = Math.max(1e-2, Math.min(1, 0.1 * largest));
    for (let j = 0; j < total; j++) {
      if (fixed[j]) continue;
      const z = j < n ? step[j] : y[j - n];
      if (hasLower[j]) zl[j] = Math.max(least, z);
      if (hasUpper[j]) zu[j] = Math.max(least, -z);
    }
  }

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
    for (let j = 0; j < n; j++) rhs[j] = fixed[j] ? 0 : pull(j);
    for (let i = 0; i < m; i++) {
      rhs[n + i] = -part * primal[i];
      if (inCone[i] >= 0) continue;
      if (!fixed[n + i]) rhs[n + i] += pull(n + i) / Math.max(theta[n + i], 1e-14);
    }
    for (const [k, cone] of cones.entries()) {
      coneTarget(k, aim);
      for (let i = cone.first; i < cone.first + cone.size; i++) rhs[n + i] += coneRhs[i];
    }
    // `step` holds dx and -dy.
    // Cones need the exact system; linear programs may be rank deficient, where only the regularised one has an answer.
    const error =
      cones.length > 0
        ? solveRefined(factor, kkt, rhs, step, 1e-10, refinements)
        : solveRefined(factor, regularised, rhs, step, 1e-13, refinements);
    for (let j = 0; j < n; j++) dv[j] = fixed[j] ? 0 : step[j];
    for (let i = 0; i < m; i++) {
      const j = n + i;
      if (inCone[i] >= 0) continue;
      dv[j] = fixed[j] ? 0 : (pull(j) + step[j]) / Math.max(theta[j], 1e-14);
    }
    // In a cone ds = W (lambda \\ target) - W^2 dy, taken from the row itself so that A dx - ds = -r holds to rounding.
    for (const cone of cones)
      for (let i = cone.first; i < cone.first + cone.size; i++) {
        let a = part * primal[i];
        for (let p = starts[i]; p < starts[i + 1]; p++) a += values[p] * step[indices[p]] * (fixed[indices[p]] ? 0 : 1);
        dv[n + i] = a;
      }
    for (let j = 0; j < total; j++) {
      if (hasLower[j]) dzl[j] = (aim - cl[j]) / (v[j] - lower[j]) - zl[j] - (zl[j] / (v[j] - lower[j])) * dv[j];
      if (hasUpper[j]) dzu[j] = (aim - cu[j]) / (upper[j] - v[j]) - zu[j] + (zu[j] / (upper[j] - v[j])) * dv[j];
    }
    return error;
  }

  function reach(a: Float64Array, d: Float64Array, lo: Float64Array, hi: Float64Array): number {
    let t = 1e30;
    for (let j = 0; j < total; j++) {
      if (d[j] < 0 && hasLower[j]) t = Math.min(t, (lo[j] - a[j]) / d[j]);
      else if (d[j] > 0 && hasUpper[j]) t = Math.min(t, (hi[j] - a[j]) / d[j]);
    }
    for (const { first, size } of cones)
      t = Math.min(
        t,
        coneReach(
          size,
          k => a[n + first + k] - lo[n + first + k],
          k => d[n + first + k],
        ),
      );
    return Math.min(1e10, t);
  }

  function reachDual(): number {
    let t = 1e10;
    for (let j = 0; j < total; j++) {
      if (hasLower[j] && dzl[j] < 0) t = Math.min(t, -zl[j] / dzl[j]);
      if (hasUpper[j] && dzu[j] < 0) t = Math.min(t, -zu[j] / dzu[j]);
    }
    for (const { first, size } of cones)
      t = Math.min(
        t,
        coneReach(
          size,
          k => y[first + k],
          k => -step[n + first + k],
        ),
      );
    return t;
  }

  /** Scaling point of every cone, lambda = W y, and -W^2 into the matrix. */
  function scaleCones(): void {
    let at = conePairs;
    for (const [c, { first, size }] of cones.entries()) {
      let ss = 0;
      let zz = 0;
      let sz = 0;
      for (let k = 0; k < size; k++) {
        const s = v[n + first + k] - lower[n + first + k];
        const z = y[first + k];
        if (k > 0) {
          ss += s * s;
          zz += z * z;
        }
        sz += s * z;
      }
      ss = (v[n + first] - lower[n + first] - Math.sqrt(ss)) * (v[n + first] - lower[n + first] + Math.sqrt(ss));
      zz = (y[first] - Math.sqrt(zz)) * (y[first] + Math.sqrt(zz));
      const sNorm = Math.sqrt(Math.max(ss, 1e-300));
      const zNorm = Math.sqrt(Math.max(zz, 1e-300));
      const gamma = Math.sqrt((1 + sz / (sNorm * zNorm)) / 2);
      const eta2 = sNorm / zNorm;
      ntScale[c] = Math.sqrt(eta2);
      for (let k = 0; k < size; k++) {
        const s = (v[n + first + k] - lower[n + first + k]) / sNorm;
        const z = y[first + k] / zNorm;
        ntVector[first + k] = (s + (k === 0 ? z : -z)) / (2 * gamma);
      }
      // Keeps w on the unit hyperboloid in the face of rounding.
      let tail = 0;
      for (let k = 1; k < size; k++) tail += ntVector[first + k] ** 2;
      ntVector[first] = Math.sqrt(1 + tail);
      timesW(c, k => y[first + k], lambda, 1);
      for (let k = 0; k < size; k++)
        kkt[rowDiagonal + first + k] = -eta2 * (2 * ntVector[first + k] ** 2 - (k === 0 ? 1 : -1));
      for (let a = 1; a < size; a++)
        for (let b = 0; b < a; b++) kkt[at++] = -eta2 * 2 * ntVector[first + a] * ntVector[first + b];
    }
  }

  /** out = W u (power 1) or W^-1 u (power -1) on cone c. */
  function timesW(c: number, u: (k: number) => number, out: Float64Array, power: 1 | -1): void {
    const { first, size } = cones[c];
    const w0 = ntVector[first];
    let dot = 0;
    for (let k = 1; k < size; k++) dot += ntVector[first + k] * u(k);
    const scaleBy = power === 1 ? ntScale[c] : 1 / ntScale[c];
    const u0 = u(0);
    const factorOf = power * u0 + dot / (1 + w0);
    for (let k = 1; k < size; k++) out[first + k] = scaleBy * (u(k) + factorOf * ntVector[first + k]);
    out[first] = scaleBy * (w0 * u0 + power * dot);
  }

  /** coneRhs = W (lambda \\ (aim e - lambda o lambda - second-order term)) on cone c. */
  function coneTarget(c: number, aim: number): void {
    const { first, size } = cones[c];
    let l2 = 0;
    for (let k = 0; k < size; k++) l2 += lambda[first + k] ** 2;
    const d0 = aim - l2 - coneSecond[first];
    let dot = 0;
    let tail = 0;
    for (let k = 1; k < size; k++) {
      const d = -2 * lambda[first] * lambda[first + k] - coneSecond[first + k];
      dot += lambda[first + k] * d;
      tail += lambda[first + k] ** 2;
    }
    const x0 = (lambda[first] * d0 - dot) / Math.max(lambda[first] ** 2 - tail, 1e-300);
    const solved = new Float64Array(size);
    solved[0] = x0;
    for (let k = 1; k < size; k++)
      solved[k] =
        (-2 * lambda[first] * lambda[first + k] - coneSecond[first + k] - x0 * lambda[first + k]) / lambda[first];
    timesW(c, k => solved[k], coneRhs, 1);
  }

  /** coneSecond = (W^-1 ds) o (W dz) of the predictor. */
  function coneCorrection(): void {
    for (const [c, { first, size }] of cones.entries()) {
      timesW(c, k => dv[n + first + k], coneSecond, -1);
      const a = coneSecond.slice(first, first + size);
      timesW(c, k => -step[n + first + k], coneSecond, 1);
      const b = coneSecond.slice(first, first + size);
      let dot = 0;
      for (let k = 0; k < size; k++) dot += a[k] * b[k];
      coneSecond[first] = dot;
      for (let k = 1; k < size; k++) coneSecond[first + k] = a[0] * b[k] + b[0] * a[k];
    }
  }

  /** Farkas: y'Ax cannot reach what the rows ask of it anywhere in the box of the columns. */
  function provesInfeasible(): boolean {
    const slope = new Float64Array(n);
    let asked = 0;
    let size = 0;
    for (let i = 0; i < m; i++) {
      const side = y[i] > 0 ? lower[n + i] : upper[n + i];
      if (y[i] === 0) continue;
      if (!Number.isFinite(side)) return false;
      asked += y[i] * side;
      size = Math.max(size, Math.abs(y[i]));
      for (let p = starts[i]; p < starts[i + 1]; p++) slope[indices[p]] += y[i] * values[p];
    }
    let most = 0;
    for (let j = 0; j < n; j++) {
      const side = slope[j] > 0 ? upper[j] : lower[j];
      if (Number.isFinite(side)) most += slope[j] * side;
      else if (Math.abs(slope[j]) > 1e-10 * size) return false;
    }
    return asked - most > 1e-7 * size;
  }

  function answer(state: ModelStatus, why: string): ModelSolution {
    const x = new Float64Array(n);
    const rowDual = new Float64Array(m);
    const columnDual = new Float64Array(n);
    if (state !== 'infeasible' || why.startsWith('a combination')) {
      for (let j = 0; j < n; j++) x[j] = v[j] * scaled.columnScale[j];
      for (let i = 0; i < m; i++) rowDual[i] = y[i] * scaled.rowScale[i] * scaled.costScale;
    }
    const slope = Float64Array.from(model.cost);
    let objective = model.offset;
    for (let j = 0; j < n; j++) objective += model.cost[j] * x[j];
    const h = model.hessian;
    if (h)
      for (let k = 0; k < h.values.length; k++) {
        const i = h.rows[k];
        const j = h.cols[k];
        slope[i] += h.values[k] * x[j];
        if (i !== j) slope[j] += h.values[k] * x[i];
        objective += (i === j ? 0.5 : 1) * h.values[k] * x[i] * x[j];
      }
    for (let i = 0; i < m; i++)
      for (let p = model.starts[i]; p < model.starts[i + 1]; p++)
        slope[model.indices[p]] -= rowDual[i] * model.values[p];
    columnDual.set(slope);
    return { status: state, detail: why, objective, x, rowDual, columnDual };
  }
}

/** Largest step t <= 1e10 with u + t d in the second-order cone. */
function coneReach(size: number, u: (k: number) => number, d: (k: number) => number): number {
  let tail = 0;
  let along = 0;
  let dd = 0;
  for (let k = 1; k < size; k++) {
    tail += u(k) ** 2;
    along += u(k) * d(k);
    dd += d(k) ** 2;
  }
  // Differences of squares as products: near the boundary the squares agree in most of their digits.
  const length = Math.sqrt(tail);
  const c = (u(0) - length) * (u(0) + length);
  const a = (d(0) - Math.sqrt(dd)) * (d(0) + Math.sqrt(dd));
  const b = u(0) * d(0) - along;
  if (!(c > 0)) return 0;
  // u0 + t d0 must stay positive too; the first zero of the quadratic a t^2 + 2 b t + c comes no later.
  const root = b * b - a * c;
  if (root < 0) return 1e10;
  const r = Math.sqrt(root);
  const first = a > 0 ? (b < 0 ? c / (-b + r) : 1e10) : a < 0 ? c / (-b + r) : b < 0 ? -c / (2 * b) : 1e10;
  return first > 0 ? Math.min(first, 1e10) : 1e10;
}

function inside(a: number, lo: number, hi: number): number {
  const width = hi - lo;
  const margin = Number.isFinite(width) ? Math.min(1, 0.1 * width) : 1;
  return Math.min(Math.max(a, lo + margin), hi - margin);
}

/** Equilibrates rows and columns (Ruiz, three passes) and brings costs and right-hand sides near one. */
function scale(model: ConicModel) {
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
  const values = new Float64Array(model.values.length);
  for (let i = 0; i < m; i++)
    for (let p = starts[i]; p < starts[i + 1]; p++) values[p] = model.values[p] * rowScale[i] * columnScale[indices[p]];
  const h = model.hessian ?? { rows: new Int32Array(0), cols: new Int32Array(0), values: new Float64Array(0) };
  const cost = Float64Array.from(model.cost, (c, j) => c * columnScale[j]);
  const hessian = Float64Array.from(h.values, (v, k) => v * columnScale[h.rows[k]] * columnScale[h.cols[k]]);
  let largest = 0;
  for (const c of cost) largest = Math.max(largest, Math.abs(c));
  for (const c of hessian) largest = Math.max(largest, Math.abs(c));
  const costScale = largest > 0 ? Math.max(1, largest / 10) : 1;
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
  const size = model.cones?.length ? 1 : largestFinite(lower.subarray(n), upper.subarray(n));
  if (size > 1) {
    for (let j = 0; j < n + m; j++) {
      lower[j] /= size;
      upper[j] /= size;
    }
    for (let j = 0; j < n; j++) columnScale[j] *= size;
    for (let k = 0; k < hessian.length; k++) hessian[k] *= size;
  }
  return {
    n,
    m,
    starts,
    indices,
    values,
    cost,
    q: { rows: h.rows, cols: h.cols, values: hessian },
    lower,
    upper,
    rowScale,
    columnScale,
    costScale,
  };
}

function largestFinite(...lists: readonly Float64Array[]): number {
  let most = 0;
  for (const list of lists) for (const v of list) if (Number.isFinite(v)) most = Math.max(most, Math.abs(v));
  return most;
}

/** Our interior point behind the solver port: linear and convex quadratic models, nothing to install. Models are solved anew each time. */
export const interiorSolver: LinearSolver = {
  name: 'interior point',
  solve: (model: LinearModel, _options?: SolverOptions) => solveQuadratic(model),
  open(model: LinearModel): OpenModel {
    const own = {
      ...model,
      cost: model.cost.slice(),
      rowLower: model.rowLower.slice(),
      rowUpper: model.rowUpper.slice(),
      columnLower: model.columnLower.slice(),
      columnUpper: model.columnUpper.slice(),
    };
    let current: LinearModel = own;
    return {
      solve: () => solveQuadratic(current),
      setRow(row, lower, upper) {
        current.rowLower[row] = lower;
        current.rowUpper[row] = upper;
      },
      setColumn(column, lower, upper) {
        current.columnLower[column] = lower;
        current.columnUpper[column] = upper;
      },
      setCost(column, cost) {
        current.cost[column] = cost;
      },
      addRow(lower, upper, indices, values) {
        current = {
          ...current,
          rows: current.rows + 1,
          rowLower: Float64Array.of(...current.rowLower, lower),
          rowUpper: Float64Array.of(...current.rowUpper, upper),
          starts: Int32Array.of(...current.starts, current.values.length + values.length),
          indices: Int32Array.from([...current.indices, ...indices]),
          values: Float64Array.from([...current.values, ...values]),
        };
        return current.rows - 1;
      },
      close() {},
    };
  },
};
