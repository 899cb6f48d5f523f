// Fast decoupled power flow (Stott and Alsac, IEEE Trans. PAS 93:859, 1974, XB form): two constant symmetric matrices, factorised once,
// turn mismatches of P into angles and of Q into voltages.
import { analyse, type Factor, factorize, newFactor, solve } from '@madang/numerics';
import type { Grid } from '../grid/network.ts';
import { type NewtonSpace, newtonSpace } from './newton.ts';
import { type FlowPlan, preparePowerFlow } from './prepare.ts';
import { type FlowResult, flowResult } from './result.ts';
import { startPoint } from './start-point.ts';

/** Power flow with constant matrices; linear convergence, cheap steps. */
export function solveDecoupled(grid: Grid, options: { tolerance?: number; iterations?: number } = {}): FlowResult {
  const tolerance = options.tolerance ?? 1e-8;
  const plan = preparePowerFlow(grid);
  const s = newtonSpace(plan);
  startPoint(plan, s, 'case');
  const n = plan.plan.size;
  const angleMatrix = matrix(plan, k => plan.kind[k] !== 3, true);
  const voltageMatrix = matrix(plan, k => plan.kind[k] === 1, false);
  const rhs = new Float64Array(n);
  const step = new Float64Array(n);
  let iterations = 0;
  let worst = Number.POSITIVE_INFINITY;
  const mismatch = () => {
    injections(plan, s);
    worst = 0;
    for (let k = 0; k < n; k++) {
      if (plan.kind[k] !== 3) worst = Math.max(worst, Math.abs(s.p[k] - s.pNow[k]));
      if (plan.kind[k] === 1) worst = Math.max(worst, Math.abs(s.q[k] - s.qNow[k]));
    }
    return worst;
  };
  const limit = options.iterations ?? 100;
  for (; mismatch() >= tolerance && iterations < limit && worst < 1e10; iterations++) {
    for (let k = 0; k < n; k++) rhs[k] = plan.kind[k] === 3 ? 0 : (s.p[k] - s.pNow[k]) / s.voltage[k];
    solve(angleMatrix, rhs, step);
    for (let k = 0; k < n; k++) s.angle[k] += step[k];
    injections(plan, s);
    for (let k = 0; k < n; k++) rhs[k] = plan.kind[k] === 1 ? (s.q[k] - s.qNow[k]) / s.voltage[k] : 0;
    solve(voltageMatrix, rhs, step);
    for (let k = 0; k < n; k++) s.voltage[k] += step[k];
  }
  return flowResult(plan, s, { converged: worst < tolerance, iterations, mismatchPu: worst, limited: [] });
}

/** B' (reactances alone) or B'' (susceptances with taps and shunts) on the free buses; held buses keep a one. */
function matrix(plan: FlowPlan, free: (k: number) => boolean, angles: boolean): Factor {
  const { branches } = plan.grid;
  const { rank } = plan.plan;
  const n = plan.plan.size;
  const rows: number[] = [];
  const cols: number[] = [];
  const values: number[] = [];
  const put = (i: number, j: number, v: number) => {
    if (!free(i) || !free(j)) return;
    rows.push(i);
    cols.push(j);
    values.push(v);
  };
  for (let k = 0; k < n; k++) {
    rows.push(k);
    cols.push(k);
    values.push(free(k) ? (angles ? 0 : -plan.bDiagonal[k]) : 1);
  }
  for (let k = 0; k < branches.count; k++) {
    const f = rank[branches.from[k]];
    const t = rank[branches.to[k]];
    const r = branches.resistancePu[k];
    const x = branches.reactancePu[k];
    const b = angles ? (x === 0 ? 0 : 1 / x) : x / (r * r + x * x) / branches.tap[k];
    if (angles) {
      put(f, f, b);
      put(t, t, b);
    }
    put(Math.max(f, t), Math.min(f, t), -b);
  }
  const factor = newFactor(analyse(n, rows, cols));
  return factorize(factor, Float64Array.from(values));
}

/** Calculated injections at the point in `s`. */
function injections(plan: FlowPlan, s: NewtonSpace): void {
  const { starts, columns, g, b } = plan;
  for (let i = 0; i < plan.plan.size; i++) {
    let p = plan.gDiagonal[i] * s.voltage[i];
    let q = -plan.bDiagonal[i] * s.voltage[i];
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      const d = s.angle[i] - s.angle[columns[e]];
      const [cos, sin, v] = [Math.cos(d), Math.sin(d), s.voltage[columns[e]]];
      p += v * (g[e] * cos + b[e] * sin);
      q += v * (g[e] * sin - b[e] * cos);
    }
    s.pNow[i] = s.voltage[i] * p;
    s.qNow[i] = s.voltage[i] * q;
  }
}
