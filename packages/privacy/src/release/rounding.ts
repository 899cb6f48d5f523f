// Rounding of released counts, always stated with them.
import { coin, entropy, type RandomBytes } from '../dp/entropy.ts';

export interface Rounded {
  readonly values: readonly number[];
  /** For the result's page. */
  readonly statement: string;
}

/** To the nearest multiple of `base` (halves upwards). */
export function roundToBase(values: ArrayLike<number>, base: number): Rounded {
  check(base);
  return {
    values: Array.from(values, v => Math.floor((v + base / 2) / base) * base),
    statement:
      base === 1
        ? 'Counts are not rounded.'
        : `Counts are rounded to the nearest ${base}: each may be off by ${Math.floor(base / 2)}.`,
  };
}

/** Up or down to a multiple of `base` at random, so that the expected value is the count. Not a privacy guarantee by itself. */
export function roundAtRandom(values: ArrayLike<number>, base: number, randomBytes: RandomBytes): Rounded {
  check(base);
  const e = entropy(randomBytes);
  return {
    values: Array.from(values, v => {
      if (!Number.isSafeInteger(v)) throw new RangeError(`rounding: ${v} is not a whole number`);
      const rest = ((v % base) + base) % base;
      return v - rest + (rest > 0 && coin(e, rest, base) ? base : 0);
    }),
    statement: `Counts are rounded at random to multiples of ${base}, right on average: each may be off by up to ${base - 1}.`,
  };
}

function check(base: number): void {
  if (!Number.isSafeInteger(base) || base < 1)
    throw new RangeError(`rounding: base ${base} is not a whole number above 0`);
}
