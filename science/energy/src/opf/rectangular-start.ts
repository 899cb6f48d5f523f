// A starting point for the AC model in rectangular coordinates: with every injection taken as a current at 1 per unit, the network equations
// Y (e + j f) = I are linear. One solve gives voltages and angles that carry the power at hand through taps, shifters and shunts.
import { graphOf } from '@madang/numerics';
import { blockAt, factorBlocks, planBlocks, solveBlocks } from '../flow/block-lu.ts';
import { admittances } from '../grid/admittance.ts';
import type { Grid } from '../grid/network.ts';
import type { AcStart } from './ac-bounds.ts';
import { smoothStart } from './start.ts';

/** Generation in the middle of its limits, scaled to the load of its island. Falls back to the smooth start on a singular network. */
export function rectangularStart(grid: Grid): AcStart {
  const { buses, branches } = grid;
  const n = buses.count;
  const plan = planBlocks(graphOf(n, branches.from, branches.to));
  const matrix = new Float64Array(4 * plan.blocks);
  const held = new Uint8Array(n);
  for (const island of grid.islands) for (const i of island.references) held[i] = 1;
  /** Adds the admittance g + jb of the current into bus i from the voltage of bus j. */
  const add = (i: number, j: number, g: number, b: number) => {
    if (held[i]) return;
    const at = 4 * blockAt(plan, i, j);
    matrix[at] += g;
    matrix[at + 1] -= b;
    matrix[at + 2] += b;
    matrix[at + 3] += g;
  };
  const y = admittances(branches);
  for (let k = 0; k < branches.count; k++) {
    const [f, t] = [branches.from[k], branches.to[k]];
    add(f, f, y.gff[k], y.bff[k]);
    add(f, t, y.gft[k], y.bft[k]);
    add(t, f, y.gtf[k], y.btf[k]);
    add(t, t, y.gtt[k], y.btt[k]);
  }
  const { powerMw, reactiveMvar } = injections(grid);
  const x = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    const at = 2 * plan.rank[i];
    if (held[i]) {
      matrix[4 * plan.rank[i]] = 1;
      matrix[4 * plan.rank[i] + 3] = 1;
      x[at] = 1;
      continue;
    }
    add(i, i, buses.shuntMw[i] / grid.baseMva, buses.shuntMvar[i] / grid.baseMva);
    x[at] = powerMw[i] / grid.baseMva;
    x[at + 1] = -reactiveMvar[i] / grid.baseMva;
  }
  if (!factorBlocks(plan, matrix)) return smoothStart(grid);
  solveBlocks(plan, matrix, x);
  const voltage = new Float64Array(n);
  const angle = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const [e, f] = [x[2 * plan.rank[i]], x[2 * plan.rank[i] + 1]];
    if (!Number.isFinite(e) || !Number.isFinite(f)) return smoothStart(grid);
    voltage[i] = Math.min(Math.max(Math.hypot(e, f), buses.voltageMinPu[i]), buses.voltageMaxPu[i]);
    angle[i] = Math.atan2(f, e);
  }
  return { angle, voltage };
}

/** Net injection of each bus. */
function injections(grid: Grid): { powerMw: Float64Array; reactiveMvar: Float64Array } {
  const { buses, generators, dcLines, islandOf } = grid;
  const powerMw = buses.loadMw.map(v => -v);
  const reactiveMvar = buses.loadMvar.map(v => -v);
  const middle = (low: number, high: number) =>
    Number.isFinite(low) && Number.isFinite(high) ? (low + high) / 2 : Math.min(Math.max(0, low), high);
  const load = new Float64Array(grid.islands.length);
  const made = new Float64Array(grid.islands.length);
  for (let i = 0; i < buses.count; i++) load[islandOf[i]] += buses.loadMw[i] + buses.shuntMw[i];
  const power = Float64Array.from({ length: generators.count }, (_, g) =>
    middle(generators.powerMinMw[g], generators.powerMaxMw[g]),
  );
  for (let g = 0; g < generators.count; g++) made[islandOf[generators.bus[g]]] += power[g];
  for (let g = 0; g < generators.count; g++) {
    const i = generators.bus[g];
    const share = made[islandOf[i]] > 0 ? load[islandOf[i]] / made[islandOf[i]] : 0;
    powerMw[i] += power[g] * Math.min(Math.max(share, 0), 2);
    reactiveMvar[i] += middle(generators.reactiveMinMvar[g], generators.reactiveMaxMvar[g]);
  }
  for (let k = 0; k < dcLines.count; k++) {
    const sent = middle(dcLines.powerMinMw[k], dcLines.powerMaxMw[k]);
    powerMw[dcLines.from[k]] -= sent;
    powerMw[dcLines.to[k]] += sent * (1 - dcLines.loss1[k]) - dcLines.loss0Mw[k];
  }
  return { powerMw, reactiveMvar };
}
