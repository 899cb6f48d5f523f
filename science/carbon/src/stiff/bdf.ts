// Stiff initial value problems y' = f(t, y) with a banded Jacobian: numerical differentiation formulas of order 1 to 5 with quasi-constant
// steps (Shampine and Reichelt, The MATLAB ODE Suite, SIAM J. Sci. Comput. 18, 1997). Trailing components may be pure integrals of the others:
// they follow the same formula, so what the formula conserves stays conserved between state and integrals.
import { plainSolver, type StepSolver } from './solvers.ts';

export interface Problem {
  /** Coupled components. */
  readonly n: number;
  /** Integral components after them: their derivatives depend on the first n only. */
  readonly integrals: number;
  /** Writes the derivatives of the n coupled components to `out`. */
  derivative(t: number, y: Float64Array, out: Float64Array): void;
  /** Called after each step that is taken, and at the start: `derivative` or `integrands` were last evaluated there. */
  taken?(): void;
  /** May move the predicted state `y` at t, after a step of h, to a better start of Newton's iteration. */
  start?(t: number, h: number, y: Float64Array): void;
  /** Writes the derivatives of the integrals to `out[n...]`. */
  integrands?(t: number, y: Float64Array, out: Float64Array): void;
  /** Writes the slopes of the integrands by `integrandInputs`, input by input, after `solver.differentiate` at the same place. */
  integrandSlopes?(t: number, y: Float64Array, out: Float64Array): void;
  /** Components that the integrands depend on. */
  readonly integrandInputs?: readonly number[];
  /** For (I - c J) x = b: a solver, or the half-bandwidths of a plain one. */
  readonly solver: StepSolver | { readonly lower: number; readonly upper: number };
}

/** Takes down what an integration does, so that it can be done again on the linearised equations. */
export interface Recorder {
  /** A change of step: differences 0 to `order` become, new j from old k, `matrix[k * (order + 1) + j]` times themselves. */
  change(order: number, matrix: Float64Array): void;
  /** A step by the formula of `order`; the problem's solver has the factors of I - c J where it ended. */
  step(order: number, c: number): void;
}

export interface Tolerance {
  readonly relative: number;
  /** Absolute tolerance of every coupled component (scale your variables). */
  readonly absolute: number;
  readonly mostSteps: number;
}

/** What happened; `y` was advanced in place to the end only when `ok`. */
export type Outcome =
  | { readonly ok: true; readonly steps: number; readonly jacobians: number }
  | { readonly ok: false; readonly why: 'too many steps' | 'step too small' | 'not a number'; readonly t: number };

export const MOST_ORDER = 5;
const KAPPA = [0, -0.185, -1 / 9, -0.0823, -0.0415, 0];
export const GAMMA = [0, 1, 1.5, 11 / 6, 25 / 12, 137 / 60];
export const ALPHA = GAMMA.map((g, k) => (1 - KAPPA[k]) * g);
const ERROR = GAMMA.map((g, k) => KAPPA[k] * g + 1 / (k + 1));
const NEWTON_ROUNDS = 6;
/** Jacobians that Newton's iteration may take anew in a step. */
const RENEWALS = 2;

