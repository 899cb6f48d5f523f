// Whole stretches of time that a bag or a net is shown or not: rows of one month share their surprises, so single rows left out would test nothing.
import type { random } from '@madang/numerics';
import type { Design } from '../panel/design.ts';

/** Periods in one stretch. */
const STRETCH = 5;

/** 1 for rows in the stretches of time that a bag sees. */
export function heldStretches(d: Design, r: ReturnType<typeof random>, share: number): Uint8Array {
  const stretches = [...new Set(Array.from(d.period, p => Math.floor(p / STRETCH)))].sort((a, b) => a - b);
  const held = new Set(stretches.filter(() => r.uniform() < share));
  return Uint8Array.from(d.period, p => (held.has(Math.floor(p / STRETCH)) ? 1 : 0));
}
