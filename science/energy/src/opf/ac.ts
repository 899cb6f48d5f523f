// Solves the AC optimal power flow, proves how far it can be from the optimum, and explains what cannot be met.
import { leastViolation, type NonlinearSolution, solveNonlinear } from '@madang/numerics';
import { admittances, branchFlows } from '../grid/admittance.ts';
import { costAt } from '../grid/cost.ts';
import type { Grid } from '../grid/network.ts';
import type { AcStart } from './ac-bounds.ts';
import { rowName } from './ac-layout.ts';
import { type AcModel, buildAcModel } from './ac-model.ts';
import { emptyResult } from './dc.ts';
import { marginalLosses } from './marginal-losses.ts';
import { rectangularStart } from './rectangular-start.ts';
import type { OpfResult, Violation } from './result.ts';
import { socBound } from './soc-bound.ts';
import { smoothStart } from './start.ts';

export interface AcOptions {
  /** Solve the cone relaxation for a proven bound; default true. */
  readonly bound?: boolean;
  /**
   * First point: 'smooth' (voltages and angles that respect taps and shifters), 'rectangular' (the network equations with the injections as
   * currents), 'case' (the file's voltages), 'flat' (1 per unit, no angles). The others are tried when it fails.
   */
  readonly start?: StartKind;
  /** Called after every iteration; return false to stop. */
  readonly watch?: (iteration: number, costPerHour: number, infeasibility: number) => boolean | undefined;
}

export type StartKind = 'smooth' | 'rectangular' | 'case' | 'flat';

/** Optimal AC power flow of a grid. */
export function solveAcOpf(grid: Grid, options: AcOptions = {}): OpfResult {
  const first = options.start ?? 'smooth';
  const order: StartKind[] = [first, ...(['smooth', 'rectangular', 'case', 'flat'] as const).filter(k => k !== first)];
  let best: Attempt | undefined;
  const attempt = (model: AcModel): boolean => {
    const answer = solveNonlinear(model.program, {
      tolerance: 1e-7,
      // Large congested grids take several hundred iterations from the best start; from the others that is not worth while.
      iterations: best ? 300 : 600,
      ...(options.watch ? { watch: (i: number, f: number, v: number) => options.watch?.(i, f, v) } : {}),
    });
    if (!best || answer.status === 'optimal' || answer.infeasibility < best.answer.infeasibility)
      best = { model, answer };
    return answer.status === 'optimal' || answer.detail === 'stopped';
  };
  const done = order.some(kind => attempt(buildAcModel(grid, startOf(grid, kind))));
  if (!done) best = settled(best, start => attempt(start)) ?? best;
  if (!best) throw new TypeError('unreachable: at least one start is tried');
  return report(grid, best.model, best.answer, options.bound !== false);
}

interface Attempt {
  readonly model: AcModel;
  readonly answer: NonlinearSolution;
}

/**
 * Tells a case that cannot be met from a search that lost its way: from the least violated point there is either none left, which is the
 * answer, or another search.
 */
function settled(best: Attempt | undefined, attempt: (from: AcModel) => void): Attempt | undefined {
  if (!best || best.answer.status === 'infeasible') return undefined;
  const { model, answer } = best;
  const left = leastViolation(model.program, answer.x);
  if (!left.settled) return undefined;
  if (left.worst <= 1e-5) {
    attempt({ ...model, program: { ...model.program, start: left.x } });
    return undefined;
  }
  const detail = `the constraints cannot be met together: the violation stays at ${left.worst.toExponential(2)}`;
  return { model, answer: { ...answer, x: left.x, status: 'infeasible', infeasibility: left.worst, detail } };
}

function startOf(grid: Grid, kind: StartKind): AcStart | undefined {
  const { buses } = grid;
  if (kind === 'smooth') return smoothStart(grid);
  if (kind === 'rectangular') return rectangularStart(grid);
  if (kind === 'flat') return undefined;
  return {
    voltage: Float64Array.from(buses.voltagePu, (v, i) =>
      Math.min(Math.max(v, buses.voltageMinPu[i]), buses.voltageMaxPu[i]),
    ),
    angle: Float64Array.from(buses.angleDegree, (a, i) => {
      const reference = grid.islands[grid.islandOf[i]].references[0];
      return ((a - buses.angleDegree[reference]) * Math.PI) / 180;
    }),
  };
}

