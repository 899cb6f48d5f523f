// AC power flow by Newton's method in polar coordinates (Tinney and Hart, IEEE Trans. PAS 86:1449, 1967), with reactive limits: a generator
// bus whose reactive power leaves its limits is held at the limit and its voltage let go.

import type { Grid } from '../grid/grid.ts';
import { factorBlocks, solveBlocks } from './block-lu.ts';
import { type FlowPlan, preparePowerFlow } from './prepare.ts';
import { type FlowResult, flowResult } from './result.ts';

export interface NewtonOptions {
  /** Largest mismatch, per unit; default 1e-8. */
  readonly tolerance?: number;
  readonly iterations?: number;
  /** Hold generators within their reactive limits; default false. */
  readonly reactiveLimits?: boolean;
  /** 'case' starts from the file's voltages, 'flat' from held voltages and no angles; default 'case'. */
  readonly start?: 'case' | 'flat';
}

/** Space that batches reuse. */
export interface NewtonSpace {
  readonly blocks: Float64Array;
  readonly step: Float64Array;
  readonly angle: Float64Array;
  readonly voltage: Float64Array;
  readonly cos: Float64Array;
  readonly sin: Float64Array;
  readonly kind: Uint8Array;
  readonly p: Float64Array;
  readonly q: Float64Array;
  /** Calculated injections of the last point. */
  readonly pNow: Float64Array;
  readonly qNow: Float64Array;
}

export function newtonSpace(plan: FlowPlan): NewtonSpace {
  const n = plan.plan.size;
  const make = () => new Float64Array(n);
  return {
    blocks: new Float64Array(4 * plan.plan.blocks),
    step: new Float64Array(2 * n),
    angle: make(),
    voltage: make(),
    cos: make(),
    sin: make(),
    kind: new Uint8Array(n),
    p: make(),
    q: make(),
    pNow: make(),
    qNow: make(),
  };
}

/** Power flow of a grid. Not converging is a result with `converged: false`. */
export function solvePowerFlow(grid: Grid, options: NewtonOptions = {}): FlowResult {
  const plan = preparePowerFlow(grid);
  const space = newtonSpace(plan);
  startPoint(plan, space, options.start ?? 'case');
  const run = newton(plan, space, options);
  return flowResult(plan, space, run);
}

/** Sets injections and voltages to the plan's. */
export function startPoint(plan: FlowPlan, s: NewtonSpace, kind: 'case' | 'flat'): void {
  const { order } = plan.plan;
  s.p.set(plan.p);
  s.q.set(plan.q);
  s.kind.set(plan.kind);
  s.voltage.set(plan.voltage);
  for (let k = 0; k < order.length; k++) {
    const degree = plan.grid.buses.angleDegree[order[k]];
    s.angle[k] = kind === 'case' || plan.kind[k] === 3 ? (degree * Math.PI) / 180 : 0;
    if (kind === 'flat' && plan.kind[k] === 1) s.voltage[k] = 1;
  }
}

export interface NewtonRun {
  readonly converged: boolean;
  readonly iterations: number;
  readonly mismatchPu: number;
  /** Generator buses (pivot order) that stand at a reactive limit. */
  readonly limited: readonly number[];
}

/** Runs Newton's method from the point in `s`; leaves the answer there. */
export function newton(plan: FlowPlan, s: NewtonSpace, options: NewtonOptions): NewtonRun {
  const tolerance = options.tolerance ?? 1e-8;
  const limit = options.iterations ?? 30;
  const limited: number[] = [];
  let iterations = 0;
  for (let round = 0; ; round++) {
    const found = iterate(plan, s, tolerance, limit);
    iterations += found.iterations;
    if (!found.converged || !options.reactiveLimits || round > 30)
      return { converged: found.converged, iterations, mismatchPu: found.mismatchPu, limited };
    // Generator buses outside their limits become load buses at the limit.
    let changed = 0;
    for (let k = 0; k < plan.plan.size; k++) {
      if (s.kind[k] !== 2) continue;
      const load = plan.grid.buses.loadMvar[plan.plan.order[k]] / plan.grid.baseMva;
      const made = s.qNow[k] + load;
      const low = plan.reactiveMin[k];
      const high = plan.reactiveMax[k];
      if (made > high + 1e-6 || made < low - 1e-6) {
        s.kind[k] = 1;
        s.q[k] = Math.min(Math.max(made, low), high) - load;
        limited.push(k);
        changed += 1;
      }
    }
    if (changed === 0) return { converged: true, iterations, mismatchPu: found.mismatchPu, limited };
  }
}

