// Pressures from flows. A bed of little resistance lets so much gas through for a few pascal that the pressures of a predicted state, good to a relative 1e-4, say nothing about
// its flows, not even which way they go, and Newton's iteration from there meets the square root in Ergun's equation on the wrong side. Flows change little from step to step: so
// the iteration starts from the pressures that would drive those of the last step.
import { type Column, PER_CELL } from './column.ts';
import type { End } from './ends.ts';
import { ergun, type Three } from './face.ts';

/** Furthest that a pressure is moved, as a share of itself: beyond it the last flows do not tell. */
const MOST = 0.05;

/** Gives a function that rewrites the gas of the cells in `y`, whose `cells` hold pressure, temperature and mole fraction, for the pressures that drive `flows` (mol/m2/s through the faces). */
export function pressuresOf(c: Column, left: End, right: End, [P, T, X]: Three, flows: Float64Array) {
  const { cells, bed } = c;
  const dz = bed.lengthM / cells;
  const { viscous, density, drop } = ergun(bed);
  const leftOpen = left.kind === 'inlet' || left.kind === 'outlet';
  const open = leftOpen ? left : right;
  return (t: number, h: number, y: Float64Array): void => {
    if (open.kind !== 'inlet' && open.kind !== 'outlet') return;
    let pa = open.pa(t);
    // In a shorter step than pressures take to even out, flows are still to change.
    if (h < (0.4 * bed.voidFraction * bed.lengthM ** 2 * viscous) / pa) return;
    const way = leftOpen ? 1 : -1;
    for (let k = 0; k < cells; k++) {
      const j = leftOpen ? k : cells - 1 - k;
      const u = (flows[leftOpen ? j : j + 1] * bed.gasConstant * T[j]) / pa;
      pa -= way * drop(u, density(pa, T[j], X[j])) * (k === 0 ? dz / 2 : dz);
      const ratio = pa / P[j];
      if (!(Math.abs(ratio - 1) < MOST)) return;
      y[j * PER_CELL] *= ratio;
      y[j * PER_CELL + 1] *= ratio;
    }
  };
}
