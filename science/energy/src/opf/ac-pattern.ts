// Where the derivatives of the AC model stand, in the order in which `ac-model` and `branch-terms` write them.
import type { Pattern } from '@madang/numerics';
import type { Grid } from '../grid/network.ts';
import type { AcCosts } from './ac-costs.ts';
import type { AcLayout } from './ac-layout.ts';

class Places {
  readonly #rows: number[] = [];
  readonly #cols: number[] = [];

  put(row: number, column: number): void {
    this.#rows.push(row);
    this.#cols.push(column);
  }

  get pattern(): Pattern {
    return { rows: Int32Array.from(this.#rows), cols: Int32Array.from(this.#cols) };
  }
}

export function jacobianPattern(grid: Grid, at: AcLayout, costs: AcCosts): Pattern {
  const { buses, generators, branches, dcLines } = grid;
  const places = new Places();
  const ends = (row: number, k: number) => {
    const [f, t] = [branches.from[k], branches.to[k]];
    for (const column of [at.angle + f, at.angle + t, at.voltage + f, at.voltage + t]) places.put(row, column);
  };
  for (let k = 0; k < branches.count; k++) {
    ends(at.balanceP + branches.from[k], k);
    ends(at.balanceQ + branches.from[k], k);
    ends(at.balanceP + branches.to[k], k);
    ends(at.balanceQ + branches.to[k], k);
  }
  for (let i = 0; i < buses.count; i++) {
    places.put(at.balanceP + i, at.voltage + i);
    places.put(at.balanceQ + i, at.voltage + i);
  }
  for (let g = 0; g < generators.count; g++) places.put(at.balanceP + generators.bus[g], at.power + g);
  for (let g = 0; g < generators.count; g++) places.put(at.balanceQ + generators.bus[g], at.reactive + g);
  for (let d = 0; d < dcLines.count; d++) {
    places.put(at.balanceP + dcLines.from[d], at.dcPower + d);
    places.put(at.balanceP + dcLines.to[d], at.dcPower + d);
    places.put(at.balanceQ + dcLines.from[d], at.dcReactiveFrom + d);
    places.put(at.balanceQ + dcLines.to[d], at.dcReactiveTo + d);
  }
  for (const [q, k] of at.limited.entries()) {
    ends(at.limitFrom + q, k);
    ends(at.limitTo + q, k);
  }
  for (const [q, k] of at.angles.entries()) {
    places.put(at.angleRow + q, at.angle + branches.from[k]);
    places.put(at.angleRow + q, at.angle + branches.to[k]);
  }
  for (const [q, l] of costs.lines.entries()) {
    places.put(at.lineRow + q, l.column);
    places.put(at.lineRow + q, l.epigraph);
  }
  return places.pattern;
}

export function hessianPattern({ buses, branches }: Grid, at: AcLayout, costs: AcCosts): Pattern {
  const places = new Places();
  for (let k = 0; k < branches.count; k++) {
    const [f, t] = [branches.from[k], branches.to[k]];
    const [af, vf, a2, v2] = [at.angle + f, at.voltage + f, at.angle + t, at.voltage + t];
    for (const [i, j] of [
      ...[
        [af, af],
        [a2, af],
        [a2, a2],
      ],
      ...[
        [vf, af],
        [vf, a2],
        [v2, af],
        [v2, a2],
      ],
      ...[
        [vf, vf],
        [vf, v2],
        [v2, v2],
      ],
    ])
      places.put(i, j);
  }
  for (let i = 0; i < buses.count; i++) places.put(at.voltage + i, at.voltage + i);
  for (const s of costs.smooth) places.put(s.column, s.column);
  return places.pattern;
}

/** A bus's angle, voltage and two balances form one group: its 4 x 4 block always holds safe pivots (docs/decisions/0060). */
export function pivotGroups({ buses }: Grid, at: AcLayout): Int32Array {
  const n = at.columns;
  const out = new Int32Array(n + at.rows);
  for (let j = 0; j < out.length; j++) out[j] = buses.count + j;
  for (let i = 0; i < buses.count; i++)
    out[at.angle + i] = out[at.voltage + i] = out[n + at.balanceP + i] = out[n + at.balanceQ + i] = i;
  return out;
}
