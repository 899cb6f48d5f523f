// The form of a nonlinear program with sparse first and second derivatives: min f(x), low <= g(x) <= high, lower <= x <= upper.

export interface Pattern {
  readonly rows: Int32Array;
  readonly cols: Int32Array;
}

export interface NonlinearProgram {
  readonly variables: number;
  readonly constraints: number;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Equal values make an equality. */
  readonly constraintLower: Float64Array;
  readonly constraintUpper: Float64Array;
  readonly start: Float64Array;
  objective(x: Float64Array): number;
  gradient(x: Float64Array, out: Float64Array): void;
  values(x: Float64Array, out: Float64Array): void;
  /** Coordinates of dg_i/dx_j; repeats are summed. */
  readonly jacobian: Pattern;
  jacobianValues(x: Float64Array, out: Float64Array): void;
  /** Coordinates of one triangle of the Hessian of factor f + sum multipliers_i g_i; repeats are summed. */
  readonly hessian: Pattern;
  hessianValues(x: Float64Array, factor: number, multipliers: Float64Array, out: Float64Array): void;
  /** Optional group of each variable and then of each constraint: what belongs together is pivoted together. */
  readonly groups?: Int32Array;
}

export interface NonlinearOptions {
  /** Scaled optimality tolerance; default 1e-8. */
  readonly tolerance?: number;
  readonly iterations?: number;
  /** First barrier parameter; default 0.1. */
  readonly barrier?: number;
  /** Inside a restoration: no further restoration is begun. */
  readonly nested?: boolean;
  /** Called after every iteration, for progress; return false to stop. */
  readonly watch?: (
    iteration: number,
    objective: number,
    infeasibility: number,
    optimality: number,
    barrier: number,
    x: Float64Array,
  ) => boolean | undefined;
}

export interface NonlinearSolution {
  readonly status: 'optimal' | 'infeasible' | 'limit' | 'failed';
  readonly detail: string;
  readonly objective: number;
  readonly x: Float64Array;
  /** Multiplier of each constraint: gradient f + J'y - zLower + zUpper = 0. */
  readonly multipliers: Float64Array;
  readonly lowerMultipliers: Float64Array;
  readonly upperMultipliers: Float64Array;
  /** Largest violation of a constraint, relative to its limit where that is above 1. */
  readonly infeasibility: number;
  readonly iterations: number;
}
