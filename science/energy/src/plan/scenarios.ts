// Stochastic plans in two stages: capacities are chosen once, operation in every scenario, at the least expected cost; or with a weight on
// what the worst scenarios cost on average to operate (conditional value at risk; Rockafellar and Uryasev, Journal of Risk 2:21, 2000).
// As PyPSA 1.4 states it: limits hold in every scenario, costs of capacity are expected ones and carry no risk.
import { type LinearModel, type LinearSolver, ModelBuilder, type SolverOptions } from '@madang/numerics';
import { EnergyError } from '../error.ts';
import type { PlanProgram } from './program.ts';
import { type PlanResult, provenAnswer, readPlan } from './solve.ts';

export interface Scenario {
  readonly name: string;
  /** Probability; those of all scenarios add up to 1. */
  readonly weight: number;
  readonly program: PlanProgram;
}

/** The objective is expected cost, its operation weighed `1 - omega`, plus `omega` times the mean of the worst `1 - alpha` of operation. */
export interface Risk {
  /** Above 0, below 1. */
  readonly alpha: number;
  /** 0 to 1. */
  readonly omega: number;
}

export interface StochasticResult {
  readonly status: PlanResult['status'];
  readonly detail: string;
  readonly objective: number;
  readonly bound: number;
  readonly gap: number;
  readonly primalViolation: number;
  readonly capacities: PlanResult['capacities'];
  readonly scenarios: readonly ScenarioResult[];
  /** Mean cost of the worst `1 - alpha` of operation; NaN without a risk. */
  readonly conditionalValueAtRisk: number;
}

export interface ScenarioResult {
  readonly name: string;
  readonly weight: number;
  readonly operationCost: number;
  /** Prices that hold if this scenario comes (not weighed with its probability). */
  readonly prices: PlanResult['prices'];
  readonly shadowPrices: PlanResult['shadowPrices'];
  readonly co2Price: number;
}

/** One program from those of all scenarios. */
interface Joint {
  readonly model: LinearModel;
  /** Columns of each scenario's program in the joint one, and its first row there. */
  readonly columns: readonly Int32Array[];
  readonly rows: readonly number[];
  /** Column of the conditional value at risk; -1 without a risk. */
  readonly atRisk: number;
}

/** Solves all scenarios as one program. Throws EnergyError where they do not fit together. */
export function solveScenarios(
  scenarios: readonly Scenario[],
  solver: LinearSolver,
  risk?: Risk,
  options?: SolverOptions,
): StochasticResult {
  const joint = join(scenarios, risk);
  const solution = solver.solve(joint.model, options);
  const { solved, answer } = provenAnswer(joint.model, solution);
  const parts = scenarios.map(({ weight, program }, k) => {
    const x = Float64Array.from(solved ? joint.columns[k] : [], j => solution.x[j]);
    const from = joint.rows[k];
    const rowDual = solution.rowDual.slice(from, from + program.model.rows).map(y => y / weight);
    return readPlan(program, { ...solution, x, rowDual, columnDual: new Float64Array(0) });
  });
  return {
    ...answer,
    capacities: parts[0].capacities,
    conditionalValueAtRisk: solved && joint.atRisk >= 0 ? solution.x[joint.atRisk] : Number.NaN,
    scenarios: scenarios.map(({ name, weight, program }, k) => ({
      name,
      weight,
      operationCost: solved ? operationCost(program, parts[k]) : Number.NaN,
      prices: parts[k].prices,
      shadowPrices: parts[k].shadowPrices,
      co2Price: parts[k].co2Price,
    })),
  };
}

function operationCost(program: PlanProgram, part: PlanResult): number {
  return (
    program.capital.reduce((sum, j) => sum - program.model.cost[j] * part.x[j], part.objective) - program.model.offset
  );
}

