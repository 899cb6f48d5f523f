// Interior point for sparse nonlinear programs: a primal-dual barrier method with a filter line search, second-order corrections and a
// restoration phase, after Wächter and Biegler, Mathematical Programming 106:25 (2006). One algorithm, one file.
// Signs: L = f + y'(g - s) - zl'(x - l) - zu'(u - x); slacks s exist for inequality rows only.
// Trap: answers are local optima unless the program is convex; "infeasible" means that the violation could not be reduced locally.
import { elasticProgram } from './elastic.ts';
import { buildKkt } from './kkt.ts';
import type { NonlinearOptions, NonlinearProgram, NonlinearSolution } from './nonlinear-program.ts';

const GRADIENT_LIMIT = 100;
const KAPPA_EPSILON = 10;
const GAMMA_THETA = 1e-5;
const GAMMA_PHI = 1e-8;
const ETA = 1e-4;

/** Minimises from `program.start`. */
export function solveNonlinear(program: NonlinearProgram, options: NonlinearOptions = {}): NonlinearSolution {
  const tolerance = options.tolerance ?? 1e-8;
  const limit = options.iterations ?? 300;
  const n = program.variables;
  const m = program.constraints;
  const kkt = buildKkt(program);
  const { equality, fixed } = kkt;
  const jac = program.jacobian;

  // Bounds are widened by a hair so that an interior exists (as the method's authors do).
  const widen = (b: number, side: number) => b + side * 1e-8 * Math.max(1, Math.abs(b));
  const xl = Float64Array.from(program.lower, (b, j) => (fixed[j] ? Number.NEGATIVE_INFINITY : widen(b, -1)));
  const xu = Float64Array.from(program.upper, (b, j) => (fixed[j] ? Number.POSITIVE_INFINITY : widen(b, 1)));
  const x = new Float64Array(n);
  for (let j = 0; j < n; j++) x[j] = fixed[j] ? program.lower[j] : into(program.start[j], xl[j], xu[j]);

  const gradient = new Float64Array(n);
  const jacobian = new Float64Array(jac.rows.length);
  const hessian = new Float64Array(program.hessian.rows.length);
  const g = new Float64Array(m);
  program.gradient(x, gradient);
  program.jacobianValues(x, jacobian);
  const objectiveScale = Math.min(1, GRADIENT_LIMIT / Math.max(1e-8, largest(gradient)));
  const rowLargest = new Float64Array(m);
  for (let k = 0; k < jacobian.length; k++)
    rowLargest[jac.rows[k]] = Math.max(rowLargest[jac.rows[k]], Math.abs(jacobian[k]));
  const rowScale = rowLargest.map(r => Math.min(1, GRADIENT_LIMIT / Math.max(1e-8, r)));
  const sl = new Float64Array(m);
  const su = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    sl[i] = program.constraintLower[i] * rowScale[i];
    su[i] = program.constraintUpper[i] * rowScale[i];
    if (equality[i]) continue;
    sl[i] = widen(sl[i], -1);
    su[i] = widen(su[i], 1);
  }
  /** Right-hand side of equalities; for inequalities the slack takes its place. */
  const s = new Float64Array(m);
  evaluateConstraints(x);
  for (let i = 0; i < m; i++) s[i] = equality[i] ? sl[i] : into(g[i], sl[i], su[i]);

  const y = new Float64Array(m);
  const zl = Float64Array.from(xl, b => (Number.isFinite(b) ? 1 : 0));
  const zu = Float64Array.from(xu, b => (Number.isFinite(b) ? 1 : 0));
  const vl = Float64Array.from(sl, (b, i) => (!equality[i] && Number.isFinite(b) ? 1 : 0));
  const vu = Float64Array.from(su, (b, i) => (!equality[i] && Number.isFinite(b) ? 1 : 0));

  const c = new Float64Array(m);
  const rx = new Float64Array(n);
  const rs = new Float64Array(m);
  const sigma = new Float64Array(n);
  const slackSigma = new Float64Array(m);
  const dx = new Float64Array(n);
  const dy = new Float64Array(m);
  const ds = new Float64Array(m);
  const dxSoc = new Float64Array(n);
  const dySoc = new Float64Array(m);
  const dsSoc = new Float64Array(m);
  const cSoc = new Float64Array(m);
  const xTrial = new Float64Array(n);
  const sTrial = new Float64Array(m);
  const scaledMultipliers = new Float64Array(m);
  let trialObjective = 0;
  let restorations = 0;
  let filter: [theta: number, phi: number][] = [];
  let mu = options.barrier ?? 0.1;
  let objective = evaluateObjective(x);
  derivatives();
  residual(c);
  leastSquaresMultipliers();
  const theta0 = sumAbs(c);
  const thetaMax = 1e4 * Math.max(1, theta0);
  const thetaMin = 1e-4 * Math.max(1, theta0);
  let acceptable = 0;
  let status: NonlinearSolution['status'] = 'limit';
  let detail = 'the iteration limit was reached';
  let iteration = 0;
  let best = { error: Number.POSITIVE_INFINITY, x: x.slice(), y: y.slice(), zl: zl.slice(), zu: zu.slice(), objective };
  let tiny = 0;
  let still = 0;
  let before = Number.NaN;

  for (; iteration <= limit; iteration++) {
    const error = optimality(0);
    const violation = unscaledViolation();
    if (error < best.error) best = { error, x: x.slice(), y: y.slice(), zl: zl.slice(), zu: zu.slice(), objective };
    if (options.watch?.(iteration, objective / objectiveScale, violation, error, mu, x) === false) {
      detail = 'stopped';
      break;
    }
    if (error <= tolerance && violation <= 1e-6) {
      status = 'optimal';
      detail = '';
      break;
    }
    acceptable = error <= 100 * tolerance && violation <= 1e-5 ? acceptable + 1 : 0;
    if (acceptable >= 15) {
      status = 'optimal';
      detail = 'to the acceptable tolerance';
      break;
    }
    // Rounding can keep the error from falling while the answer stands still to nine digits: that is the answer.
    still =
      mu <= 10 * tolerance && violation <= 1e-6 && Math.abs(objective - before) <= 1e-9 * Math.abs(objective)
        ? still + 1
        : 0;
    before = objective;
    if (still >= 5 && error <= 1e-3) {
      status = 'optimal';
      detail = 'stands still';
      break;
    }
    while (optimality(mu) <= KAPPA_EPSILON * mu && mu > tolerance / 10) {
      mu = Math.max(tolerance / 10, Math.min(0.2 * mu, mu ** 1.5));
      filter = [];
      tiny = 0;
    }
    for (let j = 0; j < n; j++) sigma[j] = quotient(zl[j], x[j] - xl[j]) + quotient(zu[j], xu[j] - x[j]);
    for (let i = 0; i < m; i++)
      slackSigma[i] = equality[i] ? 0 : quotient(vl[i], s[i] - sl[i]) + quotient(vu[i], su[i] - s[i]);
    for (let i = 0; i < m; i++) scaledMultipliers[i] = y[i] * rowScale[i];
    program.hessianValues(x, objectiveScale, scaledMultipliers, hessian);
    barrierResiduals();
    if (!kkt.factorise(jacobian, hessian, sigma, slackSigma)) {
      if (!restore()) break;
      continue;
    }
    kkt.solve(rx, c, rs, dx, dy);
    slackStep(dx, c, ds);
    const tau = Math.max(0.99, 1 - mu);
    const alphaMax = Math.min(reach(x, dx, xl, xu, tau), reach(s, ds, sl, su, tau));
    const theta = sumAbs(c);
    const phi = barrier(objective, x, s);
    let slope = 0;
    for (let j = 0; j < n; j++) if (!fixed[j]) slope += barrierGradient(j) * dx[j];
    for (let i = 0; i < m; i++) if (!equality[i]) slope += barrierSlackGradient(i) * ds[i];
    let alphaMin = GAMMA_THETA;
    if (slope < 0) {
      alphaMin = Math.min(GAMMA_THETA, (GAMMA_PHI * theta) / -slope);
      if (theta <= thetaMin) alphaMin = Math.min(alphaMin, theta ** 1.1 / (-slope) ** 2.3);
    }
    alphaMin *= 0.05;
    let alpha = alphaMax;
    let accepted = false;
    let direction: { dx: Float64Array; ds: Float64Array; dy: Float64Array } = { dx, ds, dy };
    let relativeStep = 0;
    for (let j = 0; j < n; j++) relativeStep = Math.max(relativeStep, Math.abs(dx[j]) / (1 + Math.abs(x[j])));
    const isTiny = relativeStep < 1e-14 && theta < 1e-4;
    for (let trial = 0; alpha >= alphaMin || trial === 0; trial++, alpha /= 2) {
      const thetaTrial = tryStep(dx, ds, alpha);
      const phiTrial = barrier(trialObjective, xTrial, sTrial);
      if (isTiny || acceptsStep(theta, phi, thetaTrial, phiTrial, slope, alpha)) {
        accepted = true;
        break;
      }
      if (trial === 0 && thetaTrial >= theta && Number.isFinite(thetaTrial)) {
        const found = secondOrder(theta, phi, slope, alpha, thetaTrial, tau);
        if (found > 0) {
          accepted = true;
          direction = { dx: dxSoc, ds: dsSoc, dy: dySoc };
          alpha = found;
          break;
        }
      }
    }
    if (!accepted) {
      filter.push([(1 - GAMMA_THETA) * theta, phi - GAMMA_PHI * theta]);
      if (!restore()) break;
      continue;
    }
    take(direction, alpha, tau);
    if (isTiny && ++tiny >= 2) {
      if (mu <= tolerance / 10) {
        status = best.error <= 100 * tolerance ? 'optimal' : 'failed';
        detail = 'steps became tiny';
        break;
      }
      mu = Math.max(tolerance / 10, Math.min(0.2 * mu, mu ** 1.5));
      filter = [];
      tiny = 0;
    }
  }
  if (status !== 'optimal' && best.error <= 1e3 * tolerance) {
    status = 'optimal';
    detail = `to ${best.error.toExponential(1)}`;
  }
  const final = status === 'optimal' ? best : { x, y, zl, zu, objective };
  x.set(final.x);
  evaluateConstraints(x);
  return {
    status,
    detail,
    objective: final.objective / objectiveScale,
    x: Float64Array.from(final.x),
    multipliers: Float64Array.from(final.y, (v, i) => (v * rowScale[i]) / objectiveScale),
    lowerMultipliers: Float64Array.from(final.zl, v => v / objectiveScale),
    upperMultipliers: Float64Array.from(final.zu, v => v / objectiveScale),
    infeasibility: unscaledViolation(),
    iterations: iteration,
  };

  function evaluateObjective(at: Float64Array): number {
    return objectiveScale * program.objective(at);
  }

  function evaluateConstraints(at: Float64Array): void {
    program.values(at, g);
    for (let i = 0; i < m; i++) g[i] *= rowScale[i];
  }

  function derivatives(): void {
    program.gradient(x, gradient);
    for (let j = 0; j < n; j++) gradient[j] *= objectiveScale;
    program.jacobianValues(x, jacobian);
    for (let k = 0; k < jacobian.length; k++) jacobian[k] *= rowScale[jac.rows[k]];
  }

  function residual(out: Float64Array): void {
    for (let i = 0; i < m; i++) out[i] = g[i] - s[i];
  }

  /** Largest violation of a row, relative to its limit where that is above 1. */
  function unscaledViolation(): number {
    let worst = 0;
    for (let i = 0; i < m; i++) {
      const value = g[i] / rowScale[i];
      const high = program.constraintUpper[i];
      const low = program.constraintLower[i];
      if (high < Number.POSITIVE_INFINITY) worst = Math.max(worst, (value - high) / Math.max(1, Math.abs(high)));
      if (low > Number.NEGATIVE_INFINITY) worst = Math.max(worst, (low - value) / Math.max(1, Math.abs(low)));
    }
    return worst;
  }

  /** Scaled error of the optimality conditions at barrier value `at`. */
  function optimality(at: number): number {
    let dualSize = 0;
    let boundSize = 0;
    let bounds = 0;
    for (let i = 0; i < m; i++) dualSize += Math.abs(y[i]);
    const count = (z: number, gap: number) => {
      if (!Number.isFinite(gap)) return 0;
      boundSize += z;
      bounds += 1;
      return Math.abs(z * gap - at);
    };
    let complementarity = 0;
    for (let j = 0; j < n; j++)
      complementarity = Math.max(complementarity, count(zl[j], x[j] - xl[j]), count(zu[j], xu[j] - x[j]));
    for (let i = 0; i < m; i++)
      if (!equality[i])
        complementarity = Math.max(complementarity, count(vl[i], s[i] - sl[i]), count(vu[i], su[i] - s[i]));
    const sd = Math.max(100, (dualSize + boundSize) / Math.max(1, m + bounds)) / 100;
    const sc = Math.max(100, boundSize / Math.max(1, bounds)) / 100;
    let dual = 0;
    for (let j = 0; j < n; j++) rx[j] = gradient[j] - zl[j] + zu[j];
    for (let k = 0; k < jacobian.length; k++) rx[jac.cols[k]] += jacobian[k] * y[jac.rows[k]];
    for (let j = 0; j < n; j++) if (!fixed[j]) dual = Math.max(dual, Math.abs(rx[j]));
    for (let i = 0; i < m; i++) if (!equality[i]) dual = Math.max(dual, Math.abs(-y[i] - vl[i] + vu[i]));
    return Math.max(dual / sd, complementarity / sc, largest(c));
  }

  function barrierGradient(j: number): number {
    return gradient[j] - quotient(mu, x[j] - xl[j]) + quotient(mu, xu[j] - x[j]);
  }

  function barrierSlackGradient(i: number): number {
    return -quotient(mu, s[i] - sl[i]) + quotient(mu, su[i] - s[i]);
  }

  function barrierResiduals(): void {
    for (let j = 0; j < n; j++) rx[j] = barrierGradient(j);
    for (let k = 0; k < jacobian.length; k++) rx[jac.cols[k]] += jacobian[k] * y[jac.rows[k]];
    for (let i = 0; i < m; i++) rs[i] = equality[i] ? 0 : -y[i] + barrierSlackGradient(i);
  }

  function slackStep(step: Float64Array, target: Float64Array, out: Float64Array): void {
    for (let i = 0; i < m; i++) out[i] = equality[i] ? 0 : target[i];
    for (let k = 0; k < jacobian.length; k++) {
      const i = jac.rows[k];
      if (!equality[i]) out[i] += jacobian[k] * step[jac.cols[k]];
    }
  }

  function barrier(f: number, at: Float64Array, slack: Float64Array): number {
    let sum = f;
    for (let j = 0; j < n; j++) {
      if (Number.isFinite(xl[j])) sum -= mu * Math.log(at[j] - xl[j]);
      if (Number.isFinite(xu[j])) sum -= mu * Math.log(xu[j] - at[j]);
    }
    for (let i = 0; i < m; i++) {
      if (equality[i]) continue;
      if (Number.isFinite(sl[i])) sum -= mu * Math.log(slack[i] - sl[i]);
      if (Number.isFinite(su[i])) sum -= mu * Math.log(su[i] - slack[i]);
    }
    return sum;
  }

  /** Moves the trial point; returns its infeasibility and leaves its objective in `trialObjective` and constraints in g. */
  function tryStep(stepX: Float64Array, stepS: Float64Array, alpha: number): number {
    for (let j = 0; j < n; j++) xTrial[j] = x[j] + alpha * stepX[j];
    for (let i = 0; i < m; i++) sTrial[i] = s[i] + alpha * stepS[i];
    trialObjective = evaluateObjective(xTrial);
    evaluateConstraints(xTrial);
    let sum = 0;
    for (let i = 0; i < m; i++) sum += Math.abs(g[i] - sTrial[i]);
    return sum;
  }

  function acceptsStep(
    theta: number,
    phi: number,
    thetaTrial: number,
    phiTrial: number,
    slope: number,
    alpha: number,
  ): boolean {
    if (!Number.isFinite(thetaTrial) || !Number.isFinite(phiTrial) || thetaTrial > thetaMax) return false;
    for (const [t, p] of filter) if (thetaTrial >= t && phiTrial >= p) return false;
    const round = 10 * Number.EPSILON * Math.abs(phi);
    const switching = slope < 0 && alpha * (-slope) ** 2.3 > theta ** 1.1;
    if (theta <= thetaMin && switching) return phiTrial - phi - round <= ETA * alpha * slope;
    if (thetaTrial > (1 - GAMMA_THETA) * theta && phiTrial - phi - round > -GAMMA_PHI * theta) return false;
    filter.push([(1 - GAMMA_THETA) * theta, phi - GAMMA_PHI * theta]);
    return true;
  }

  /** Second-order corrections: a step that also takes away the constraints' curvature. Returns the accepted length or 0. */
  function secondOrder(
    theta: number,
    phi: number,
    slope: number,
    alpha: number,
    thetaFirst: number,
    tau: number,
  ): number {
    let before = theta;
    let now = thetaFirst;
    let length = alpha;
    for (let i = 0; i < m; i++) cSoc[i] = alpha * c[i] + g[i] - sTrial[i];
    for (let count = 0; count < 4 && now <= 0.99 * before * (count === 0 ? Number.POSITIVE_INFINITY : 1); count++) {
      kkt.solve(rx, cSoc, rs, dxSoc, dySoc);
      slackStep(dxSoc, cSoc, dsSoc);
      length = Math.min(reach(x, dxSoc, xl, xu, tau), reach(s, dsSoc, sl, su, tau));
      before = now;
      now = tryStep(dxSoc, dsSoc, length);
      if (acceptsStep(theta, phi, now, barrier(trialObjective, xTrial, sTrial), slope, alpha)) return length;
      for (let i = 0; i < m; i++) cSoc[i] = length * cSoc[i] + g[i] - sTrial[i];
    }
    return 0;
  }

  /** Accepts the trial point and moves the multipliers. */
  function take(d: { dx: Float64Array; ds: Float64Array; dy: Float64Array }, alpha: number, tau: number): void {
    const dual = Math.min(
      multiplierReach(zl, x, xl, d.dx, 1, tau),
      multiplierReach(zu, x, xu, d.dx, -1, tau),
      multiplierReach(vl, s, sl, d.ds, 1, tau),
      multiplierReach(vu, s, su, d.ds, -1, tau),
    );
    moveMultipliers(zl, x, xl, d.dx, 1, dual);
    moveMultipliers(zu, x, xu, d.dx, -1, dual);
    moveMultipliers(vl, s, sl, d.ds, 1, dual);
    moveMultipliers(vu, s, su, d.ds, -1, dual);
    for (let i = 0; i < m; i++) y[i] += alpha * d.dy[i];
    x.set(xTrial);
    s.set(sTrial);
    for (let j = 0; j < n; j++) {
      zl[j] = nearCentral(zl[j], x[j] - xl[j]);
      zu[j] = nearCentral(zu[j], xu[j] - x[j]);
    }
    for (let i = 0; i < m; i++) {
      vl[i] = nearCentral(vl[i], s[i] - sl[i]);
      vu[i] = nearCentral(vu[i], su[i] - s[i]);
    }
    objective = trialObjective;
    derivatives();
    residual(c);
  }

  function multiplierStep(z: number, gap: number, d: number, side: number): number {
    return z === 0 ? 0 : mu / gap - z - (z / gap) * side * d;
  }

  function multiplierReach(
    z: Float64Array,
    at: Float64Array,
    b: Float64Array,
    d: Float64Array,
    side: number,
    tau: number,
  ): number {
    let alpha = 1;
    for (let j = 0; j < z.length; j++) {
      if (z[j] === 0) continue;
      const step = multiplierStep(z[j], side * (at[j] - b[j]), d[j], side);
      if (step < 0) alpha = Math.min(alpha, (-tau * z[j]) / step);
    }
    return alpha;
  }

  function moveMultipliers(
    z: Float64Array,
    at: Float64Array,
    b: Float64Array,
    d: Float64Array,
    side: number,
    alpha: number,
  ): void {
    for (let j = 0; j < z.length; j++)
      if (z[j] !== 0) z[j] += alpha * multiplierStep(z[j], side * (at[j] - b[j]), d[j], side);
  }

  /** Keeps a multiplier within a factor 1e10 of the central path. */
  function nearCentral(z: number, gap: number): number {
    return z === 0 ? 0 : Math.max(Math.min(z, (1e10 * mu) / gap), mu / (1e10 * gap));
  }

  /** Multipliers of the constraints that fit the gradient best; zero when they would be huge. */
  function leastSquaresMultipliers(): void {
    sigma.fill(1);
    slackSigma.fill(1);
    c.fill(0);
    for (let j = 0; j < n; j++) rx[j] = gradient[j] - zl[j] + zu[j];
    for (let i = 0; i < m; i++) rs[i] = equality[i] ? 0 : -vl[i] + vu[i];
    if (kkt.factorise(jacobian, undefined, sigma, slackSigma)) {
      kkt.solve(rx, c, rs, dx, dy);
      y.set(largest(dy) <= 1e3 ? dy : new Float64Array(m));
    }
    residual(c);
  }

  /**
   * Feasibility restoration: a few Newton steps on the constraints alone; if they do not help, the elastic problem is solved until the
   * filter accepts its point. False when the violation cannot be reduced any more (status and detail are then set).
   */
  function restore(): boolean {
    evaluateConstraints(x);
    residual(c);
    const begin = sumAbs(c);
    if (++restorations > 40 || options.nested) {
      status = 'failed';
      detail = 'no acceptable step';
      return false;
    }
    if (largest(c) < tolerance / 10) {
      // The point is feasible: the trouble is elsewhere; start the multipliers afresh.
      filter = [];
      resetMultipliers();
      return true;
    }
    if (newtonRestoration(begin)) return true;
    const startBarrier = Math.max(mu, Math.min(1e3, largest(c)));
    const zeta = 1e-3 * Math.sqrt(mu);
    const elastic = elasticProgram(program, rowScale, x.slice(), zeta, startBarrier);
    const point = new Float64Array(n);
    const solution = solveNonlinear(elastic, {
      tolerance,
      nested: true,
      iterations: 300,
      barrier: startBarrier,
      watch: (_i, _f, _v, _e, _b, at) => {
        point.set(at.subarray(0, n));
        iteration += 1;
        if (options.watch?.(iteration, program.objective(point), Number.NaN, Number.NaN, mu, point) === false)
          return false;
        return !adopt(point, begin);
      },
    });
    if (solution.detail === 'stopped') {
      resetMultipliers();
      return true;
    }
    point.set(solution.x.subarray(0, n));
    if (adopt(point, begin)) {
      resetMultipliers();
      return true;
    }
    x.set(point);
    evaluateConstraints(x);
    const left = unscaledViolation();
    status = solution.status === 'optimal' && left > 1e-6 ? 'infeasible' : 'failed';
    detail = `the constraints cannot be met together: the violation stays at ${left.toExponential(2)}`;
    return false;
  }

  /** Takes over a point of the restoration when it is clearly better and the filter accepts it. */
  function adopt(point: Float64Array, begin: number): boolean {
    evaluateConstraints(point);
    let theta = 0;
    for (let i = 0; i < m; i++) {
      sTrial[i] = equality[i] ? s[i] : into(g[i], sl[i], su[i], 1e-4);
      theta += Math.abs(g[i] - sTrial[i]);
    }
    if (!(theta <= 0.9 * begin)) return false;
    for (let j = 0; j < n; j++) xTrial[j] = fixed[j] ? x[j] : into(point[j], xl[j], xu[j], 1e-8);
    const f = evaluateObjective(xTrial);
    const phi = barrier(f, xTrial, sTrial);
    if (!Number.isFinite(phi) || !filter.every(([t, p]) => theta < t || phi < p)) return false;
    x.set(xTrial);
    s.set(sTrial);
    objective = f;
    evaluateConstraints(x);
    residual(c);
    return true;
  }

  /** Least-norm Newton steps on the constraints inside the bounds. */
  function newtonRestoration(begin: number): boolean {
    const xKept = x.slice();
    const sKept = s.slice();
    rx.fill(0);
    rs.fill(0);
    let now = begin;
    for (let step = 0; step < 8; step++) {
      const ease = (gap: number) => 1e-3 + (Number.isFinite(gap) ? Math.min(1e8, (1e-2 * mu) / (gap * gap)) : 0);
      for (let j = 0; j < n; j++) sigma[j] = ease(Math.min(x[j] - xl[j], xu[j] - x[j]));
      for (let i = 0; i < m; i++) slackSigma[i] = equality[i] ? 0 : ease(Math.min(s[i] - sl[i], su[i] - s[i]));
      derivatives();
      if (!kkt.factorise(jacobian, undefined, sigma, slackSigma)) break;
      kkt.solve(rx, c, rs, dx, dy);
      slackStep(dx, c, ds);
      let alpha = Math.min(reach(x, dx, xl, xu, 0.995), reach(s, ds, sl, su, 0.995));
      let next = Number.POSITIVE_INFINITY;
      for (let trial = 0; trial < 6 && !(next <= (1 - 1e-2 * alpha) * now); trial++, alpha /= 2)
        next = tryStep(dx, ds, alpha);
      if (!(next <= 0.98 * now)) break;
      x.set(xTrial);
      s.set(sTrial);
      objective = trialObjective;
      residual(c);
      now = next;
      iteration += 1;
      const phi = barrier(objective, x, s);
      if (now <= 0.9 * begin && filter.every(([t, p]) => now < t || phi < p)) {
        resetMultipliers();
        return true;
      }
    }
    x.set(xKept);
    s.set(sKept);
    objective = evaluateObjective(x);
    evaluateConstraints(x);
    residual(c);
    return false;
  }

  function resetMultipliers(): void {
    for (let j = 0; j < n; j++) {
      if (zl[j] !== 0) zl[j] = Math.min(1e3, mu / (x[j] - xl[j]));
      if (zu[j] !== 0) zu[j] = Math.min(1e3, mu / (xu[j] - x[j]));
    }
    for (let i = 0; i < m; i++) {
      if (vl[i] !== 0) vl[i] = Math.min(1e3, mu / (s[i] - sl[i]));
      if (vu[i] !== 0) vu[i] = Math.min(1e3, mu / (su[i] - s[i]));
    }
    evaluateConstraints(x);
    derivatives();
    leastSquaresMultipliers();
  }
}

