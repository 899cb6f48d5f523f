// The Newton system of the interior point for nonlinear programs: assembly into one symmetric matrix, inertia correction, solution.
// Short inequality rows are condensed into the Hessian block (their slack is eliminated); equalities and long rows stay as rows.
// Inertia correction after Wächter and Biegler, Math. Prog. 106:25 (2006), section 3.1.
import { type Factor, newFactor } from '../sparse/factor.ts';
import { factorize } from '../sparse/ldl.ts';
import { solveRefined } from '../sparse/solve.ts';
import { analyse } from '../sparse/symbolic.ts';
import { groupsOf, layoutOf } from './kkt-pattern.ts';
import type { NonlinearProgram } from './nonlinear-program.ts';

/**
 * Keeps pivots of equalities away from 0. Refinement takes it out again: where multipliers are to rise to millions, what it leaves violated
 * would be made good by a hundredth a step (docs/decisions/0142).
 */
const DUAL_SHIFT = 1e-12;

/** The same where that does not give the right inertia; then it stays. */
const DUAL_SHIFT_SINGULAR = 1e-8;

export interface Kkt {
  /** 1 for rows that are equalities. */
  readonly equality: Uint8Array;
  readonly fixed: Uint8Array;
  /**
   * Assembles and factorises with correct inertia. `sigma` are the diagonal terms of the variables, `slackSigma` those of the inequality
   * rows' slacks. `false` when no regularisation gives the right inertia.
   */
  factorise(
    jacobian: Float64Array,
    hessian: Float64Array | undefined,
    sigma: Float64Array,
    slackSigma: Float64Array,
  ): boolean;
  /**
   * Solves for dx (variables) and dy (constraints) given the right-hand sides of the stationarity rows, and of the constraints; for
   * inequality rows `slackRhs` is rs of the iterate. Returns the relative residual.
   */
  solve(rx: Float64Array, c: Float64Array, slackRhs: Float64Array, dx: Float64Array, dy: Float64Array): number;
  /** Regularisation of the Hessian block in use. */
  readonly shift: number;
}

