// Interior point for sparse nonlinear programs: a primal-dual barrier method with a filter line search, second-order corrections and a
// restoration phase, after Wächter and Biegler, Mathematical Programming 106:25 (2006). One algorithm: the main loop is here, the iterate and
// its functions, the filter, the steps at bounds, the restoration and the Newton system (kkt.ts) lie beside it.
// Trap: answers are local optima unless the program is convex; "infeasible" means that the violation could not be reduced locally.
import { moveMultipliers, multiplierReach, nearCentral, quotient, reach } from './bounds.ts';
import { Filter, type LineStart } from './filter.ts';
import {
  barrier,
  barrierGradient,
  barrierSlackGradient,
  derivatives,
  evaluateConstraints,
  firstIterate,
  fitMultipliers,
  optimality,
  residual,
  type Step,
  solveStep,
  sumAbs,
  tryStep,
  violation,
} from './iterate.ts';
import type { NonlinearOptions, NonlinearProgram, NonlinearSolution } from './nonlinear-program.ts';
import { restore } from './restoration.ts';

const KAPPA_EPSILON = 10;
const RESTORATIONS = 40;

/** Minimises from `program.start`. */
export function solveNonlinear(program: NonlinearProgram, options: NonlinearOptions = {}): NonlinearSolution {
  const tolerance = options.tolerance ?? 1e-8;
  const limit = options.iterations ?? 300;
  const it = firstIterate(program, options.barrier ?? 0.1);
  const { n, m, kkt, x, xl, xu, zl, zu, s, sl, su, vl, vu, y, c, g, rx, rs, sigma, slackSigma, jacobian, trial } = it;
  const { equality, fixed } = kkt;
  const hessian = new Float64Array(program.hessian.rows.length);
  const scaledMultipliers = new Float64Array(m);
  const corrected: Step = { x: new Float64Array(n), s: new Float64Array(m), y: new Float64Array(m) };
  const cSoc = new Float64Array(m);
  fitMultipliers(it);
  const filter = new Filter(sumAbs(c));
  let restorations = 0;
  let acceptable = 0;
  let tiny = 0;
  let still = 0;
  let before = Number.NaN;
  let status: NonlinearSolution['status'] = 'limit';
  let detail = 'the iteration limit was reached';
  let iteration = 0;
  const copy = (error: number, violated: number) => ({
    ...{ error, violated, objective: it.objective, x: x.slice(), y: y.slice(), zl: zl.slice(), zu: zu.slice() },
  });
  let best = copy(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);

  for (; iteration <= limit; iteration++) {
    const error = optimality(it, 0);
    const violated = violation(it);
    if (error < best.error) best = copy(error, violated);
    if (options.watch?.(iteration, it.objective / it.objectiveScale, violated, error, it.mu, x) === false) {
      detail = 'stopped';
      break;
    }
    if (error <= tolerance && violated <= 1e-6) {
      status = 'optimal';
      detail = '';
      break;
    }
    acceptable = error <= 100 * tolerance && violated <= 1e-5 ? acceptable + 1 : 0;
    if (acceptable >= 15) {
      status = 'optimal';
      detail = 'to the acceptable tolerance';
      break;
    }
    // Rounding can keep the error from falling while the answer stands still to nine digits: that is the answer.
    still =
      it.mu <= 10 * tolerance && violated <= 1e-6 && Math.abs(it.objective - before) <= 1e-9 * Math.abs(it.objective)
        ? still + 1
        : 0;
    before = it.objective;
    if (still >= 5 && error <= 1e-3) {
      status = 'optimal';
      detail = 'stands still';
      break;
    }
    while (optimality(it, it.mu) <= KAPPA_EPSILON * it.mu && it.mu > tolerance / 10) lowerBarrier();
    const start = newtonStep() ? search() : undefined;
    if (!start) {
      const end =
        ++restorations > RESTORATIONS || options.nested
          ? { status: 'failed' as const, detail: 'no acceptable step' }
          : restore(it, filter, { tolerance, solve: solveNonlinear, tick });
      if (!end) continue;
      ({ status, detail } = end);
      break;
    }
    if (start === 'tiny' && ++tiny >= 2) {
      if (it.mu <= tolerance / 10) {
        status = best.error <= 100 * tolerance && best.violated <= 1e-5 ? 'optimal' : 'failed';
        detail = 'steps became tiny';
        break;
      }
      lowerBarrier();
    }
  }
  if (status !== 'optimal' && best.error <= 1e3 * tolerance && best.violated <= 1e-5) {
    status = 'optimal';
    detail = `to ${best.error.toExponential(1)}`;
  }
  const final = status === 'optimal' ? best : copy(0, 0);
  evaluateConstraints(it, final.x);
  const unscaled = (z: Float64Array) => z.map(v => v / it.objectiveScale);
  return {
    status,
    detail,
    objective: final.objective / it.objectiveScale,
    x: final.x,
    multipliers: final.y.map((v, i) => (v * it.rowScale[i]) / it.objectiveScale),
    lowerMultipliers: unscaled(final.zl),
    upperMultipliers: unscaled(final.zu),
    infeasibility: violation(it),
    iterations: iteration,
  };

  function lowerBarrier(): void {
    it.mu = Math.max(tolerance / 10, Math.min(0.2 * it.mu, it.mu ** 1.5));
    filter.clear();
    tiny = 0;
  }

  /** Counts an iteration of the restoration. */
  function tick(at: Float64Array): boolean {
    iteration += 1;
    return options.watch?.(iteration, program.objective(at), Number.NaN, Number.NaN, it.mu, at) !== false;
  }

  /** Sets the primal-dual Newton step; false when no regularisation gives the system the right inertia. */
  function newtonStep(): boolean {
    for (let j = 0; j < n; j++) sigma[j] = quotient(zl[j], x[j] - xl[j]) + quotient(zu[j], xu[j] - x[j]);
    for (let i = 0; i < m; i++)
      slackSigma[i] = equality[i] ? 0 : quotient(vl[i], s[i] - sl[i]) + quotient(vu[i], su[i] - s[i]);
    for (let i = 0; i < m; i++) scaledMultipliers[i] = y[i] * it.rowScale[i];
    program.hessianValues(x, it.objectiveScale, scaledMultipliers, hessian);
    const { rows, cols } = program.jacobian;
    for (let j = 0; j < n; j++) rx[j] = barrierGradient(it, j);
    for (let k = 0; k < jacobian.length; k++) rx[cols[k]] += jacobian[k] * y[rows[k]];
    for (let i = 0; i < m; i++) rs[i] = equality[i] ? 0 : -y[i] + barrierSlackGradient(it, i);
    if (!kkt.factorise(jacobian, hessian, sigma, slackSigma)) return false;
    solveStep(it, c, it.step);
    return true;
  }

  /** Line search along the Newton step. Takes what the filter accepts; undefined when nothing is. */
  function search(): 'taken' | 'tiny' | undefined {
    const { step } = it;
    const tau = Math.max(0.99, 1 - it.mu);
    let slope = 0;
    for (let j = 0; j < n; j++) if (!fixed[j]) slope += barrierGradient(it, j) * step.x[j];
    for (let i = 0; i < m; i++) if (!equality[i]) slope += barrierSlackGradient(it, i) * step.s[i];
    const start: LineStart = { theta: sumAbs(c), phi: barrier(it, it.objective, x, s), slope };
    let relativeStep = 0;
    for (let j = 0; j < n; j++) relativeStep = Math.max(relativeStep, Math.abs(step.x[j]) / (1 + Math.abs(x[j])));
    const isTiny = relativeStep < 1e-14 && start.theta < 1e-4;
    const shortest = filter.shortest(start);
    let alpha = Math.min(reach(x, step.x, xl, xu, tau), reach(s, step.s, sl, su, tau));
    for (let count = 0; alpha >= shortest || count === 0; count++, alpha /= 2) {
      const theta = tryStep(it, step, alpha);
      if (isTiny || filter.accepts(start, theta, barrier(it, trial.objective, trial.x, trial.s), alpha)) {
        take(step, alpha, tau);
        return isTiny ? 'tiny' : 'taken';
      }
      if (count === 0 && theta >= start.theta && Number.isFinite(theta)) {
        const length = secondOrder(start, alpha, theta, tau);
        if (length > 0) {
          take(corrected, length, tau);
          return 'taken';
        }
      }
    }
    filter.add(start);
    return undefined;
  }

  /** Second-order corrections: a step that also takes away the constraints' curvature. Returns the accepted length or 0. */
  function secondOrder(start: LineStart, alpha: number, thetaFirst: number, tau: number): number {
    let previous = Number.POSITIVE_INFINITY;
    let now = thetaFirst;
    let length = alpha;
    for (let i = 0; i < m; i++) cSoc[i] = alpha * c[i] + g[i] - trial.s[i];
    for (let count = 0; count < 4 && now <= 0.99 * previous; count++) {
      solveStep(it, cSoc, corrected);
      length = Math.min(reach(x, corrected.x, xl, xu, tau), reach(s, corrected.s, sl, su, tau));
      previous = now;
      now = tryStep(it, corrected, length);
      if (filter.accepts(start, now, barrier(it, trial.objective, trial.x, trial.s), alpha)) return length;
      for (let i = 0; i < m; i++) cSoc[i] = length * cSoc[i] + g[i] - trial.s[i];
    }
    return 0;
  }

  /** Accepts the trial point and moves the multipliers. */
  function take(d: Step, alpha: number, tau: number): void {
    let dual = 1;
    for (const side of it.xSides) dual = Math.min(dual, multiplierReach(side, d.x, it.mu, tau));
    for (const side of it.sSides) dual = Math.min(dual, multiplierReach(side, d.s, it.mu, tau));
    for (const side of it.xSides) moveMultipliers(side, d.x, it.mu, dual);
    for (const side of it.sSides) moveMultipliers(side, d.s, it.mu, dual);
    for (let i = 0; i < m; i++) y[i] += alpha * d.y[i];
    x.set(trial.x);
    s.set(trial.s);
    for (const side of [...it.xSides, ...it.sSides]) nearCentral(side, it.mu);
    it.objective = trial.objective;
    derivatives(it);
    residual(it);
  }
}
