// HiGHS (WebAssembly) behind the solver port of @madang/numerics. Loading it once takes about 0.1 s and 60 MB; keep the loaded solver.
// Traps: native models must be closed; a native error is thrown; the library prints unless output_flag is off.
import type { LinearModel, LinearSolver, ModelSolution, ModelStatus, OpenModel, SolverOptions } from '@madang/numerics';
import highsModule, { type Highs, type Model, type ModelData } from 'highs';

/** The package's types describe its CommonJS face, where the loader is `default`; its ES module exports the loader itself. */
const loadHighs = highsModule as unknown as typeof highsModule.default;

let loaded: Promise<LinearSolver> | undefined;

/** Loads HiGHS on the first call. */
export function highsSolver(): Promise<LinearSolver> {
  loaded ??= loadHighs().then(bind);
  return loaded;
}

function bind(highs: Highs): LinearSolver {
  const open = (model: LinearModel): OpenModel => {
    const native = highs.createModel(toNative(model));
    native.options.set({ output_flag: false });
    let rows = model.rows;
    return {
      solve: options => run(highs, native, model, options),
      setRow: (row, lower, upper) => void native.changeRowBounds(row, lower, upper),
      setColumn: (column, lower, upper) => void native.changeColBounds(column, lower, upper),
      setCost: (column, cost) => void native.changeColCost(column, cost),
      addRow(lower, upper, indices, values) {
        native.addRow(lower, upper, { indices: [...indices], values: [...values] });
        return rows++;
      },
      close: () => native.dispose(),
    };
  };
  return {
    name: 'HiGHS',
    open,
    solve(model, options) {
      const m = open(model);
      try {
        return m.solve(options);
      } finally {
        m.close();
      }
    },
  };
}

function toNative(model: LinearModel): ModelData {
  const h = model.hessian;
  return {
    numCols: model.columns,
    numRows: model.rows,
    offset: model.offset,
    colCost: model.cost,
    colLower: model.columnLower,
    colUpper: model.columnUpper,
    rowLower: model.rowLower,
    rowUpper: model.rowUpper,
    matrix: {
      format: 'csr',
      numRows: model.rows,
      numCols: model.columns,
      starts: model.starts,
      indices: model.indices,
      values: model.values,
    },
    ...(model.integer ? { integrality: Int32Array.from(model.integer) } : {}),
    ...(h
      ? { hessian: { format: 'triangular' as const, dimension: model.columns, ...triangle(model.columns, h) } }
      : {}),
  } satisfies ModelData;
}

/** Coordinates of the lower triangle as columns, repeats summed. */
function triangle(n: number, h: NonNullable<LinearModel['hessian']>) {
  const byColumn: Map<number, number>[] = Array.from({ length: n }, () => new Map());
  for (let k = 0; k < h.values.length; k++)
    byColumn[h.cols[k]].set(h.rows[k], (byColumn[h.cols[k]].get(h.rows[k]) ?? 0) + h.values[k]);
  const starts = new Int32Array(n + 1);
  const indices: number[] = [];
  const values: number[] = [];
  for (let j = 0; j < n; j++) {
    for (const [i, v] of [...byColumn[j]].sort((a, b) => a[0] - b[0])) {
      indices.push(i);
      values.push(v);
    }
    starts[j + 1] = indices.length;
  }
  return { starts, indices: Int32Array.from(indices), values: Float64Array.from(values) };
}

/** True when no column can lower the objective without end. */
function boundedBelow(model: LinearModel): boolean {
  if (model.hessian) return false;
  for (let j = 0; j < model.columns; j++) {
    const c = model.cost[j];
    if (c !== 0 && !Number.isFinite(c > 0 ? model.columnLower[j] : model.columnUpper[j])) return false;
  }
  return true;
}

function run(highs: Highs, native: Model, model: LinearModel, options: SolverOptions = {}): ModelSolution {
  const none = new Float64Array(0);
  const method = options.method ?? 'choose';
  native.options.set({
    time_limit: options.seconds ?? 1e9,
    mip_rel_gap: options.mipGap ?? 1e-6,
    solver: model.integer || model.hessian ? 'choose' : method === 'interior' ? 'ipm' : method,
  });
  let failure = '';
  try {
    native.run();
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  const s = highs.constants.modelStatus;
  let code = native.getModelStatus();
  const again = (change: Partial<Record<'presolve' | 'solver', string>>) => {
    native.options.set(change);
    try {
      native.run();
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    native.options.set({ presolve: 'choose' });
    code = native.getModelStatus();
  };
  // Presolve could not tell the two apart. Costs that are bounded by the columns' limits settle it at once; else the simplex method can.
  if (!failure && code === s.unboundedOrInfeasible) {
    if (boundedBelow(model)) code = s.infeasible;
    else again({ presolve: 'off' });
  }
  // The simplex method may give up without a word on a program that is barely infeasible; the interior point tells.
  const said: readonly number[] = [s.optimal, s.infeasible, s.unbounded, s.unboundedOrInfeasible, s.timeLimit];
  if (!failure && !model.integer && !model.hessian && method === 'choose' && !said.includes(code))
    again({ solver: 'ipm' });
  const status: ModelStatus = failure
    ? 'failed'
    : code === s.optimal
      ? 'optimal'
      : code === s.infeasible
        ? 'infeasible'
        : code === s.unbounded || code === s.unboundedOrInfeasible
          ? 'unbounded'
          : code === s.timeLimit
            ? 'limit'
            : 'failed';
  if (status !== 'optimal' && status !== 'limit')
    return {
      status,
      detail: failure || `HiGHS: model status ${code}`,
      objective: Number.NaN,
      x: none,
      rowDual: none,
      columnDual: none,
    };
  const out = native.getSolution();
  const whole = model.integer !== undefined;
  return {
    status,
    detail: status === 'limit' ? 'the time limit was reached' : '',
    objective: native.getObjectiveValue(),
    x: Float64Array.from(out.colValue),
    rowDual: whole ? none : Float64Array.from(out.rowDual),
    columnDual: whole ? none : Float64Array.from(out.colDual),
    ...(whole ? { bound: Number(native.info.get('mip_dual_bound')) } : {}),
  };
}
