// The form of a linear, mixed-integer or convex quadratic program, and the port of its solvers.
// min 1/2 x'Qx + c'x + offset,  rowLower <= A x <= rowUpper,  columnLower <= x <= columnUpper.
// Sign of duals: y_i is the change of the optimum per unit that both bounds of row i rise.

/** Rows are stored one after the other (CSR). Bounds may be infinite. */
export interface LinearModel {
  readonly columns: number;
  readonly rows: number;
  readonly cost: Float64Array;
  readonly offset: number;
  readonly columnLower: Float64Array;
  readonly columnUpper: Float64Array;
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
  /** 1 where the column must be a whole number. */
  readonly integer?: Uint8Array;
  /** Lower triangle of Q as coordinates; repeats are summed. */
  readonly hessian?: { readonly rows: Int32Array; readonly cols: Int32Array; readonly values: Float64Array };
}

export type ModelStatus = 'optimal' | 'infeasible' | 'unbounded' | 'limit' | 'failed';

export interface ModelSolution {
  readonly status: ModelStatus;
  /** The solver's own words when the status is not optimal. */
  readonly detail: string;
  readonly objective: number;
  readonly x: Float64Array;
  /** Duals of rows and reduced costs of columns; empty for mixed-integer models. */
  readonly rowDual: Float64Array;
  readonly columnDual: Float64Array;
  /** Proven bound on the optimum, where the solver gives one (mixed-integer). */
  readonly bound?: number;
}

export interface SolverOptions {
  /** Wall-clock limit in seconds. */
  readonly seconds?: number;
  /** Relative gap at which a mixed-integer search may stop. */
  readonly mipGap?: number;
  /** 'simplex', 'interior' or the solver's own choice. */
  readonly method?: 'simplex' | 'interior' | 'choose';
}

/** A model held by a solver: right-hand sides, bounds and costs change, and the next solve starts from the last answer. */
export interface OpenModel {
  solve(options?: SolverOptions): ModelSolution;
  setRow(row: number, lower: number, upper: number): void;
  setColumn(column: number, lower: number, upper: number): void;
  setCost(column: number, cost: number): void;
  /** Appends a row; returns its number. */
  addRow(lower: number, upper: number, indices: readonly number[], values: readonly number[]): number;
  close(): void;
}

/** What a solver must offer; HiGHS is bound to it in the command line. */
export interface LinearSolver {
  readonly name: string;
  solve(model: LinearModel, options?: SolverOptions): ModelSolution;
  open(model: LinearModel): OpenModel;
}
