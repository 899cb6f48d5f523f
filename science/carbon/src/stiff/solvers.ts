// The linear equations (I - c J) x = b inside the stiff integrator, as a plain band whose Jacobian is taken by one-sided differences.
import { band, factorBand, solveBand } from './band.ts';

export interface StepSolver {
  /** Takes the Jacobian J at (t, y); false when a derivative is not finite. */
  differentiate(t: number, y: Float64Array): boolean;
  /** Factorises I - c J; false when it is singular. */
  factor(c: number): boolean;
  /** Overwrites x with the solution. */
  solve(x: Float64Array): void;
}

/** For equations whose derivatives depend on `lower` unknowns before and `upper` after their own; `least` is the size below which an unknown counts as so large. */
export function plainSolver(
  n: number,
  { lower, upper }: { readonly lower: number; readonly upper: number },
  derivative: (t: number, y: Float64Array, out: Float64Array) => void,
  least: number,
): StepSolver {
  const jacobian = band(n, lower, upper);
  const lu = band(n, lower, upper);
  const [base, moved, shifted] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const colours = Math.min(n, lower + upper + 1);
  const stepOf = (y: number) => 1.5e-8 * Math.max(Math.abs(y), least);
  return {
    differentiate(t, y) {
      shifted.set(y.subarray(0, n));
      derivative(t, y, base);
      jacobian.data.fill(0);
      for (let first = 0; first < colours; first++) {
        for (let j = first; j < n; j += colours) shifted[j] = y[j] + stepOf(y[j]);
        derivative(t, shifted, moved);
        for (let j = first; j < n; j += colours) {
          const step = shifted[j] - y[j];
          shifted[j] = y[j];
          for (let i = Math.max(0, j - upper); i <= Math.min(n - 1, j + lower); i++) {
            const v = (moved[i] - base[i]) / step;
            if (!Number.isFinite(v)) return false;
            jacobian.data[i * jacobian.width + j - i + lower] = v;
          }
        }
      }
      return true;
    },
    factor(c) {
      const { data, width } = lu;
      for (let i = 0; i < data.length; i++) data[i] = -c * jacobian.data[i];
      for (let i = 0; i < n; i++) data[i * width + lower] += 1;
      return factorBand(lu);
    },
    solve: x => solveBand(lu, x),
  };
}
