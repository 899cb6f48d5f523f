// What the power flows of one network share: the bus admittance matrix, the kinds of buses, the plan of the factorisation.
import { graphOf } from '@madang/numerics';
import { admittances } from '../grid/admittance.ts';
import type { Grid } from '../grid/network.ts';
import { type BlockPlan, blockAt, planBlocks } from './block-lu.ts';

export interface FlowPlan {
  readonly grid: Grid;
  readonly plan: BlockPlan;
  /** Admittance matrix by rows in pivot order, without the diagonal: columns, values, block of each entry. */
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly g: Float64Array;
  readonly b: Float64Array;
  readonly block: Int32Array;
  readonly gDiagonal: Float64Array;
  readonly bDiagonal: Float64Array;
  /** 1 PQ, 2 PV, 3 reference, in pivot order; a PV bus without a generator in service counts as PQ. */
  readonly kind: Uint8Array;
  /** Scheduled injections per unit, pivot order. */
  readonly p: Float64Array;
  readonly q: Float64Array;
  /** Held voltages, and the sums of the generators' reactive limits, per unit. */
  readonly voltage: Float64Array;
  readonly reactiveMin: Float64Array;
  readonly reactiveMax: Float64Array;
}

export function preparePowerFlow(grid: Grid): FlowPlan {
  const { buses, branches, generators, dcLines, baseMva } = grid;
  const n = buses.count;
  const plan = planBlocks(graphOf(n, branches.from, branches.to));
  const { rank } = plan;
  const y = admittances(branches);
  const maps: Map<number, [number, number]>[] = Array.from({ length: n }, () => new Map());
  const gDiagonal = new Float64Array(n);
  const bDiagonal = new Float64Array(n);
  const add = (i: number, j: number, g: number, b: number) => {
    const e = maps[i].get(j);
    if (e) {
      e[0] += g;
      e[1] += b;
    } else maps[i].set(j, [g, b]);
  };
  for (let k = 0; k < branches.count; k++) {
    const f = rank[branches.from[k]];
    const t = rank[branches.to[k]];
    gDiagonal[f] += y.gff[k];
    bDiagonal[f] += y.bff[k];
    gDiagonal[t] += y.gtt[k];
    bDiagonal[t] += y.btt[k];
    add(f, t, y.gft[k], y.bft[k]);
    add(t, f, y.gtf[k], y.btf[k]);
  }
  const starts = new Int32Array(n + 1);
  for (let k = 0; k < n; k++) starts[k + 1] = starts[k] + maps[k].size;
  const columns = new Int32Array(starts[n]);
  const g = new Float64Array(starts[n]);
  const b = new Float64Array(starts[n]);
  const block = new Int32Array(starts[n]);
  for (let k = 0; k < n; k++) {
    let p = starts[k];
    for (const [j, v] of [...maps[k]].sort((x, z) => x[0] - z[0])) {
      columns[p] = j;
      g[p] = v[0];
      b[p] = v[1];
      block[p++] = blockAt(plan, plan.order[k], plan.order[j]);
    }
  }
  const kind = new Uint8Array(n);
  const p = new Float64Array(n);
  const q = new Float64Array(n);
  const voltage = new Float64Array(n).fill(1);
  const reactiveMin = new Float64Array(n);
  const reactiveMax = new Float64Array(n);
  const generating = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const k = rank[i];
    kind[k] = buses.kind[i];
    p[k] = -buses.loadMw[i] / baseMva;
    q[k] = -buses.loadMvar[i] / baseMva;
    gDiagonal[k] += buses.shuntMw[i] / baseMva;
    bDiagonal[k] += buses.shuntMvar[i] / baseMva;
    voltage[k] = buses.voltagePu[i] > 0 ? buses.voltagePu[i] : 1;
  }
  for (let u = 0; u < generators.count; u++) {
    const k = rank[generators.bus[u]];
    generating[k] = 1;
    p[k] += generators.powerMw[u] / baseMva;
    q[k] += generators.reactiveMvar[u] / baseMva;
    reactiveMin[k] += generators.reactiveMinMvar[u] / baseMva;
    reactiveMax[k] += generators.reactiveMaxMvar[u] / baseMva;
    if (kind[k] !== 1) voltage[k] = generators.voltagePu[u];
  }
  for (let d = 0; d < dcLines.count; d++) {
    const arrives = dcLines.powerMw[d] * (1 - dcLines.loss1[d]) - dcLines.loss0Mw[d];
    p[rank[dcLines.from[d]]] -= dcLines.powerMw[d] / baseMva;
    p[rank[dcLines.to[d]]] += arrives / baseMva;
    q[rank[dcLines.from[d]]] += dcLines.reactiveFromMvar[d] / baseMva;
    q[rank[dcLines.to[d]]] += dcLines.reactiveToMvar[d] / baseMva;
  }
  for (let k = 0; k < n; k++) if (kind[k] === 2 && !generating[k]) kind[k] = 1;
  for (const island of grid.islands)
    if (island.references.length === 1 && buses.kind[island.references[0]] !== 3) kind[rank[island.references[0]]] = 3;
  return {
    grid,
    plan,
    starts,
    columns,
    g,
    b,
    block,
    gDiagonal,
    bDiagonal,
    kind,
    p,
    q,
    voltage,
    reactiveMin,
    reactiveMax,
  };
}
