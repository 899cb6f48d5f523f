// What the interior point for nonlinear programs does when no step is acceptable: it brings the violation of the constraints down, by Newton
// steps on the constraints alone or by the elastic program. Wächter and Biegler, Math. Prog. 106:25 (2006), section 3.3.
import { into, reach } from './bounds.ts';
import { elasticProgram } from './elastic.ts';
import type { Filter } from './filter.ts';
import {
  barrier,
  derivatives,
  evaluateConstraints,
  evaluateObjective,
  fitMultipliers,
  type Iterate,
  largest,
  residual,
  solveStep,
  sumAbs,
  tryStep,
  violation,
} from './iterate.ts';
import type { NonlinearOptions, NonlinearProgram, NonlinearSolution } from './nonlinear-program.ts';

export interface Restoring {
  readonly tolerance: number;
  /** The interior point itself. */
  readonly solve: (program: NonlinearProgram, options: NonlinearOptions) => NonlinearSolution;
  /** Counts an iteration; false to stop. */
  readonly tick: (x: Float64Array) => boolean;
}

/** Why there is nothing to go on from. */
export interface End {
  readonly status: NonlinearSolution['status'];
  readonly detail: string;
}

/** Moves the iterate to a point that the filter allows with less violation; otherwise says why the search ends. */
export function restore(it: Iterate, filter: Filter, { tolerance, solve, tick }: Restoring): End | undefined {
  const { n, program, x, c, mu } = it;
  evaluateConstraints(it, x);
  residual(it);
  const begin = sumAbs(c);
  if (largest(c) < tolerance / 10) {
    // The point is feasible: the trouble is elsewhere; start the multipliers afresh.
    filter.clear();
    resetMultipliers(it);
    return undefined;
  }
  if (newtonSteps(it, filter, begin, tick)) return undefined;
  const startBarrier = Math.max(mu, Math.min(1e3, largest(c)));
  const elastic = elasticProgram(program, it.rowScale, x.slice(), 1e-3 * Math.sqrt(mu), startBarrier);
  const point = new Float64Array(n);
  let adopted = false;
  const solution = solve(elastic, {
    tolerance,
    nested: true,
    iterations: 300,
    barrier: startBarrier,
    watch: (_i, _f, _v, _e, _b, at) => {
      point.set(at.subarray(0, n));
      adopted = !tick(point) || adopt(it, filter, point, begin);
      return !adopted;
    },
  });
  point.set(solution.x.subarray(0, n));
  if (adopted || adopt(it, filter, point, begin)) {
    resetMultipliers(it);
    return undefined;
  }
  x.set(point);
  evaluateConstraints(it, x);
  const left = violation(it);
  const detail = `the violation stays at ${left.toExponential(2)}`;
  if (left <= 1e-6) return { status: 'failed', detail: 'no acceptable step from a feasible point' };
  if (solution.status !== 'optimal') return { status: 'failed', detail: `the restoration did not end; ${detail}` };
  return { status: 'infeasible', detail: `the constraints cannot be met together: ${detail}` };
}

/** Takes over a point of the restoration when it is clearly better and the filter allows it. */
function adopt(it: Iterate, filter: Filter, point: Float64Array, begin: number): boolean {
  const { n, m, x, xl, xu, s, sl, su, g, trial } = it;
  const { equality, fixed } = it.kkt;
  evaluateConstraints(it, point);
  let theta = 0;
  for (let i = 0; i < m; i++) {
    trial.s[i] = equality[i] ? s[i] : into(g[i], sl[i], su[i], 1e-4);
    theta += Math.abs(g[i] - trial.s[i]);
  }
  if (!(theta <= 0.9 * begin)) return false;
  for (let j = 0; j < n; j++) trial.x[j] = fixed[j] ? x[j] : into(point[j], xl[j], xu[j], 1e-8);
  const f = evaluateObjective(it, trial.x);
  const phi = barrier(it, f, trial.x, trial.s);
  if (!Number.isFinite(phi) || !filter.allows(theta, phi)) return false;
  x.set(trial.x);
  s.set(trial.s);
  it.objective = f;
  evaluateConstraints(it, x);
  residual(it);
  return true;
}

/** Least-norm Newton steps on the constraints inside the bounds. */
function newtonSteps(it: Iterate, filter: Filter, begin: number, tick: (x: Float64Array) => boolean): boolean {
  const { n, m, x, xl, xu, s, sl, su, c, sigma, slackSigma, rx, rs, step, trial, kkt } = it;
  const kept = { x: x.slice(), s: s.slice() };
  rx.fill(0);
  rs.fill(0);
  const ease = (gap: number) => 1e-3 + (Number.isFinite(gap) ? Math.min(1e8, (1e-2 * it.mu) / (gap * gap)) : 0);
  let now = begin;
  for (let count = 0; count < 8; count++) {
    for (let j = 0; j < n; j++) sigma[j] = ease(Math.min(x[j] - xl[j], xu[j] - x[j]));
    for (let i = 0; i < m; i++) slackSigma[i] = kkt.equality[i] ? 0 : ease(Math.min(s[i] - sl[i], su[i] - s[i]));
    derivatives(it);
    if (!kkt.factorise(it.jacobian, undefined, sigma, slackSigma)) break;
    solveStep(it, c, step);
    let alpha = Math.min(reach(x, step.x, xl, xu, 0.995), reach(s, step.s, sl, su, 0.995));
    let next = Number.POSITIVE_INFINITY;
    for (let trials = 0; trials < 6 && !(next <= (1 - 1e-2 * alpha) * now); trials++, alpha /= 2)
      next = tryStep(it, step, alpha);
    if (!(next <= 0.98 * now)) break;
    x.set(trial.x);
    s.set(trial.s);
    it.objective = trial.objective;
    residual(it);
    now = next;
    tick(x);
    if (now <= 0.9 * begin && filter.allows(now, barrier(it, it.objective, x, s))) {
      resetMultipliers(it);
      return true;
    }
  }
  x.set(kept.x);
  s.set(kept.s);
  it.objective = evaluateObjective(it, x);
  evaluateConstraints(it, x);
  residual(it);
  return false;
}

/** Multipliers of the bounds on the central path, those of the rows by least squares. */
function resetMultipliers(it: Iterate): void {
  for (const { z, at, bound, side } of [...it.xSides, ...it.sSides])
    for (let j = 0; j < z.length; j++) if (z[j] !== 0) z[j] = Math.min(1e3, it.mu / (side * (at[j] - bound[j])));
  evaluateConstraints(it, it.x);
  derivatives(it);
  fitMultipliers(it);
}