/** A point strictly inside its bounds, near the wanted one. */
function into(wanted: number, lower: number, upper: number, push = 1e-2): number {
  const width = upper - lower;
  const low = lower + Math.min(push * Math.max(1, Math.abs(lower)), push * width);
  const high = upper - Math.min(push * Math.max(1, Math.abs(upper)), push * width);
  return Math.min(
    Math.max(wanted, Number.isFinite(lower) ? low : wanted),
    Number.isFinite(upper) ? high : Number.POSITIVE_INFINITY,
  );
}

function reach(at: Float64Array, d: Float64Array, lower: Float64Array, upper: Float64Array, tau: number): number {
  let alpha = 1;
  for (let j = 0; j < at.length; j++) {
    if (d[j] < 0 && lower[j] > Number.NEGATIVE_INFINITY) alpha = Math.min(alpha, (tau * (lower[j] - at[j])) / d[j]);
    else if (d[j] > 0 && upper[j] < Number.POSITIVE_INFINITY)
      alpha = Math.min(alpha, (tau * (upper[j] - at[j])) / d[j]);
  }
  return alpha;
}

/** a/gap, 0 for a side without bound. */
function quotient(a: number, gap: number): number {
  return gap === Number.POSITIVE_INFINITY ? 0 : a / gap;
}

function largest(a: Float64Array): number {
  let worst = 0;
  for (let k = 0; k < a.length; k++) worst = Math.max(worst, Math.abs(a[k]));
  return worst;
}

function sumAbs(a: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += Math.abs(a[k]);
  return sum;
}
