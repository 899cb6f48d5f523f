// Real numbers as whole numbers: clipped, scaled by a power of two, rounded. Every row is rounded by itself, so that sums do not depend on who holds it.

/** `clip` bounds the size before scaling; `bits` is the number of binary places kept. */
export interface FixedPoint {
  readonly clip: number;
  readonly bits: number;
}

/** round(clamp(x) 2^bits); NaN counts as 0. */
export function toFixed(x: number, { clip, bits }: FixedPoint): number {
  const c = Math.max(-clip, Math.min(clip, x));
  return Number.isNaN(c) ? 0 : Math.round(c * 2 ** bits);
}

/** Largest size that toFixed gives. */
export function fixedLimit({ clip, bits }: FixedPoint): number {
  return Math.ceil(clip * 2 ** bits);
}
