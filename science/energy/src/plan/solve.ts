// Solves a plan, checks the answer without the solver, and names the result: capacities, dispatch, prices, the price of each cap.
import {
  check,
  interiorSolver,
  type LinearModel,
  type LinearSolver,
  type ModelSolution,
  type SolverOptions,
} from '@madang/numerics';
import { NOMINAL } from './attributes.ts';
import { componentsOf, numberOf } from './network.ts';
import type { PlanProgram } from './program.ts';

export interface PlanResult {
  readonly status: ModelSolution['status'];
  readonly detail: string;
  /** Cost of new capacity and operation, less the cost of what exists (PyPSA's objective). */
  readonly objective: number;
  /** Proven lower bound and the fraction that may be missing to the optimum. */
  readonly bound: number;
  readonly gap: number;
  /** Largest violation of a row or bound, found by the independent checker. */
  readonly primalViolation: number;
  /** list -> name -> capacity (MW, MVA or MWh): chosen or given. */
  readonly capacities: Readonly<Record<string, ReadonlyMap<string, number>>>;
  /** bus -> price per snapshot; empty for mixed-integer plans. */
  readonly prices: ReadonlyMap<string, Float64Array>;
  /** Price of each global constraint: what one unit more would save. */
  readonly shadowPrices: ReadonlyMap<string, number>;
  /** Price of the first cap on primary energy; NaN without one. */
  readonly co2Price: number;
  readonly x: Float64Array;
  readonly rowDual: Float64Array;
}

/** Solves the program; quadratic costs go to the interior point. */
export function solvePlan(
  program: PlanProgram,
  solver: LinearSolver = interiorSolver,
  options?: SolverOptions,
): PlanResult {
  const chosen = program.model.hessian && !program.model.integer ? interiorSolver : solver;
  return readPlan(program, chosen.solve(program.model, options));
}

/** Names a solver's answer. */
export function readPlan(program: PlanProgram, solution: ModelSolution): PlanResult {
  const { network, model, blocks } = program;
  const T = network.time.count;
  const { solved, answer } = provenAnswer(model, solution);
  const capacities: Record<string, Map<string, number>> = {};
  for (const [list, attribute] of Object.entries(NOMINAL)) {
    const c = componentsOf(network, list);
    if (c.names.length === 0) continue;
    capacities[list] = new Map(
      c.names.map((n, i) => [
        n,
        solved && blocks[list].nominal[i] >= 0 ? solution.x[blocks[list].nominal[i]] : numberOf(c, attribute, i),
      ]),
    );
  }
  const haveDuals = solved && solution.rowDual.length === model.rows;
  const prices = new Map<string, Float64Array>();
  const shadowPrices = new Map<string, number>();
  if (haveDuals) {
    for (const [i, name] of componentsOf(network, 'buses').names.entries())
      prices.set(
        name,
        Float64Array.from({ length: T }, (_, t) => solution.rowDual[program.balance + i * T + t] / program.weight[t]),
      );
    for (const [name, row] of program.globalRows) shadowPrices.set(name, 0 - solution.rowDual[row]);
  }
  const globals = componentsOf(network, 'global_constraints');
  const capName =
    [...program.globalRows.keys()].find(n => {
      const i = globals.names.indexOf(n);
      return i < 0 || (globals.columns['type']?.[i] ?? 'primary_energy') === 'primary_energy';
    }) ?? '';
  return {
    ...answer,
    capacities,
    prices,
    shadowPrices,
    co2Price: shadowPrices.get(capName) ?? Number.NaN,
    x: solution.x,
    rowDual: solution.rowDual,
  };
}

/** What a solver's answer is worth, recomputed without it: objective and violation from the values, the bound from the duals (or, with whole numbers, its own). */
export function provenAnswer(model: LinearModel, solution: ModelSolution) {
  const solved = solution.x.length === model.columns && (solution.status === 'optimal' || solution.status === 'limit');
  const checked = solved ? check(model, solution.x, solution.rowDual) : undefined;
  const objective = checked?.objective ?? Number.NaN;
  const bound = (model.integer && solved ? solution.bound : checked?.bound) ?? Number.NEGATIVE_INFINITY;
  return {
    solved,
    answer: {
      status: solution.status,
      detail: solution.detail,
      objective,
      bound,
      gap: Math.max(0, objective - bound) / Math.max(1, Math.abs(objective)),
      primalViolation: checked?.primalViolation ?? Number.NaN,
    },
  };
}
