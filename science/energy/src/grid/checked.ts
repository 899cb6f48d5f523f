// Reading numbers of a case file with a word for what is wrong with them.
import { EnergyError } from '../error.ts';

/** One number a row of the file. */
export function column(rows: readonly number[], value: (row: number) => number): Float64Array {
  return Float64Array.from(rows, value);
}

/** `v`, or `fallback` where it is not finite; throws with `what` where there is none. */
export function finite(v: number, what: () => string, fallback?: number): number {
  if (Number.isFinite(v)) return v;
  if (fallback !== undefined) return fallback;
  throw new EnergyError('not-a-number', `${what()}: ${v} is not a number that can be used`);
}

/** Throws where no value is both above `lower` and below `upper`. */
export function contradiction(lower: number, upper: number, message: () => string): void {
  if (lower > upper) throw new EnergyError('limits-contradict', message());
}
