// AC power flow by Newton's method in polar coordinates (Tinney and Hart, IEEE Trans. PAS 86:1449, 1967), with reactive limits: a generator
// bus whose reactive power leaves its limits is held at the limit and its voltage let go, until it would pass its set point.
import type { Grid } from '../grid/network.ts';
import { factorBlocks, solveBlocks } from './block-lu.ts';
import { type FlowPlan, preparePowerFlow } from './prepare.ts';
import { type FlowResult, flowResult } from './result.ts';
import { type FlowStart, startPoint } from './start-point.ts';

export interface NewtonOptions {
  /** Largest mismatch, per unit; default 1e-8. */
  readonly tolerance?: number;
  readonly iterations?: number;
  /** Hold generators within their reactive limits; default false. */
  readonly reactiveLimits?: boolean;
  /** First point; default 'case'. Others are tried when it fails. */
  readonly start?: FlowStart;
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

/** Power flow of a grid. Not converging is a result with `converged: false`: of the starts that were tried, the one that came nearest. */
export function solvePowerFlow(grid: Grid, options: NewtonOptions = {}): FlowResult {
  const plan = preparePowerFlow(grid);
  const space = newtonSpace(plan);
  const first = options.start ?? 'case';
  let best: FlowResult | undefined;
  for (const kind of new Set<FlowStart>([first, 'case', 'estimate'])) {
    startPoint(plan, space, kind);
    const found = flowResult(plan, space, newton(plan, space, options));
    if (!best || found.converged || found.mismatchPu < best.mismatchPu) best = found;
    if (found.converged) break;
  }
  if (!best) throw new TypeError('unreachable: at least one start is tried');
  return best;
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
  const limited = new Set<number>();
  /** How often each bus was let back: a bus that goes to and fro stays at its limit. */
  const returns = new Map<number, number>();
  let iterations = 0;
  for (let round = 0; ; round++) {
    const found = iterate(plan, s, tolerance, limit);
    iterations += found.iterations;
    const done = !found.converged || !options.reactiveLimits || round > 40 || !switchKinds(plan, s, limited, returns);
    if (done) return { converged: found.converged, iterations, mismatchPu: found.mismatchPu, limited: [...limited] };
  }
}

/** Holds generator buses at reactive limits that they left, lets go those whose voltage passes its set point. True when any changed. */
function switchKinds(plan: FlowPlan, s: NewtonSpace, limited: Set<number>, returns: Map<number, number>): boolean {
  let changed = false;
  for (let k = 0; k < plan.plan.size; k++) {
    const load = plan.grid.buses.loadMvar[plan.plan.order[k]] / plan.grid.baseMva;
    const low = plan.reactiveMin[k];
    const high = plan.reactiveMax[k];
    const made = s.qNow[k] + load;
    if (s.kind[k] === 2 && (made > high + 1e-6 || made < low - 1e-6)) {
      s.kind[k] = 1;
      s.q[k] = Math.min(Math.max(made, low), high) - load;
      limited.add(k);
      changed = true;
    } else if (s.kind[k] === 1 && limited.has(k) && (returns.get(k) ?? 0) < 2) {
      const atHigh = s.q[k] + load >= high;
      const passed = atHigh ? s.voltage[k] > plan.voltage[k] + 1e-6 : s.voltage[k] < plan.voltage[k] - 1e-6;
      if (!passed || low === high) continue;
      s.kind[k] = 2;
      s.voltage[k] = plan.voltage[k];
      limited.delete(k);
      returns.set(k, (returns.get(k) ?? 0) + 1);
      changed = true;
    }
  }
  return changed;
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
