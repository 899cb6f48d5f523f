// Solves the DC optimal power flow with a given solver, checks the answer independently, and splits its prices.
import { check, interiorSolver, type LinearSolver, type ModelSolution } from '@madang/numerics';
import type { Grid } from '../grid/network.ts';
import { buildDcModel, type DcForm, type DcModel } from './dc-model.ts';
import { dcViolations } from './dc-violations.ts';
import type { OpfResult } from './result.ts';

export interface DcOptions {
  readonly form: DcForm;
  /** Default: our interior point. A quadratic cost always goes to the interior point, which is sure where active-set methods fail. */
  readonly solver?: LinearSolver;
}

/** Optimal DC power flow of a grid. Infeasible is an answer with the violated limits, not an error. */
export function solveDcOpf(grid: Grid, options: DcOptions): OpfResult {
  const dc = buildDcModel(grid, options.form);
  const solver = dc.model.hessian ? interiorSolver : (options.solver ?? interiorSolver);
  let solution = solver.solve(dc.model);
  let checked = check(dc.model, solution.x, solution.rowDual);
  if (solution.status === 'failed' && solver !== interiorSolver) {
    solution = interiorSolver.solve(dc.model);
    checked = check(dc.model, solution.x, solution.rowDual);
  }
  if (solution.status === 'failed' && solver === interiorSolver && options.solver) {
    // A quadratic program that rounding got the better of: the given solver may still take it.
    const second = options.solver.solve(dc.model);
    if (second.status === 'optimal') {
      solution = second;
      checked = check(dc.model, solution.x, solution.rowDual);
    }
  }
  if (solution.status !== 'optimal') return refused(grid, dc, solution, options.solver ?? interiorSolver);
  const price = prices(grid, dc, solution);
  const flow = Float64Array.from({ length: grid.branches.count }, (_, k) => solution.x[dc.flow + k] * grid.baseMva);
  const scale = Math.max(1, Math.abs(checked.objective));
  return {
    ...emptyResult(grid, `dc-${options.form}`),
    status: 'optimal',
    detail: solver.name,
    cost: checked.objective,
    bound: checked.bound,
    gap: Math.max(0, checked.objective - checked.bound) / scale,
    angleDegree: Float64Array.from({ length: grid.buses.count }, (_, i) => (solution.x[dc.angle + i] * 180) / Math.PI),
    powerMw: Float64Array.from({ length: grid.generators.count }, (_, g) => solution.x[dc.power + g] * grid.baseMva),
    dcLineMw: Float64Array.from({ length: grid.dcLines.count }, (_, k) => solution.x[dc.dcPower + k] * grid.baseMva),
    flowFromMw: flow,
    flowToMw: flow.map(f => -f),
    ...price,
    primalViolation: checked.primalViolation,
  };
}

/** Prices are the balances' duals; energy is the price at the island's reference, the rest is congestion (there are no losses in DC). */
function prices(grid: Grid, dc: DcModel, solution: ModelSolution) {
  const n = grid.buses.count;
  const priceMwh = Float64Array.from({ length: n }, (_, i) => solution.rowDual[dc.balance + i] / grid.baseMva);
  const energyPriceMwh = Float64Array.from(
    { length: n },
    (_, i) => priceMwh[grid.islands[grid.islandOf[i]].references[0]],
  );
  return { priceMwh, energyPriceMwh, congestionPriceMwh: priceMwh.map((p, i) => p - energyPriceMwh[i]) };
}

export function emptyResult(grid: Grid, model: OpfResult['model']): OpfResult {
  const buses = () => new Float64Array(grid.buses.count);
  const branches = () => new Float64Array(grid.branches.count);
  return {
    model,
    status: 'failed',
    detail: '',
    cost: Number.NaN,
    bound: Number.NEGATIVE_INFINITY,
    gap: Number.POSITIVE_INFINITY,
    iterations: 0,
    voltagePu: buses().fill(1),
    angleDegree: buses(),
    powerMw: new Float64Array(grid.generators.count),
    reactiveMvar: new Float64Array(grid.generators.count),
    dcLineMw: new Float64Array(grid.dcLines.count),
    flowFromMw: branches(),
    flowFromMvar: branches(),
    flowToMw: branches(),
    flowToMvar: branches(),
    priceMwh: buses(),
    energyPriceMwh: buses(),
    congestionPriceMwh: buses(),
    lossPriceMwh: buses(),
    violations: [],
    primalViolation: Number.NaN,
  };
}

/** Infeasible with the limits that must give way, or failed. */
function refused(grid: Grid, dc: DcModel, solution: ModelSolution, solver: LinearSolver): OpfResult {
  const base = emptyResult(grid, `dc-${dc.form}`);
  if (solution.status !== 'infeasible' && solution.status !== 'failed')
    return { ...base, detail: `${solution.status}: ${solution.detail}` };
  // The interior point finds the least violation of thousands of buses in a second or two, a simplex method in half a minute.
  const violations = dcViolations(grid, dc.form, interiorSolver) ?? dcViolations(grid, dc.form, solver) ?? [];
  if (solution.status === 'failed' && violations.length === 0) return { ...base, detail: `failed: ${solution.detail}` };
  const worst = violations[0];
  return {
    ...base,
    status: 'infeasible',
    detail: worst ? `cannot be met: ${worst.what} by ${worst.by.toPrecision(4)} ${worst.unit}` : solution.detail,
    violations,
  };
}
