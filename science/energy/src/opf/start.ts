// A starting point for the AC model with small flows: voltages and angles that respect taps and phase shifts, by weighted least squares.
// From a plain flat start, stiff transformers with ratios off 1 would carry hundreds of per unit.
import { analyse, factorize, newFactor, solve } from '@madang/numerics';
import type { Grid } from '../grid/network.ts';
import type { AcStart } from './ac-bounds.ts';

/** Minimises sum |y| (V_f/tap - V_t)^2 + w (V - 1)^2, and the like for angles with their shifts; voltages are kept in their limits. */
export function smoothStart(grid: Grid): AcStart {
  const { buses, branches } = grid;
  const n = buses.count;
  const rows: number[] = [];
  const cols: number[] = [];
  const values: number[] = [];
  const angleValues: number[] = [];
  const rhs = new Float64Array(n);
  const angleRhs = new Float64Array(n);
  const put = (i: number, j: number, v: number, a: number) => {
    rows.push(i);
    cols.push(j);
    values.push(v);
    angleValues.push(a);
  };
  const WEIGHT = 1;
  for (let i = 0; i < n; i++) {
    const middle = Math.min(Math.max(1, buses.voltageMinPu[i]), buses.voltageMaxPu[i]);
    put(i, i, WEIGHT, WEIGHT);
    rhs[i] = WEIGHT * middle;
  }
  for (let k = 0; k < branches.count; k++) {
    const f = branches.from[k];
    const t = branches.to[k];
    const w = 1 / Math.hypot(branches.resistancePu[k], branches.reactancePu[k]);
    const ratio = 1 / branches.tap[k];
    const shift = (branches.shiftDegree[k] * Math.PI) / 180;
    put(f, f, w * ratio * ratio, w);
    put(t, t, w, w);
    put(f, t, -w * ratio, -w);
    angleRhs[f] += w * shift;
    angleRhs[t] -= w * shift;
  }
  const symbolic = analyse(n, rows, cols);
  const factor = newFactor(symbolic);
  const voltage = new Float64Array(n);
  const angle = new Float64Array(n);
  factorize(factor, Float64Array.from(values));
  solve(factor, rhs, voltage);
  factorize(factor, Float64Array.from(angleValues));
  solve(factor, angleRhs, angle);
  for (let i = 0; i < n; i++) voltage[i] = Math.min(Math.max(voltage[i], buses.voltageMinPu[i]), buses.voltageMaxPu[i]);
  // Angles are measured from the reference of each island.
  const zero = grid.islands.map(island => angle[island.references[0]]);
  for (let i = 0; i < n; i++) angle[i] -= zero[grid.islandOf[i]];
  return { angle, voltage };
}