export function buildKkt(p: NonlinearProgram): Kkt {
  const n = p.variables;
  const m = p.constraints;
  const nh = p.hessian.rows.length;
  const { equality, fixed, place, size, unique, placed, rowDiagonal, pairRow, pairA, pairB } = layoutOf(p);
  const slot = unique.slot;
  const symbolic = analyse(size, unique.rows, unique.cols, p.groups && groupsOf(p.groups, n, m, place, size));
  const factor: Factor = newFactor(symbolic);
  const values = new Float64Array(unique.rows.length);
  const plain = new Float64Array(values.length);
  const diagonal = slot.subarray(nh, nh + n);
  const rowDiagonalAt = slot.subarray(nh + n + placed.length, nh + n + placed.length + rowDiagonal.length);
  const pairAt = slot.subarray(nh + n + placed.length + rowDiagonal.length);
  const hessianPart = new Float64Array(values.length);
  const errorX = new Float64Array(n);
  const errorC = new Float64Array(m);
  const errorS = new Float64Array(m);
  const correctionX = new Float64Array(n);
  const correctionY = new Float64Array(m);
  const rhs = new Float64Array(size);
  const solution = new Float64Array(size);
  const negatives = size - n;
  const jac = p.jacobian;
  let jacobianNow = new Float64Array(0);
  let slackSigmaNow = new Float64Array(0);
  let lastShift = 0;
  let shift = 0;
  let dualShift = 0;

  /** correction = solution of the condensed system for the right-hand sides in errorX, errorC, errorS. */
  const condensedSolve = () => {
    rhs.fill(0);
    for (let j = 0; j < n; j++) rhs[j] = fixed[j] ? 0 : -errorX[j];
    for (let k = 0; k < jac.rows.length; k++) {
      const i = jac.rows[k];
      if (place[i] >= 0 || fixed[jac.cols[k]]) continue;
      rhs[jac.cols[k]] -= jacobianNow[k] * (slackSigmaNow[i] * errorC[i] + errorS[i]);
    }
    for (let i = 0; i < m; i++) {
      if (place[i] < 0) continue;
      rhs[place[i]] = equality[i] ? -errorC[i] : -errorC[i] - errorS[i] / Math.max(slackSigmaNow[i], 1e-20);
    }
    solveRefined(factor, values, rhs, solution, 1e-8, 2);
    for (let j = 0; j < n; j++) correctionX[j] = fixed[j] ? 0 : solution[j];
    // Condensed rows: dy = Sigma (J dx + c) + r_s.
    for (let i = 0; i < m; i++)
      correctionY[i] = place[i] >= 0 ? solution[place[i]] : slackSigmaNow[i] * errorC[i] + errorS[i];
    for (let k = 0; k < jac.rows.length; k++) {
      const i = jac.rows[k];
      if (place[i] < 0) correctionY[i] += slackSigmaNow[i] * jacobianNow[k] * correctionX[jac.cols[k]];
    }
  };

  /**
   * Residuals of the correction held in correctionX, correctionY, left in errorX, errorC, errorS. Returns the largest relative to the
   * right-hand side; at 1e-10 those of the constraints are also below a thousandth of their own.
   */
  const fullResidual = (rx: Float64Array, c: Float64Array, slackRhs: Float64Array): number => {
    let scale = 1e-12;
    let scaleC = 1e-12;
    for (let j = 0; j < n; j++) {
      errorX[j] = fixed[j] ? 0 : rx[j] + shift * correctionX[j];
      scale = Math.max(scale, Math.abs(rx[j]));
    }
    for (let k = 0; k < values.length; k++) {
      const i = unique.rows[k];
      const j = unique.cols[k];
      if (i >= n || hessianPart[k] === 0) continue;
      errorX[i] += hessianPart[k] * correctionX[j];
      if (i !== j) errorX[j] += hessianPart[k] * correctionX[i];
    }
    for (let i = 0; i < m; i++) {
      errorC[i] = c[i];
      scaleC = Math.max(scaleC, Math.abs(c[i]));
    }
    for (let k = 0; k < jac.rows.length; k++) {
      const j = jac.cols[k];
      if (fixed[j]) continue;
      const i = jac.rows[k];
      errorX[j] += jacobianNow[k] * correctionY[i];
      errorC[i] += jacobianNow[k] * correctionX[j];
    }
    let worst = 0;
    let worstC = 0;
    for (let j = 0; j < n; j++) {
      if (fixed[j]) errorX[j] = 0;
      worst = Math.max(worst, Math.abs(errorX[j]));
    }
    for (let i = 0; i < m; i++) {
      // Slack rows: J dx + c - (dy - r_s)/Sigma must vanish; as an error in c.
      errorS[i] = 0;
      if (!equality[i]) errorC[i] -= (correctionY[i] - slackRhs[i]) / Math.max(slackSigmaNow[i], 1e-20);
      else if (dualShift > DUAL_SHIFT) errorC[i] -= dualShift * correctionY[i];
      worstC = Math.max(worstC, Math.abs(errorC[i]));
    }
    return Math.max(Math.max(worst, worstC) / Math.max(scale, scaleC), (1e-7 * worstC) / scaleC);
  };

  return {
    equality,
    fixed,
    get shift() {
      return shift;
    },
    factorise(jacobian, hessian, sigma, slackSigma) {
      jacobianNow = jacobian as Float64Array<ArrayBuffer>;
      slackSigmaNow = slackSigma as Float64Array<ArrayBuffer>;
      plain.fill(0);
      if (hessian)
        for (let k = 0; k < nh; k++)
          if (!fixed[p.hessian.rows[k]] && !fixed[p.hessian.cols[k]]) plain[slot[k]] += hessian[k];
      for (let j = 0; j < n; j++) plain[diagonal[j]] += fixed[j] ? 1 : sigma[j];
      hessianPart.set(plain);
      for (let q = 0; q < placed.length; q++) {
        const k = placed[q];
        if (!fixed[jac.cols[k]]) plain[slot[nh + n + q]] += jacobian[k];
      }
      for (let q = 0; q < pairRow.length; q++) {
        const a = pairA[q];
        const b = pairB[q];
        if (fixed[jac.cols[a]] || fixed[jac.cols[b]]) continue;
        // Off the diagonal every pair stands once in a row; two entries of one column give twice the product.
        const twice = a !== b && jac.cols[a] === jac.cols[b] ? 2 : 1;
        plain[pairAt[q]] += twice * slackSigma[pairRow[q]] * jacobian[a] * jacobian[b];
      }
      for (let q = 0; q < rowDiagonal.length; q++) {
        const i = rowDiagonal[q];
        if (!equality[i]) plain[rowDiagonalAt[q]] -= 1 / Math.max(slackSigma[i], 1e-20);
      }
      dualShift = DUAL_SHIFT;
      shift = 0;
      for (let attempt = 0; attempt < 40; attempt++) {
        values.set(plain);
        for (let j = 0; j < n; j++) values[diagonal[j]] += shift;
        for (let q = 0; q < rowDiagonal.length; q++) values[rowDiagonalAt[q]] -= dualShift;
        factorize(factor, values, 1e-13);
        const right = factor.negative === negatives && factor.lifted === 0;
        if (right) {
          if (shift > 0) lastShift = shift;
          return true;
        }
        if (factor.lifted > 0 && factor.negative === negatives && dualShift === DUAL_SHIFT) {
          dualShift = DUAL_SHIFT_SINGULAR;
          continue;
        }
        if (factor.lifted > 0) dualShift = DUAL_SHIFT_SINGULAR;
        if (shift === 0) shift = lastShift === 0 ? 1e-4 : Math.max(1e-20, lastShift / 3);
        else shift *= lastShift === 0 ? 100 : 8;
        if (shift > 1e40) break;
      }
      return false;
    },
    solve(rx, c, slackRhs, dx, dy) {
      dx.fill(0);
      dy.fill(0);
      errorX.set(rx);
      errorC.set(c);
      for (let i = 0; i < m; i++) errorS[i] = equality[i] ? 0 : slackRhs[i];
      let before = Number.POSITIVE_INFINITY;
      // Refined against the system before condensation, whose entries do not drown in the slacks' large weights.
      for (let step = 0; step < 10; step++) {
        condensedSolve();
        for (let j = 0; j < n; j++) correctionX[j] += dx[j];
        for (let i = 0; i < m; i++) correctionY[i] += dy[i];
        const now = fullResidual(rx, c, slackRhs);
        if (!(now < before)) break;
        dx.set(correctionX);
        dy.set(correctionY);
        before = now;
        if (now < 1e-10) break;
      }
      return before;
    },
  };
}
