// DC power flow and N-1 screening: one factorisation of the susceptance matrix serves every injection and every outage. The loss of a branch
// moves its flow to the others by outage factors (Ejebe and Wollenberg, IEEE Trans. PAS 98:97, 1979).
import { analyse, type Factor, factorize, newFactor, solve } from '@madang/numerics';
import type { Grid } from '../grid/network.ts';
import { type DcForm, dcBranches } from '../opf/dc-model.ts';

export interface DcNetwork {
  readonly grid: Grid;
  readonly susceptancePu: Float64Array;
  readonly shiftRadian: Float64Array;
  readonly held: Uint8Array;
  readonly factor: Factor;
}

/** Factorises the susceptance matrix; MATPOWER's form unless asked otherwise. */
export function dcNetwork(grid: Grid, form: DcForm = 'matpower'): DcNetwork {
  const { buses, branches } = grid;
  const { susceptancePu, shiftRadian } = dcBranches(grid, form);
  const held = new Uint8Array(buses.count);
  for (const island of grid.islands) held[island.references[0]] = 1;
  const rows: number[] = [];
  const cols: number[] = [];
  const values: number[] = [];
  const put = (i: number, j: number, v: number) => {
    if (held[i] || held[j]) return;
    rows.push(i);
    cols.push(j);
    values.push(v);
  };
  for (let i = 0; i < buses.count; i++)
    if (held[i]) {
      rows.push(i);
      cols.push(i);
      values.push(1);
    }
  for (let k = 0; k < branches.count; k++) {
    const b = susceptancePu[k];
    put(branches.from[k], branches.from[k], b);
    put(branches.to[k], branches.to[k], b);
    put(branches.to[k], branches.from[k], -b);
  }
  const factor = factorize(newFactor(analyse(buses.count, rows, cols)), Float64Array.from(values));
  return { grid, susceptancePu, shiftRadian, held, factor };
}

/** Flows in MW for net injections in MW at the buses (default: the file's generation, loads, shunts and dc lines). */
export function dcFlows(
  net: DcNetwork,
  injectionMw: Float64Array = scheduled(net.grid),
): { flowMw: Float64Array; angleDegree: Float64Array } {
  const { grid, susceptancePu, shiftRadian, held } = net;
  const { branches, baseMva } = grid;
  const rhs = injectionMw.map(p => p / baseMva);
  for (let k = 0; k < branches.count; k++) {
    const push = susceptancePu[k] * shiftRadian[k];
    rhs[branches.from[k]] += push;
    rhs[branches.to[k]] -= push;
  }
  for (let i = 0; i < rhs.length; i++) if (held[i]) rhs[i] = 0;
  const angle = new Float64Array(rhs.length);
  solve(net.factor, rhs, angle);
  const flowMw = Float64Array.from(
    { length: branches.count },
    (_, k) => susceptancePu[k] * (angle[branches.from[k]] - angle[branches.to[k]] - shiftRadian[k]) * baseMva,
  );
  return { flowMw, angleDegree: angle.map(a => (a * 180) / Math.PI) };
}

/** Net injections of the file in MW. */
export function scheduled(grid: Grid): Float64Array {
  const { buses, generators, dcLines } = grid;
  const out = buses.loadMw.map((p, i) => -p - buses.shuntMw[i]);
  for (let g = 0; g < generators.count; g++) out[generators.bus[g]] += generators.powerMw[g];
  for (let d = 0; d < dcLines.count; d++) {
    out[dcLines.from[d]] -= dcLines.powerMw[d];
    out[dcLines.to[d]] += dcLines.powerMw[d] * (1 - dcLines.loss1[d]) - dcLines.loss0Mw[d];
  }
  return out;
}

/** Power transfer factors of one branch: change of its flow per MW injected at each bus and taken at the reference. */
export function transferFactors(net: DcNetwork, branch: number): Float64Array {
  const { branches } = net.grid;
  const rhs = new Float64Array(net.held.length);
  const b = net.susceptancePu[branch];
  if (!net.held[branches.from[branch]]) rhs[branches.from[branch]] = b;
  if (!net.held[branches.to[branch]]) rhs[branches.to[branch]] = -b;
  const out = new Float64Array(rhs.length);
  solve(net.factor, rhs, out);
  for (let i = 0; i < out.length; i++) if (net.held[i]) out[i] = 0;
  return out;
}

export interface Contingency {
  /** Row of the lost branch in the file. */
  readonly outageRow: number;
  /** True when the loss parts the network: then there is no flow to compute. */
  readonly splits: boolean;
  readonly overloads: readonly { readonly row: number; readonly flowMw: number; readonly ratingMva: number }[];
  /** Highest loading after the outage, as a share of the rating. */
  readonly worst: number;
}

/** Loses every branch in turn and lists what would be overloaded; worst first. Takes flows before the outages in MW. */
export function screen(net: DcNetwork, flowMw: Float64Array = dcFlows(net).flowMw): Contingency[] {
  const { grid, susceptancePu, held } = net;
  const { branches } = grid;
  const n = held.length;
  const rhs = new Float64Array(n);
  const angle = new Float64Array(n);
  const out: Contingency[] = [];
  for (let k = 0; k < branches.count; k++) {
    rhs.fill(0);
    if (!held[branches.from[k]]) rhs[branches.from[k]] = 1;
    if (!held[branches.to[k]]) rhs[branches.to[k]] = -1;
    solve(net.factor, rhs, angle);
    const share = susceptancePu[k] * (angle[branches.from[k]] - angle[branches.to[k]]);
    const splits = !(1 - share > 1e-6);
    const overloads: { row: number; flowMw: number; ratingMva: number }[] = [];
    let worst = 0;
    if (!splits) {
      const moved = flowMw[k] / (1 - share);
      for (let l = 0; l < branches.count; l++) {
        if (l === k) continue;
        const flow = flowMw[l] + moved * susceptancePu[l] * (angle[branches.from[l]] - angle[branches.to[l]]);
        const rating = branches.ratingMva[l];
        const load = Math.abs(flow) / rating;
        if (load > worst) worst = load;
        if (load > 1 + 1e-6) overloads.push({ row: branches.row[l], flowMw: flow, ratingMva: rating });
      }
    }
    overloads.sort((a, b) => Math.abs(b.flowMw) / b.ratingMva - Math.abs(a.flowMw) / a.ratingMva);
    out.push({ outageRow: branches.row[k], splits, overloads, worst });
  }
  return out.sort((a, b) => Number(b.splits) - Number(a.splits) || b.worst - a.worst);
}
