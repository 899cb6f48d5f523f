// Marginal losses of each bus at an operating point: by how much a unit more load there raises the losses that the reference must cover.
// Voltages are held; losses L(angles) = sum of all branch inputs; J' y = dL/dangle on the buses that are not reference.
import { analyse, factorize, newFactor, solveRefined } from '@madang/numerics';
import { admittances } from '../grid/admittance.ts';
import type { Grid } from '../grid/network.ts';

/** dLoss/dload of each bus (a fraction; 0 at references). Angles in radians, voltages per unit. */
export function marginalLosses(grid: Grid, angle: Float64Array, voltage: Float64Array): Float64Array {
  const { branches, buses } = grid;
  const n = buses.count;
  const held = new Uint8Array(n);
  for (const island of grid.islands) for (const i of island.references) held[i] = 1;
  const y = admittances(branches);
  // J is not symmetric, so the symmetric matrix [0 J'; J 0] is factorised; a bus's two unknowns pivot together.
  const rows: number[] = [];
  const cols: number[] = [];
  const values: number[] = [];
  const gradient = new Float64Array(n);
  const put = (i: number, j: number, v: number) => {
    if (held[i] || held[j]) return;
    rows.push(n + i);
    cols.push(j);
    values.push(v);
  };
  for (let i = 0; i < n; i++)
    if (held[i]) {
      rows.push(n + i);
      cols.push(i);
      values.push(1);
    }
  for (let k = 0; k < branches.count; k++) {
    const f = branches.from[k];
    const t = branches.to[k];
    const vv = voltage[f] * voltage[t];
    const cos = Math.cos(angle[f] - angle[t]);
    const sin = Math.sin(angle[f] - angle[t]);
    const from = vv * (-y.gft[k] * sin + y.bft[k] * cos);
    const to = vv * (-y.gtf[k] * sin - y.btf[k] * cos);
    put(f, f, from);
    put(f, t, -from);
    put(t, f, to);
    put(t, t, -to);
    gradient[f] += from + to;
    gradient[t] -= from + to;
  }
  const groups = Int32Array.from({ length: 2 * n }, (_, i) => i % n);
  const factor = newFactor(analyse(2 * n, rows, cols, groups));
  const matrix = Float64Array.from(values);
  factorize(factor, matrix);
  const rhs = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) rhs[i] = held[i] ? 0 : gradient[i];
  const x = new Float64Array(2 * n);
  solveRefined(factor, matrix, rhs, x);
  // y is dLoss per unit of injection; a load is a negative injection.
  return Float64Array.from({ length: n }, (_, i) => (held[i] ? 0 : -x[n + i]));
}
