// What a place can say without any model: quantiles of the same time of year in all earlier years, and the last value with its own past
// changes. Every model must beat these before anything is claimed.
import { LEVELS } from './levels.ts';
import type { Transform } from './panel/panel.ts';

/** Quantiles of sorted or unsorted values at {@link LEVELS} by linear interpolation; undefined for none. */
export function empiricalQuantiles(values: readonly number[]): Float64Array | undefined {
  if (values.length === 0) return undefined;
  const s = Float64Array.from(values).sort();
  return Float64Array.from(LEVELS, p => {
    const at = p * (s.length - 1);
    const low = Math.floor(at);
    return s[low] + (at - low) * ((s[low + 1] ?? s[low]) - s[low]);
  });
}

/** Values of the same time of year that quantiles need. */
const LEAST_OF_SEASON = 9;

/**
 * Quantiles of all values so far within `halfWidth` periods of the target's place in the year; `values[i]` is period `first + i`. Undefined when
 * the last value is not known or there are fewer than nine.
 */
export function seasonalQuantiles(
  values: ArrayLike<number>,
  first: number,
  targetPeriod: number,
  perYear: number,
  halfWidth = 1,
): Float64Array | undefined {
  if (values.length === 0 || Number.isNaN(values[values.length - 1])) return undefined;
  const same: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    const apart = targetPeriod - (first + i);
    const off = Math.abs(apart - Math.round(apart / perYear) * perYear);
    if (off <= halfWidth) same.push(values[i]);
  }
  return same.length < LEAST_OF_SEASON ? undefined : empiricalQuantiles(same);
}

/** The last value, with past changes over as many periods made symmetric, on the transformed scale. */
export function persistenceQuantiles(
  values: ArrayLike<number>,
  step: number,
  scale: number,
  transform: Transform,
): Float64Array | undefined {
  const z = Array.from(values, v => (Number.isNaN(v) ? v : transform.forward(v / scale)));
  const last = z.findLastIndex(v => !Number.isNaN(v));
  const changes: number[] = [0];
  for (let i = step; i < z.length; i++) {
    const c = z[i] - z[i - step];
    if (!Number.isNaN(c)) changes.push(c, -c);
  }
  const q = empiricalQuantiles(changes);
  return last < 0 || !q ? undefined : q.map(c => scale * transform.backward(z[last] + c));
}
