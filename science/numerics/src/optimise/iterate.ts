// The iterate of the interior point for nonlinear programs: variables, slacks of inequality rows, all multipliers, and the functions there.
// The objective and each row are scaled so that their first derivatives are at most 100 at the start; bounds are widened by a hair.
// Signs: L = f + y'(g - s) - zl'(x - l) - zu'(u - x). For an equality s holds the right-hand side.
import { into, quotient, type Side, widen } from './bounds.ts';
import { buildKkt } from './kkt.ts';
import type { NonlinearProgram } from './nonlinear-program.ts';

const GRADIENT_LIMIT = 100;

export type Iterate = ReturnType<typeof firstIterate>;

/** The program's start pushed inside its bounds, multipliers of bounds one, the others zero; barrier parameter `mu`. */
export function firstIterate(program: NonlinearProgram, mu: number) {
  const n = program.variables;
  const m = program.constraints;
  const kkt = buildKkt(program);
  const { equality, fixed } = kkt;
  const columns = () => new Float64Array(n);
  const rows = () => new Float64Array(m);
  const xl = Float64Array.from(program.lower, (b, j) => (fixed[j] ? Number.NEGATIVE_INFINITY : widen(b, -1)));
  const xu = Float64Array.from(program.upper, (b, j) => (fixed[j] ? Number.POSITIVE_INFINITY : widen(b, 1)));
  const x = columns();
  for (let j = 0; j < n; j++) x[j] = fixed[j] ? program.lower[j] : into(program.start[j], xl[j], xu[j]);
  const gradient = columns();
  const jacobian = new Float64Array(program.jacobian.rows.length);
  program.gradient(x, gradient);
  program.jacobianValues(x, jacobian);
  const most = rows();
  for (let k = 0; k < jacobian.length; k++) {
    const i = program.jacobian.rows[k];
    most[i] = Math.max(most[i], Math.abs(jacobian[k]));
  }
  const rowScale = most.map(scaleOf);
  const sl = rows();
  const su = rows();
  for (let i = 0; i < m; i++) {
    sl[i] = program.constraintLower[i] * rowScale[i];
    su[i] = program.constraintUpper[i] * rowScale[i];
    if (equality[i]) continue;
    sl[i] = widen(sl[i], -1);
    su[i] = widen(su[i], 1);
  }
  const s = rows();
  const zl = Float64Array.from(xl, b => (Number.isFinite(b) ? 1 : 0));
  const zu = Float64Array.from(xu, b => (Number.isFinite(b) ? 1 : 0));
  const vl = Float64Array.from(sl, (b, i) => (!equality[i] && Number.isFinite(b) ? 1 : 0));
  const vu = Float64Array.from(su, (b, i) => (!equality[i] && Number.isFinite(b) ? 1 : 0));
  const xSides: readonly Side[] = [
    { z: zl, at: x, bound: xl, side: 1 },
    { z: zu, at: x, bound: xu, side: -1 },
  ];
  const sSides: readonly Side[] = [
    { z: vl, at: s, bound: sl, side: 1 },
    { z: vu, at: s, bound: su, side: -1 },
  ];
  const it = {
    program,
    n,
    m,
    kkt,
    objectiveScale: scaleOf(largest(gradient)),
    rowScale,
    /** Variables, their bounds (infinite for fixed ones) and multipliers. */
    ...{ x, xl, xu, zl, zu, xSides },
    /** Slacks of the rows, their bounds and multipliers. */
    ...{ s, sl, su, vl, vu, sSides },
    /** Multipliers of the rows. */
    y: rows(),
    mu,
    objective: 0,
    gradient,
    jacobian,
    /** Constraints at the point last evaluated, and g - s. */
    g: rows(),
    c: rows(),
    /** Weights of the barrier, right-hand sides and step of the Newton system. */
    sigma: columns(),
    slackSigma: rows(),
    rx: columns(),
    rs: rows(),
    step: { x: columns(), s: rows(), y: rows() } as Step,
    trial: { x: columns(), s: rows(), objective: 0 },
  };
  evaluateConstraints(it, x);
  for (let i = 0; i < m; i++) s[i] = equality[i] ? sl[i] : into(it.g[i], sl[i], su[i]);
  it.objective = evaluateObjective(it, x);
  derivatives(it);
  residual(it);
  return it;
}

export interface Step {
  readonly x: Float64Array;
  readonly s: Float64Array;
  readonly y: Float64Array;
}

export function evaluateObjective(it: Iterate, x: Float64Array): number {
  return it.objectiveScale * it.program.objective(x);
}

export function evaluateConstraints({ program, rowScale, g }: Iterate, x: Float64Array): void {
  program.values(x, g);
  for (let i = 0; i < g.length; i++) g[i] *= rowScale[i];
}

/** Gradient and Jacobian at x. */
export function derivatives({ program, x, objectiveScale, rowScale, gradient, jacobian }: Iterate): void {
  program.gradient(x, gradient);
  for (let j = 0; j < gradient.length; j++) gradient[j] *= objectiveScale;
  program.jacobianValues(x, jacobian);
  for (let k = 0; k < jacobian.length; k++) jacobian[k] *= rowScale[program.jacobian.rows[k]];
}

/** c = g - s. */
export function residual({ g, s, c }: Iterate): void {
  for (let i = 0; i < c.length; i++) c[i] = g[i] - s[i];
}