function report(grid: Grid, model: AcModel, answer: NonlinearSolution, wantBound: boolean): OpfResult {
  const { buses, generators, dcLines, baseMva } = grid;
  const { x, multipliers } = answer;
  const slice = (at: number, n: number, scale = 1) => Float64Array.from({ length: n }, (_, k) => x[at + k] * scale);
  const angle = slice(model.angle, buses.count);
  const voltage = slice(model.voltage, buses.count);
  const power = slice(model.power, generators.count);
  const reactive = slice(model.reactive, generators.count);
  const flows = branchFlows(grid.branches, admittances(grid.branches), angle, voltage);
  const inMw = (a: Float64Array) => a.map(v => v * baseMva);
  const base: OpfResult = {
    ...emptyResult(grid, 'ac'),
    status: answer.status === 'limit' ? 'failed' : answer.status,
    detail: answer.detail,
    iterations: answer.iterations,
    voltagePu: voltage,
    angleDegree: angle.map(a => (a * 180) / Math.PI),
    powerMw: inMw(power),
    reactiveMvar: inMw(reactive),
    dcLineMw: slice(model.dcPower, dcLines.count, baseMva),
    flowFromMw: inMw(flows.pf),
    flowFromMvar: inMw(flows.qf),
    flowToMw: inMw(flows.pt),
    flowToMvar: inMw(flows.qt),
    primalViolation: answer.infeasibility,
  };
  if (answer.status !== 'optimal') return { ...base, violations: violationsOf(grid, model, x) };
  let cost = 0;
  for (let g = 0; g < generators.count; g++) cost += costAt(generators.cost[g], base.powerMw[g]);
  for (let g = 0; g < generators.reactiveCost.length; g++)
    cost += costAt(generators.reactiveCost[g], base.reactiveMvar[g]);
  for (let d = 0; d < dcLines.count; d++) cost += costAt(dcLines.cost[d], base.dcLineMw[d]);
  const bound = wantBound
    ? socBound(grid, {
        voltage,
        power,
        reactive,
        loading: loadings(grid, flows),
        apparent: flows.pf.map((p, k) => Math.hypot(p, flows.qf[k])),
      }).bound
    : Number.NEGATIVE_INFINITY;
  return {
    ...base,
    cost,
    bound,
    gap: (cost - bound) / Math.max(1e-9, Math.abs(cost)),
    ...prices(grid, model, multipliers, angle, voltage),
  };
}

/**
 * Prices at the buses and their parts. Energy: the price at the island's reference. Loss: the energy price times the marginal losses of
 * the bus, taken in the operating point with voltages held. Congestion (and binding voltages): the rest.
 */
function prices(grid: Grid, model: AcModel, multipliers: Float64Array, angle: Float64Array, voltage: Float64Array) {
  const n = grid.buses.count;
  // Balance rows are load + outflow - generation = 0: their multiplier is the price per unit.
  const priceMwh = Float64Array.from({ length: n }, (_, i) => multipliers[model.balanceP + i] / grid.baseMva);
  const energyPriceMwh = Float64Array.from(
    { length: n },
    (_, i) => priceMwh[grid.islands[grid.islandOf[i]].references[0]],
  );
  const loss = marginalLosses(grid, angle, voltage);
  const lossPriceMwh = energyPriceMwh.map((p, i) => p * loss[i]);
  return {
    priceMwh,
    energyPriceMwh,
    lossPriceMwh,
    congestionPriceMwh: priceMwh.map((p, i) => p - energyPriceMwh[i] - lossPriceMwh[i]),
  };
}

/** Share of its rating that each branch uses at the busier end; 0 without a rating. */
function loadings(grid: Grid, flows: ReturnType<typeof branchFlows>): Float64Array {
  return Float64Array.from(grid.branches.ratingMva, (rating, k) => {
    const most = Math.max(Math.hypot(flows.pf[k], flows.qf[k]), Math.hypot(flows.pt[k], flows.qt[k]));
    return Number.isFinite(rating) ? (most * grid.baseMva) / rating : 0;
  });
}

function violationsOf(grid: Grid, model: AcModel, x: Float64Array): Violation[] {
  const { program } = model;
  const g = new Float64Array(program.constraints);
  program.values(x, g);
  const out: Violation[] = [];
  for (let i = 0; i < g.length; i++) {
    const amount = Math.max(g[i] - program.constraintUpper[i], program.constraintLower[i] - g[i]);
    if (!(amount > 1e-6)) continue;
    const { what, unit } = rowName(grid, model, i);
    const scale = unit === 'degree' ? 180 / Math.PI : unit === '$/h' ? 1 : grid.baseMva;
    out.push({ what, by: amount * scale, unit });
  }
  return out.sort((a, b) => b.by - a.by);
}
