// Many power flows of one network: loads (and generation) change, the plan stays, each starts from the base case's answer. A batch is plain
// data in and out, so that worker threads can take parts of it.
import type { Grid } from '../grid/network.ts';
import { type NewtonOptions, newton, newtonSpace } from './newton.ts';
import { type FlowPlan, preparePowerFlow } from './prepare.ts';
import { startPoint } from './start-point.ts';

export interface BatchResult {
  /** Per case: 1 when it converged, iterations, and the lowest and highest voltage and the losses. */
  readonly converged: Uint8Array;
  readonly iterations: Uint8Array;
  readonly lowestPu: Float64Array;
  readonly highestPu: Float64Array;
  readonly lossMw: Float64Array;
}

/**
 * Solves `count` cases. `loads(case, bus)` gives the factor on the bus's load (real and reactive); generation follows the total so that
 * the reference bus is not left with all of the difference.
 */
export function solveBatch(
  grid: Grid,
  count: number,
  loads: (index: number, bus: number) => number,
  options: NewtonOptions = {},
  plan: FlowPlan = preparePowerFlow(grid),
): BatchResult {
  const s = newtonSpace(plan);
  const base = newtonSpace(plan);
  startPoint(plan, base, 'case');
  newton(plan, base, options);
  const { order, size } = plan.plan;
  const { buses, baseMva } = grid;
  const result: BatchResult = {
    converged: new Uint8Array(count),
    iterations: new Uint8Array(count),
    lowestPu: new Float64Array(count),
    highestPu: new Float64Array(count),
    lossMw: new Float64Array(count),
  };
  let total = 0;
  for (let i = 0; i < buses.count; i++) total += buses.loadMw[i];
  for (let c = 0; c < count; c++) {
    s.kind.set(plan.kind);
    s.angle.set(base.angle);
    s.voltage.set(base.voltage);
    let now = 0;
    for (let k = 0; k < size; k++) {
      const factor = loads(c, order[k]);
      const p = buses.loadMw[order[k]] / baseMva;
      s.p[k] = plan.p[k] - (factor - 1) * p;
      s.q[k] = plan.q[k] - ((factor - 1) * buses.loadMvar[order[k]]) / baseMva;
      now += factor * p * baseMva;
    }
    const follow = total === 0 ? 1 : now / total;
    for (let k = 0; k < size; k++) s.p[k] += (follow - 1) * (plan.p[k] + buses.loadMw[order[k]] / baseMva);
    const run = newton(plan, s, options);
    result.converged[c] = run.converged ? 1 : 0;
    result.iterations[c] = Math.min(255, run.iterations);
    let low = Number.POSITIVE_INFINITY;
    let high = 0;
    let loss = 0;
    for (let k = 0; k < size; k++) {
      low = Math.min(low, s.voltage[k]);
      high = Math.max(high, s.voltage[k]);
      loss += s.pNow[k];
    }
    result.lowestPu[c] = low;
    result.highestPu[c] = high;
    result.lossMw[c] = loss * baseMva;
  }
  return result;
}
