// The form of a linear, mixed-integer or convex quadratic program, the port of its solvers, and an independent check of an answer.
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

/** Collects columns and rows into typed arrays; the only place where models grow. */
export class ModelBuilder {
  #columns = 0;
  #rows = 0;
  #entries = 0;
  #cost: Reals = new Float64Array(64);
  #lower: Reals = new Float64Array(64);
  #upper: Reals = new Float64Array(64);
  #integer: Uint8Array | undefined;
  #rowLower: Reals = new Float64Array(64);
  #rowUpper: Reals = new Float64Array(64);
  #starts: Whole = new Int32Array(65);
  #indices: Whole = new Int32Array(256);
  #values: Reals = new Float64Array(256);
  #q: number[] = [];
  offset = 0;

  get columns(): number {
    return this.#columns;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Adds a column; returns its number. */
  column(cost: number, lower: number, upper: number, integer = false): number {
    const j = this.#columns++;
    if (j >= this.#cost.length) {
      const size = larger(j);
      this.#cost = resized(this.#cost, size);
      this.#lower = resized(this.#lower, size);
      this.#upper = resized(this.#upper, size);
    }
    this.#cost[j] = cost;
    this.#lower[j] = lower;
    this.#upper[j] = upper;
    if (integer) {
      if (!this.#integer || this.#integer.length <= j) {
        const next = new Uint8Array(Math.max(64, this.#cost.length));
        if (this.#integer) next.set(this.#integer);
        this.#integer = next;
      }
      this.#integer[j] = 1;
    }
    return j;
  }

  addCost(column: number, cost: number): void {
    this.#cost[column] += cost;
  }

  /** Adds `value` to the curvature: the objective gains 1/2 value x_i x_j (and its mirror when i differs from j). */
  curvature(i: number, j: number, value: number): void {
    this.#q.push(Math.max(i, j), Math.min(i, j), value);
  }

  /** Starts a row; `term` adds to the row last started. Returns its number. */
  row(lower: number, upper: number): number {
    const i = this.#rows++;
    if (i >= this.#rowLower.length) {
      const size = larger(i);
      this.#rowLower = resized(this.#rowLower, size);
      this.#rowUpper = resized(this.#rowUpper, size);
      this.#starts = resizedWhole(this.#starts, size + 1);
    }
    this.#rowLower[i] = lower;
    this.#rowUpper[i] = upper;
    this.#starts[i + 1] = this.#entries;
    return i;
  }

  term(column: number, value: number): void {
    if (value === 0) return;
    if (this.#entries >= this.#values.length) {
      const size = larger(this.#entries);
      this.#values = resized(this.#values, size);
      this.#indices = resizedWhole(this.#indices, size);
    }
    this.#indices[this.#entries] = column;
    this.#values[this.#entries++] = value;
    this.#starts[this.#rows] = this.#entries;
  }

  /** The model. It takes over the builder's memory, so this is the last call. */
  build(): LinearModel {
    const n = this.#columns;
    const m = this.#rows;
    const q = this.#q;
    const integer = this.#integer && new Uint8Array(n);
    if (integer && this.#integer) integer.set(this.#integer.subarray(0, Math.min(n, this.#integer.length)));
    const base = mergeRepeats({
      columns: n,
      rows: m,
      cost: resized(this.#cost, n),
      offset: this.offset,
      columnLower: resized(this.#lower, n),
      columnUpper: resized(this.#upper, n),
      rowLower: resized(this.#rowLower, m),
      rowUpper: resized(this.#rowUpper, m),
      starts: resizedWhole(this.#starts, m + 1),
      indices: resizedWhole(this.#indices, this.#entries),
      values: resized(this.#values, this.#entries),
    });
    return {
      ...base,
      ...(integer ? { integer } : {}),
      ...(q.length > 0
        ? {
            hessian: {
              rows: Int32Array.from({ length: q.length / 3 }, (_, k) => q[3 * k]),
              cols: Int32Array.from({ length: q.length / 3 }, (_, k) => q[3 * k + 1]),
              values: Float64Array.from({ length: q.length / 3 }, (_, k) => q[3 * k + 2]),
            },
          }
        : {}),
    };
  }
}

/** Solvers refuse a column that is twice in a row; sums such entries. */
function mergeRepeats(model: LinearModel): LinearModel {
  const last = new Int32Array(model.columns).fill(-1);
  let write = 0;
  const starts = new Int32Array(model.rows + 1);
  for (let i = 0; i < model.rows; i++) {
    const begin = write;
    for (let p = model.starts[i]; p < model.starts[i + 1]; p++) {
      const j = model.indices[p];
      if (last[j] >= begin) model.values[last[j]] += model.values[p];
      else {
        last[j] = write;
        model.indices[write] = j;
        model.values[write++] = model.values[p];
      }
    }
    starts[i + 1] = write;
  }
  if (write === model.values.length) return model;
  return { ...model, starts, indices: model.indices.slice(0, write), values: model.values.slice(0, write) };
}

type Reals = Float64Array<ArrayBuffer>;
type Whole = Int32Array<ArrayBuffer>;

/** Room for half as many again. */
function larger(size: number): number {
  return size + (size >> 1) + 1;
}

/** The array with another length, its memory moved rather than copied where the system can. */
function resized(a: Reals, size: number): Reals {
  return new Float64Array(a.buffer.transfer(8 * size));
}

function resizedWhole(a: Whole, size: number): Whole {
  return new Int32Array(a.buffer.transfer(4 * size));
}

/** How far from its value an unbounded column is followed when its slope is not quite zero. */
const REACH = 1000;

/** What the checker found. Violations are absolute, in the units of the rows and columns. */
export interface Check {
  readonly objective: number;
  /** Largest violation of a row, a bound or of being whole. */
  readonly primalViolation: number;
  /** Lower bound on the optimum that the duals prove; -Infinity when they prove nothing. */
  readonly bound: number;
  /** (objective - bound) / max(1, |objective|); Infinity without a bound. */
  readonly gap: number;
}

/**
 * Checks an answer without its solver: feasibility of x, and the bound that any y proves by weak duality,
 * min over the box of L(x, y). On an unbounded column a slope
 * within `slack` of its terms' size is rounding: there the bound holds for |x_j| up to a thousand times (1 + its value), not for every x.
 */
export function check(model: LinearModel, x: Float64Array, rowDual: Float64Array, slack = 1e-5): Check {
  let objective = model.offset;
  let violation = 0;
  const slope = Float64Array.from(model.cost);
  /** Sum of the absolute values of what went into a slope: the yardstick of its rounding. */
  const weight = Float64Array.from(model.cost, Math.abs);
  let curved = 0;
  const curvature = new Float64Array(model.columns);
  const q = model.hessian;
  const diagonal = q?.rows.every((i, k) => i === q.cols[k]) ?? true;
  if (q && diagonal)
    for (let k = 0; k < q.values.length; k++) {
      curvature[q.rows[k]] += q.values[k];
      objective += 0.5 * q.values[k] * x[q.rows[k]] ** 2;
    }
  else if (q) {
    for (let k = 0; k < q.values.length; k++) {
      const i = q.rows[k];
      const j = q.cols[k];
      slope[i] += q.values[k] * x[j];
      if (i !== j) slope[j] += q.values[k] * x[i];
      curved += (i === j ? 0.5 : 1) * q.values[k] * x[i] * x[j];
    }
  }
  for (let j = 0; j < model.columns; j++) {
    objective += model.cost[j] * x[j];
    violation = Math.max(violation, model.columnLower[j] - x[j], x[j] - model.columnUpper[j]);
    if (model.integer?.[j]) violation = Math.max(violation, Math.abs(x[j] - Math.round(x[j])));
  }
  objective += curved;
  const haveDuals = rowDual.length === model.rows;
  // By convexity 1/2 x'Qx >= its tangent at the given x; a diagonal Q is minimised column by column instead, exactly.
  let bound = haveDuals ? model.offset - curved : Number.NEGATIVE_INFINITY;
  for (let i = 0; i < model.rows; i++) {
    let activity = 0;
    const side = haveDuals && rowDual[i] > 0 ? model.rowLower[i] : model.rowUpper[i];
    // A dual that leans on a side that is not there proves nothing: the bound is taken without it.
    const y = haveDuals && Number.isFinite(side) ? rowDual[i] : 0;
    for (let p = model.starts[i]; p < model.starts[i + 1]; p++) {
      activity += model.values[p] * x[model.indices[p]];
      slope[model.indices[p]] -= y * model.values[p];
      weight[model.indices[p]] += Math.abs(y * model.values[p]);
    }
    violation = Math.max(violation, model.rowLower[i] - activity, activity - model.rowUpper[i]);
    if (y !== 0) bound += y * side;
  }
  for (let j = 0; j < model.columns && haveDuals; j++) {
    const z = slope[j];
    if (curvature[j] > 0) {
      const at = Math.min(Math.max(-z / curvature[j], model.columnLower[j]), model.columnUpper[j]);
      bound += (0.5 * curvature[j] * at + z) * at;
      continue;
    }
    const side = z > 0 ? model.columnLower[j] : model.columnUpper[j];
    if (Number.isFinite(side)) bound += z * side;
    else if (Math.abs(z) > slack * (1 + weight[j])) bound = Number.NEGATIVE_INFINITY;
    else bound -= Math.abs(z) * REACH * (1 + Math.abs(x[j]));
  }
  if (!Number.isFinite(bound)) bound = Number.NEGATIVE_INFINITY;
  return { objective, primalViolation: violation, bound, gap: (objective - bound) / Math.max(1, Math.abs(objective)) };
}
