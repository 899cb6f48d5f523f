// Our interior point behind the solver port: nothing to install. Models are solved anew each time.
import { solveQuadratic } from './interior-quadratic.ts';
import type { LinearModel, LinearSolver, OpenModel, SolverOptions } from './linear-model.ts';

/** Solves linear and convex quadratic models; whole-number columns are refused, options do nothing. */
export const interiorSolver: LinearSolver = {
  name: 'interior point',
  solve: (model: LinearModel, _options?: SolverOptions) => solveQuadratic(model),
  open(model: LinearModel): OpenModel {
    const own = {
      ...model,
      cost: model.cost.slice(),
      rowLower: model.rowLower.slice(),
      rowUpper: model.rowUpper.slice(),
      columnLower: model.columnLower.slice(),
      columnUpper: model.columnUpper.slice(),
    };
    let current: LinearModel = own;
    return {
      solve: () => solveQuadratic(current),
      setRow(row, lower, upper) {
        current.rowLower[row] = lower;
        current.rowUpper[row] = upper;
      },
      setColumn(column, lower, upper) {
        current.columnLower[column] = lower;
        current.columnUpper[column] = upper;
      },
      setCost(column, cost) {
        current.cost[column] = cost;
      },
      addRow(lower, upper, indices, values) {
        current = {
          ...current,
          rows: current.rows + 1,
          rowLower: Float64Array.from([...current.rowLower, lower]),
          rowUpper: Float64Array.from([...current.rowUpper, upper]),
          starts: Int32Array.from([...current.starts, current.values.length + values.length]),
          indices: Int32Array.from([...current.indices, ...indices]),
          values: Float64Array.from([...current.values, ...values]),
        };
        return current.rows - 1;
      },
      close() {},
    };
  },
};
