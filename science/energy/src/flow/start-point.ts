// First points of a power flow.
import { smoothStart } from '../opf/start.ts';
import { dcFlows, dcNetwork } from './direct.ts';
import type { NewtonSpace } from './newton.ts';
import type { FlowPlan } from './prepare.ts';

/**
 * 'case': the file's voltages; 'flat': held voltages, else 1, and no angles; 'estimate': voltages that respect taps, angles that respect
 * phase shifters and carry the scheduled power.
 */
export type FlowStart = 'case' | 'flat' | 'estimate';

/** Sets injections and kinds to the plan's, voltages and angles to the start's. */
export function startPoint(plan: FlowPlan, s: NewtonSpace, kind: FlowStart): void {
  const { grid } = plan;
  const { order } = plan.plan;
  s.p.set(plan.p);
  s.q.set(plan.q);
  s.kind.set(plan.kind);
  s.voltage.set(plan.voltage);
  const smooth = kind === 'estimate' ? smoothStart(grid) : undefined;
  const direct = kind === 'estimate' ? dcFlows(dcNetwork(grid, 'powermodels')).angleDegree : undefined;
  for (let k = 0; k < order.length; k++) {
    const i = order[k];
    const degree = smooth && direct && plan.kind[k] !== 3 ? direct[i] : grid.buses.angleDegree[i];
    s.angle[k] = kind !== 'flat' || plan.kind[k] === 3 ? (degree * Math.PI) / 180 : 0;
    if (smooth && plan.kind[k] !== 3) s.angle[k] += smooth.angle[i];
    if (plan.kind[k] === 1) {
      if (kind === 'flat') s.voltage[k] = 1;
      else if (smooth) s.voltage[k] = smooth.voltage[i];
    }
  }
}
