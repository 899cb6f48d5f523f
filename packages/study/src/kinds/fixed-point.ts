// Real numbers as whole numbers: clipped, scaled by a power of two, rounded. Every row is rounded by itself, so that sums do not depend on who holds it.

/** `clip` bounds the size before scaling; `bits` is the number of binary places kept. */
export interface FixedPoint {
  readonly clip: number;
  readonly bits: number;
}

/** round(clamp(x) 2^bits); NaN counts as 0. */
export function toFixed(x: number, { clip, bits }: FixedPoint): number {
  return toSteps(x, clip, 2 ** bits);
}

/** round(clamp(x) scale), for loops that know the scale already; NaN counts as 0. */
export function toSteps(x: number, clip: number, scale: number): number {
  const inside = Math.max(-clip, Math.min(clip, x));
  return Number.isNaN(inside) ? 0 : Math.round(inside * scale);
}

/** Largest size that toFixed gives. */
export function fixedLimit({ clip, bits }: FixedPoint): number {
  return Math.ceil(clip * 2 ** bits);
}