function iterate(plan: FlowPlan, s: NewtonSpace, tolerance: number, limit: number) {
  const n = plan.plan.size;
  for (let iteration = 0; ; iteration++) {
    assemble(plan, s);
    let worst = 0;
    for (let k = 0; k < n; k++) {
      const dp = s.kind[k] === 3 ? 0 : s.p[k] - s.pNow[k];
      const dq = s.kind[k] === 1 ? s.q[k] - s.qNow[k] : 0;
      s.step[2 * k] = dp;
      s.step[2 * k + 1] = dq;
      const m = Math.max(Math.abs(dp), Math.abs(dq));
      if (!(m <= worst)) worst = m;
    }
    if (worst < tolerance) return { converged: true, iterations: iteration, mismatchPu: worst };
    if (iteration >= limit || !Number.isFinite(worst) || worst > 1e10)
      return { converged: false, iterations: iteration, mismatchPu: worst };
    if (!factorBlocks(plan.plan, s.blocks)) return { converged: false, iterations: iteration, mismatchPu: worst };
    solveBlocks(plan.plan, s.blocks, s.step);
    for (let k = 0; k < n; k++) {
      s.angle[k] += s.step[2 * k];
      s.voltage[k] += s.step[2 * k + 1];
    }
  }
}

/** Injections and Jacobian at the point; rows and columns of held quantities become those of the identity. */
function assemble(plan: FlowPlan, s: NewtonSpace): void {
  const { starts, columns, g, b, block } = plan;
  const { angle, voltage, cos, sin, blocks, kind } = s;
  const n = plan.plan.size;
  blocks.fill(0);
  for (let k = 0; k < n; k++) {
    cos[k] = Math.cos(angle[k]);
    sin[k] = Math.sin(angle[k]);
  }
  for (let i = 0; i < n; i++) {
    const vi = voltage[i];
    const ci = cos[i];
    const si = sin[i];
    const rowP = kind[i] !== 3;
    const rowQ = kind[i] === 1;
    let sumP = 0;
    let sumQ = 0;
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      const j = columns[e];
      const c = ci * cos[j] + si * sin[j];
      const d = si * cos[j] - ci * sin[j];
      const ge = g[e];
      const be = b[e];
      const x = ge * c + be * d; // of P
      const y = ge * d - be * c; // of Q
      const vj = voltage[j];
      sumP += vj * x;
      sumQ += vj * y;
      const t = 4 * block[e];
      if (rowP) {
        blocks[t] = vi * vj * y;
        if (kind[j] === 1) blocks[t + 1] = vi * x;
      }
      if (rowQ) {
        blocks[t + 2] = -vi * vj * x;
        if (kind[j] === 1) blocks[t + 3] = vi * y;
      }
      if (kind[j] === 3) {
        blocks[t] = 0;
        blocks[t + 2] = 0;
      }
    }
    const gi = plan.gDiagonal[i];
    const bi = plan.bDiagonal[i];
    s.pNow[i] = vi * sumP + gi * vi * vi;
    s.qNow[i] = vi * sumQ - bi * vi * vi;
    const t = 4 * i;
    blocks[t] = rowP ? -vi * sumQ : 1;
    blocks[t + 1] = rowP && rowQ ? sumP + 2 * gi * vi : 0;
    blocks[t + 2] = rowQ ? vi * sumP : 0;
    blocks[t + 3] = rowQ ? sumQ - 2 * bi * vi : 1;
  }
}