function join(scenarios: readonly Scenario[], risk: Risk | undefined): Joint {
  agree(scenarios, risk);
  const b = new ModelBuilder();
  const [{ program: first }] = scenarios;
  const shared = first.capital.map((j, k) => {
    const all = scenarios.map(({ program: { capital, model } }) => ({ model, at: capital[k] }));
    const lower = Math.max(...all.map(({ model, at }) => model.columnLower[at]));
    const upper = Math.min(...all.map(({ model, at }) => model.columnUpper[at]));
    if (lower > upper) throw contradiction(`limits of a capacity leave nothing that holds in all of them`);
    const cost = all.reduce((sum, { model, at }, s) => sum + scenarios[s].weight * model.cost[at], 0);
    return b.column(cost, lower, upper, first.model.integer?.[j] === 1);
  });
  const onMean = 1 - (risk?.omega ?? 0);
  const columns = scenarios.map(({ weight, program: { model, capital } }) => {
    const own = new Int32Array(model.columns).fill(-1);
    for (const [k, j] of capital.entries()) own[j] = shared[k];
    for (let j = 0; j < model.columns; j++)
      if (own[j] < 0)
        own[j] = b.column(
          onMean * weight * model.cost[j],
          model.columnLower[j],
          model.columnUpper[j],
          model.integer?.[j] === 1,
        );
    const q = model.hessian;
    for (let k = 0; k < (q?.values.length ?? 0); k++)
      b.curvature(own[q!.rows[k]], own[q!.cols[k]], weight * q!.values[k]);
    b.offset += weight * model.offset;
    return own;
  });
  const rows = scenarios.map(({ program: { model } }, s) => {
    const from = b.rows;
    for (let i = 0; i < model.rows; i++) {
      b.row(model.rowLower[i], model.rowUpper[i]);
      for (let p = model.starts[i]; p < model.starts[i + 1]; p++) b.term(columns[s][model.indices[p]], model.values[p]);
    }
    return from;
  });
  const atRisk = risk ? addRisk(b, scenarios, columns, risk) : -1;
  return { model: b.build(), columns, rows, atRisk };
}

/** The mean of the worst operation: a threshold, and for each scenario what lies above it. Returns its column. */
function addRisk(b: ModelBuilder, scenarios: readonly Scenario[], columns: readonly Int32Array[], risk: Risk): number {
  const threshold = b.column(0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  const value = b.column(risk.omega, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  const excess = scenarios.map(() => b.column(0, 0, Number.POSITIVE_INFINITY));
  for (const [s, { program }] of scenarios.entries()) {
    const { cost } = program.model;
    const before = new Set(program.capital);
    b.row(0, Number.POSITIVE_INFINITY);
    b.term(excess[s], 1);
    b.term(threshold, 1);
    for (let j = 0; j < cost.length; j++) if (!before.has(j)) b.term(columns[s][j], -cost[j]);
  }
  b.row(0, Number.POSITIVE_INFINITY);
  b.term(value, 1);
  b.term(threshold, -1);
  for (const [s, { weight }] of scenarios.entries()) b.term(excess[s], -weight / (1 - risk.alpha));
  return value;
}

/** Throws where probabilities, first-stage decisions or a risk make no sense. */
function agree(scenarios: readonly Scenario[], risk: Risk | undefined): void {
  const sum = scenarios.reduce((s, { weight }) => s + weight, 0);
  if (scenarios.some(({ weight }) => !(weight > 0)) || Math.abs(sum - 1) > 1e-9)
    throw contradiction(`weights must be above 0 and add up to 1, not ${sum}`);
  const [first] = scenarios;
  const chosen = ({ program }: Scenario) =>
    Object.values(program.blocks).flatMap(b =>
      b.names.filter((_, i) => b.nominal[i] >= 0).map(name => `${b.list} "${name}"`),
    );
  for (const s of scenarios.slice(1)) {
    const [here, there] = [chosen(first), chosen(s)];
    const odd = Array.from({ length: Math.max(here.length, there.length) }, (_, k) => k).find(
      k => here[k] !== there[k],
    );
    if (odd !== undefined)
      throw contradiction(
        `"${first.name}" and "${s.name}" must choose the same capacities in the same order: ${here[odd] ?? 'none'} and ${there[odd] ?? 'none'}`,
      );
    const modules = ({ program: { capital, model } }: Scenario) => capital.map(j => model.integer?.[j] ?? 0).join();
    if (s.program.capital.length !== first.program.capital.length || modules(s) !== modules(first))
      throw contradiction(`modules and curves of capital_cost must be the same in "${first.name}" and "${s.name}"`);
  }
  if (!risk) return;
  if (!(risk.alpha > 0 && risk.alpha < 1)) throw contradiction(`alpha must be above 0 and below 1, not ${risk.alpha}`);
  if (!(risk.omega >= 0 && risk.omega <= 1)) throw contradiction(`omega must be within 0 and 1, not ${risk.omega}`);
  if (scenarios.some(({ program }) => program.model.hessian))
    throw contradiction('a risk and quadratic costs make quadratic limits, which no solver here takes; remove one');
}

function contradiction(what: string): EnergyError {
  return new EnergyError('limits-contradict', `scenarios: ${what}`);
}