/** Largest violation of a row at the point last evaluated, relative to its limit where that is above 1. */
export function violation({ program, g, rowScale }: Iterate): number {
  let worst = 0;
  for (let i = 0; i < g.length; i++) {
    const value = g[i] / rowScale[i];
    const high = program.constraintUpper[i];
    const low = program.constraintLower[i];
    if (high < Number.POSITIVE_INFINITY) worst = Math.max(worst, (value - high) / Math.max(1, Math.abs(high)));
    if (low > Number.NEGATIVE_INFINITY) worst = Math.max(worst, (low - value) / Math.max(1, Math.abs(low)));
  }
  return worst;
}

/** Scaled error of the optimality conditions at barrier value `mu`. Overwrites rx. */
export function optimality(it: Iterate, mu: number): number {
  const { n, m, x, xl, xu, zl, zu, s, sl, su, vl, vu, y, gradient, jacobian, rx, c } = it;
  const { equality, fixed } = it.kkt;
  const { rows, cols } = it.program.jacobian;
  let dualSize = 0;
  let boundSize = 0;
  let bounds = 0;
  for (let i = 0; i < m; i++) dualSize += Math.abs(y[i]);
  const count = (z: number, gap: number) => {
    if (!Number.isFinite(gap)) return 0;
    boundSize += z;
    bounds += 1;
    return Math.abs(z * gap - mu);
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
  for (let k = 0; k < jacobian.length; k++) rx[cols[k]] += jacobian[k] * y[rows[k]];
  for (let j = 0; j < n; j++) if (!fixed[j]) dual = Math.max(dual, Math.abs(rx[j]));
  for (let i = 0; i < m; i++) if (!equality[i]) dual = Math.max(dual, Math.abs(-y[i] - vl[i] + vu[i]));
  return Math.max(dual / sd, complementarity / sc, largest(c));
}

/** The barrier function of a point with objective `f`. */
export function barrier({ mu, xl, xu, sl, su, kkt }: Iterate, f: number, x: Float64Array, s: Float64Array): number {
  let sum = f;
  for (let j = 0; j < x.length; j++) {
    if (Number.isFinite(xl[j])) sum -= mu * Math.log(x[j] - xl[j]);
    if (Number.isFinite(xu[j])) sum -= mu * Math.log(xu[j] - x[j]);
  }
  for (let i = 0; i < s.length; i++) {
    if (kkt.equality[i]) continue;
    if (Number.isFinite(sl[i])) sum -= mu * Math.log(s[i] - sl[i]);
    if (Number.isFinite(su[i])) sum -= mu * Math.log(su[i] - s[i]);
  }
  return sum;
}

/** Derivatives of the barrier function by variable and by slack. */
export function barrierGradient({ mu, gradient, x, xl, xu }: Iterate, j: number): number {
  return gradient[j] - quotient(mu, x[j] - xl[j]) + quotient(mu, xu[j] - x[j]);
}

export function barrierSlackGradient({ mu, s, sl, su }: Iterate, i: number): number {
  return -quotient(mu, s[i] - sl[i]) + quotient(mu, su[i] - s[i]);
}

/** Moves the trial point; returns its infeasibility and leaves its objective in `trial` and its constraints in g. */
export function tryStep(it: Iterate, step: Step, alpha: number): number {
  const { n, m, x, s, g, trial } = it;
  for (let j = 0; j < n; j++) trial.x[j] = x[j] + alpha * step.x[j];
  for (let i = 0; i < m; i++) trial.s[i] = s[i] + alpha * step.s[i];
  trial.objective = evaluateObjective(it, trial.x);
  evaluateConstraints(it, trial.x);
  let sum = 0;
  for (let i = 0; i < m; i++) sum += Math.abs(g[i] - trial.s[i]);
  return sum;
}

/** Solves the Newton system for the right-hand sides in rx, rs and `c`; the slacks follow from the rows. */
export function solveStep(it: Iterate, c: Float64Array, out: Step): void {
  const { m, kkt, jacobian, rx, rs } = it;
  const { rows, cols } = it.program.jacobian;
  kkt.solve(rx, c, rs, out.x, out.y);
  for (let i = 0; i < m; i++) out.s[i] = kkt.equality[i] ? 0 : c[i];
  for (let k = 0; k < jacobian.length; k++) {
    const i = rows[k];
    if (!kkt.equality[i]) out.s[i] += jacobian[k] * out.x[cols[k]];
  }
}

/** Row multipliers that fit the gradient best; zero when they would be huge. */
export function fitMultipliers(it: Iterate): void {
  const { n, m, kkt, gradient, jacobian, zl, zu, vl, vu, sigma, slackSigma, rx, rs, c, step, y } = it;
  sigma.fill(1);
  slackSigma.fill(1);
  c.fill(0);
  for (let j = 0; j < n; j++) rx[j] = gradient[j] - zl[j] + zu[j];
  for (let i = 0; i < m; i++) rs[i] = kkt.equality[i] ? 0 : -vl[i] + vu[i];
  if (kkt.factorise(jacobian, undefined, sigma, slackSigma)) {
    kkt.solve(rx, c, rs, step.x, step.y);
    if (largest(step.y) <= 1e3) y.set(step.y);
    else y.fill(0);
  }
  residual(it);
}

function scaleOf(derivative: number): number {
  return Math.min(1, GRADIENT_LIMIT / Math.max(1e-8, derivative));
}

export function largest(a: Float64Array): number {
  let worst = 0;
  for (let k = 0; k < a.length; k++) worst = Math.max(worst, Math.abs(a[k]));
  return worst;
}

export function sumAbs(a: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += Math.abs(a[k]);
  return sum;
}
