// What a power flow gives back, with what stands outside its limits.
import { admittances, branchFlows } from '../grid/admittance.ts';
import type { NewtonRun, NewtonSpace } from './newton.ts';
import type { FlowPlan } from './prepare.ts';

export interface FlowResult {
  readonly converged: boolean;
  readonly iterations: number;
  /** Largest mismatch of power at a bus, per unit. */
  readonly mismatchPu: number;
  readonly voltagePu: Float64Array;
  readonly angleDegree: Float64Array;
  readonly flowFromMw: Float64Array;
  readonly flowFromMvar: Float64Array;
  readonly flowToMw: Float64Array;
  readonly flowToMvar: Float64Array;
  /** Generation at each bus that balances the network. */
  readonly generationMw: Float64Array;
  readonly generationMvar: Float64Array;
  readonly lossMw: number;
  /** Bus numbers whose generators stand at a reactive limit. */
  readonly reactiveLimited: readonly number[];
  /** Bus numbers outside their voltage limits, rows of branches above their rating. */
  readonly voltageViolations: readonly number[];
  readonly overloads: readonly number[];
}

export function flowResult(plan: FlowPlan, s: NewtonSpace, run: NewtonRun): FlowResult {
  const { grid } = plan;
  const { buses, branches, baseMva } = grid;
  const { rank } = plan.plan;
  const n = buses.count;
  const angle = Float64Array.from({ length: n }, (_, i) => s.angle[rank[i]]);
  const voltagePu = Float64Array.from({ length: n }, (_, i) => s.voltage[rank[i]]);
  const flows = branchFlows(branches, admittances(branches), angle, voltagePu);
  const inMw = (a: Float64Array) => a.map(v => v * baseMva);
  const voltageViolations: number[] = [];
  for (let i = 0; i < n; i++)
    if (voltagePu[i] > buses.voltageMaxPu[i] + 1e-6 || voltagePu[i] < buses.voltageMinPu[i] - 1e-6)
      voltageViolations.push(buses.number[i]);
  const overloads: number[] = [];
  for (let k = 0; k < branches.count; k++) {
    const most = Math.max(Math.hypot(flows.pf[k], flows.qf[k]), Math.hypot(flows.pt[k], flows.qt[k])) * baseMva;
    if (most > branches.ratingMva[k] * (1 + 1e-6)) overloads.push(branches.row[k]);
  }
  let loss = 0;
  for (let k = 0; k < branches.count; k++) loss += flows.pf[k] + flows.pt[k];
  return {
    converged: run.converged,
    iterations: run.iterations,
    mismatchPu: run.mismatchPu,
    voltagePu,
    angleDegree: angle.map(a => (a * 180) / Math.PI),
    flowFromMw: inMw(flows.pf),
    flowFromMvar: inMw(flows.qf),
    flowToMw: inMw(flows.pt),
    flowToMvar: inMw(flows.qt),
    generationMw: Float64Array.from({ length: n }, (_, i) => s.pNow[rank[i]] * baseMva + buses.loadMw[i]),
    generationMvar: Float64Array.from({ length: n }, (_, i) => s.qNow[rank[i]] * baseMva + buses.loadMvar[i]),
    lossMw: loss * baseMva,
    reactiveLimited: run.limited.map(k => buses.number[plan.plan.order[k]]),
    voltageViolations,
    overloads,
  };
}
