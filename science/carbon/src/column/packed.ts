// The periodic state as one vector: the scaled unknowns of the cells, then what the heavy reflux tank holds; and its transfer between grids.
import { type Column, PER_CELL } from './column.ts';
import type { Parcel } from './cycle.ts';
import type { Operation } from './parameters.ts';

/** By what the tank's moles and joules are divided. */
export type TankScale = { readonly mol: number; readonly energyJ: number };

/** A column with its operation and the scale of its packed states. */
export interface Design {
  readonly c: Column;
  readonly o: Operation;
  readonly tank: TankScale;
}

/** State of the cells (scaled) and content of the tank (mol/m2, J/m2) as one vector. */
export function pack(state: Float64Array, tank: Parcel, s: TankScale): Float64Array {
  const x = new Float64Array(state.length + 3);
  x.set(state);
  x.set([tank.co2 / s.mol, tank.n2 / s.mol, tank.enthalpyJ / s.energyJ], state.length);
  return x;
}

/** The inverse of `pack`. */
export function unpack(x: Float64Array, cells: number, s: TankScale): { state: Float64Array; tank: Parcel } {
  const n = cells * PER_CELL;
  return { state: x.slice(0, n), tank: { co2: x[n] * s.mol, n2: x[n + 1] * s.mol, enthalpyJ: x[n + 2] * s.energyJ } };
}

/** Root mean square of a - b. */
export function difference(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += (a[i] - b[i]) ** 2;
  return Math.sqrt(s / a.length);
}

/** Keeps amounts from going below a hundredth of what the plain cycle gave. */
export function possible(mixed: Float64Array, plain: Float64Array, cells: number): Float64Array {
  const n = cells * PER_CELL;
  for (let i = 0; i < mixed.length; i++) {
    const amount = i < n ? i % PER_CELL !== 2 : i < n + 2;
    if (amount && !(mixed[i] > 0.01 * plain[i])) mixed[i] = 0.01 * plain[i];
  }
  return mixed;
}

/** Cell values of a finer column averaged over the cells of a coarser one. */
export function restrict(x: Float64Array, from: number, to: number): Float64Array {
  const out = new Float64Array(to * PER_CELL + 3);
  for (let j = 0; j < to; j++) {
    const [a, b] = [(j * from) / to, ((j + 1) * from) / to];
    for (let i = Math.floor(a); i < Math.min(from, Math.ceil(b - 1e-9)); i++) {
      const share = (Math.min(b, i + 1) - Math.max(a, i)) / (b - a);
      for (let v = 0; v < PER_CELL; v++) out[j * PER_CELL + v] += share * x[i * PER_CELL + v];
    }
  }
  out.set(x.subarray(from * PER_CELL), to * PER_CELL);
  return out;
}

/** Values of a coarse column at the centres of a finer one's cells, linear between and constant beyond the outermost centres. */
export function refine(x: Float64Array, from: number, to: number): Float64Array {
  if (from === to) return x;
  const out = new Float64Array(to * PER_CELL + 3);
  for (let j = 0; j < to; j++) {
    const at = Math.min(from - 1, Math.max(0, ((j + 0.5) * from) / to - 0.5));
    const low = Math.min(from - 2, Math.floor(at));
    for (let v = 0; v < PER_CELL; v++) {
      const a = x[low * PER_CELL + v];
      out[j * PER_CELL + v] = a + (at - low) * (x[(low + 1) * PER_CELL + v] - a);
    }
  }
  out.set(x.subarray(from * PER_CELL), to * PER_CELL);
  return out;
}