/** Integrates from t0 to t1, overwriting `y` (n + integrals values). `recorder` takes down what it does, at twice the price. */
export function integrate(
  p: Problem,
  t0: number,
  t1: number,
  y: Float64Array,
  tol: Tolerance,
  recorder?: Recorder,
): Outcome {
  const { n } = p;
  const all = n + p.integrals;
  const f = new Float64Array(all);
  const yNew = new Float64Array(all);
  const slopes = new Float64Array((p.integrandInputs?.length ?? 0) * p.integrals);
  const least = Math.max(100 * tol.absolute, 1e-4);
  const solver =
    'solve' in p.solver ? p.solver : plainSolver(n, p.solver, (at, from, to) => p.derivative(at, from, to), least);
  let jacobians = 0;
  const differentiated = (at: number) => {
    jacobians += 1;
    if (!solver.differentiate(at, yNew)) return false;
    p.integrandSlopes?.(at, yNew, slopes);
    return true;
  };
  const iteration: Iteration = {
    p,
    f: new Float64Array(all),
    psi: new Float64Array(all),
    d: new Float64Array(all),
    dy: new Float64Array(n),
    scale: new Float64Array(n),
    slopes,
    solver,
    tolerance: Math.max(1e-13 / tol.relative, 0.05),
    renew: (at, c) => differentiated(at) && solver.factor(c),
  };
  const { psi, d, scale } = iteration;
  const differences = Array.from({ length: MOST_ORDER + 3 }, () => new Float64Array(all));
  p.derivative(t0, y, f);
  p.integrands?.(t0, y, f);
  p.taken?.();
  if (!f.every(Number.isFinite)) return { ok: false, why: 'not a number', t: t0 };
  let h = firstStep(f, y, n, tol, t1 - t0);
  let t = t0;
  let order = 1;
  let equalSteps = 0;
  let steps = 0;
  let stale = true;
  let factored = false;
  differences[0].set(y);
  for (let i = 0; i < all; i++) differences[1][i] = f[i] * h;
  const rescale = (factor: number) => {
    changeStep(differences, order, factor, all);
    recorder?.change(order, change);
    h *= factor;
    equalSteps = 0;
    factored = false;
  };
  while (t < t1) {
    if (steps > tol.mostSteps) return { ok: false, why: 'too many steps', t };
    if (h < 1e-15 * (t1 - t0)) return { ok: false, why: 'step too small', t };
    if (t + h > t1 || t1 - t - h < 1e-9 * (t1 - t0)) rescale((t1 - t) / h);
    const tNew = t + h;
    yNew.fill(0);
    for (let k = 0; k <= order; k++) for (let i = 0; i < all; i++) yNew[i] += differences[k][i];
    psi.fill(0);
    for (let k = 1; k <= order; k++) {
      const w = GAMMA[k] / ALPHA[order];
      for (let i = 0; i < all; i++) psi[i] += w * differences[k][i];
    }
    for (let i = 0; i < n; i++) scale[i] = 1 / (tol.absolute + tol.relative * Math.abs(yNew[i]));
    const c = h / ALPHA[order];
    d.fill(0);
    if (p.start) {
      for (let i = 0; i < n; i++) d[i] = -yNew[i];
      p.start(tNew, h, yNew);
      for (let i = 0; i < n; i++) d[i] += yNew[i];
    }
    if (stale) {
      // Taken where the step is going: where flows turn, the state it comes from has another one.
      if (!differentiated(tNew)) {
        rescale(0.3);
        continue;
      }
      stale = false;
      factored = false;
    }
    factored ||= solver.factor(c);
    const rounds = factored ? newton(iteration, tNew, yNew, c) : 0;
    if (rounds === 0) {
      rescale(0.3);
      stale = true;
      continue;
    }
    for (let i = 0; i < n; i++) scale[i] = 1 / (tol.absolute + tol.relative * Math.abs(yNew[i]));
    const error = Math.abs(ERROR[order]) * norm(d, scale, n);
    const safety = (0.9 * (2 * NEWTON_ROUNDS + 1)) / (2 * NEWTON_ROUNDS + rounds);
    if (!(error <= 1)) {
      rescale(Math.max(0.2, safety * error ** (-1 / (order + 1))));
      continue;
    }
    steps += 1;
    equalSteps += 1;
    t = tNew;
    if (recorder) {
      if (!iteration.renew(tNew, c)) return { ok: false, why: 'not a number', t };
      recorder.step(order, c);
    }
    p.taken?.();
    for (let i = 0; i < all; i++) {
      differences[order + 2][i] = d[i] - differences[order + 1][i];
      differences[order + 1][i] = d[i];
    }
    for (let k = order; k >= 0; k--) for (let i = 0; i < all; i++) differences[k][i] += differences[k + 1][i];
    if (equalSteps < order + 1 || t >= t1) continue;
    const down = order > 1 ? Math.abs(ERROR[order - 1]) * norm(differences[order], scale, n) : Number.POSITIVE_INFINITY;
    const up =
      order < MOST_ORDER
        ? Math.abs(ERROR[order + 1]) * norm(differences[order + 2], scale, n)
        : Number.POSITIVE_INFINITY;
    const factors = [down ** (-1 / order), error ** (-1 / (order + 1)), up ** (-1 / (order + 2))];
    const best = factors.indexOf(Math.max(...factors));
    order += best - 1;
    rescale(Math.min(8, safety * factors[best]));
  }
  y.set(differences[0]);
  return { ok: true, steps, jacobians };
}

/** What Newton's iteration works on, made once for all steps. */
interface Iteration {
  readonly p: Problem;
  readonly f: Float64Array;
  readonly psi: Float64Array;
  /** The step's correction so far, and the last change of it. */
  readonly d: Float64Array;
  readonly dy: Float64Array;
  readonly scale: Float64Array;
  readonly slopes: Float64Array;
  readonly solver: StepSolver;
  readonly tolerance: number;
  /** Takes the Jacobian and its factors at time `at` and the present iterate; false when there is none. */
  renew(at: number, c: number): boolean;
}

