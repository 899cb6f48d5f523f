// The point near a given one at which the rows of a nonlinear program are violated least in sum: what remains says why there is no answer.
import { elasticProgram } from './elastic.ts';
import { solveNonlinear } from './interior-nonlinear.ts';
import type { NonlinearOptions, NonlinearProgram } from './nonlinear-program.ts';

/** `settled`: the violation cannot be brought down locally; false when the iterations ran out. */
export interface LeastViolation {
  readonly settled: boolean;
  readonly x: Float64Array;
  /** Largest violation of a row. */
  readonly worst: number;
}

/** Minimises the sum of violations from the point `from`. */
export function leastViolation(
  program: NonlinearProgram,
  from: Float64Array,
  options: NonlinearOptions = {},
): LeastViolation {
  const inside = from.map((v, j) => {
    const finite = Number.isFinite(v) ? v : program.start[j];
    return Math.min(Math.max(finite, program.lower[j]), program.upper[j]);
  });
  const scale = new Float64Array(program.constraints).fill(1);
  const found = solveNonlinear(elasticProgram(program, scale, inside, 1e-6, 0.1), { tolerance: 1e-6, ...options });
  const x = found.x.slice(0, program.variables);
  const g = new Float64Array(program.constraints);
  program.values(x, g);
  let worst = 0;
  for (let i = 0; i < g.length; i++)
    worst = Math.max(worst, g[i] - program.constraintUpper[i], program.constraintLower[i] - g[i]);
  return { settled: found.status === 'optimal', x, worst };
}