/**
 * Modified Newton iteration for the step's correction d, from a y that is the predicted one plus d; returns the rounds used, 0 when it does not converge. Where it goes astray
 * (a flow has turned, a limiter has let go), it takes the Jacobian of the present iterate and goes on: a shorter step would meet the same edge.
 */
function newton(w: Iteration, t: number, y: Float64Array, c: number): number {
  const { p, f, psi, d, dy, scale, slopes, tolerance } = w;
  const { n } = p;
  const change = () => {
    for (let i = 0; i < n; i++) dy[i] = c * f[i] - psi[i] - d[i];
    w.solver.solve(dy);
    return norm(dy, scale, n);
  };
  let before = 0;
  let renewals = 0;
  for (let round = 1; round <= NEWTON_ROUNDS; round++) {
    p.derivative(t, y, f);
    let size = change();
    let rate = before > 0 ? size / before : 0;
    if (!(rate < 1 && (before === 0 || (rate ** (NEWTON_ROUNDS - round) / (1 - rate)) * size <= tolerance))) {
      renewals += 1;
      if (renewals > RENEWALS || !w.renew(t, c)) return 0;
      size = change();
      rate = 0;
      before = 0;
      round = 1;
    }
    if (!Number.isFinite(size)) return 0;
    const converged = size === 0 || (before > 0 ? (rate / (1 - rate)) * size < tolerance : size < 0.1 * tolerance);
    if (converged && y.length > n) {
      // The integrals move by the same linearisation as the state, so that what one loses the other gains to rounding.
      p.integrands?.(t, y, f);
      p.integrandInputs?.forEach((j, k) => {
        for (let i = n; i < y.length; i++) f[i] += slopes[k * (y.length - n) + i - n] * dy[j];
      });
      for (let i = n; i < y.length; i++) {
        d[i] = c * f[i] - psi[i];
        y[i] += d[i];
      }
    }
    for (let i = 0; i < n; i++) {
      d[i] += dy[i];
      y[i] += dy[i];
    }
    if (converged) return round;
    before = size;
  }
  return 0;
}

/** Rewrites the backward differences for a step of `factor` times the length: they become themselves times R(factor) U. */
function changeStep(differences: readonly Float64Array[], order: number, factor: number, n: number): void {
  const size = order + 1;
  const u = UNIT_CHANGE[order];
  writeChange(changeMatrix, size, factor);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      let s = 0;
      for (let k = 0; k < size; k++) s += changeMatrix[i * size + k] * u[k * size + j];
      change[i * size + j] = s;
    }
  for (let c = 0; c < n; c++) {
    for (let k = 0; k < size; k++) old[k] = differences[k][c];
    for (let j = 0; j < size; j++) {
      let s = 0;
      for (let k = 0; k < size; k++) s += change[k * size + j] * old[k];
      differences[j][c] = s;
    }
  }
}

const SIZE = MOST_ORDER + 1;
const UNIT_CHANGE = Array.from({ length: SIZE }, (_, order) =>
  writeChange(new Float64Array(SIZE * SIZE), order + 1, 1),
);
// Working space: small typed arrays made at every change of step would cost more than the change.
const changeMatrix = new Float64Array(SIZE * SIZE);
const change = new Float64Array(SIZE * SIZE);
const old = new Float64Array(SIZE);

function writeChange(m: Float64Array, size: number, x: number): Float64Array {
  for (let j = 0; j < size; j++) {
    m[j] = 1;
    for (let i = 1; i < size; i++) m[i * size + j] = (m[(i - 1) * size + j] * (i - 1 - x * j)) / i;
  }
  return m;
}

function firstStep(f: Float64Array, y: Float64Array, n: number, tol: Tolerance, span: number): number {
  let rate = 0;
  for (let i = 0; i < n; i++) rate = Math.max(rate, Math.abs(f[i]) / (tol.absolute + tol.relative * Math.abs(y[i])));
  return Math.min(span, 0.5 / Math.max(rate, 1 / span));
}

/** Root mean square of x times the inverse tolerances. */
function norm(x: Float64Array, scale: Float64Array, n: number): number {
  let s = 0;
  for (let i = 0; i < n; i++) {
    const e = x[i] * scale[i];
    s += e * e;
  }
  return Math.sqrt(s / n);
}
