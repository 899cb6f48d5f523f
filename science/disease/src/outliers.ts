// Values that cannot be: a week far above everything the place ever reported is left out while it is new (a slip of unit or key is
// mostly corrected within weeks). When such values stay, they are the place's new unit and count; when the place returned to its usual
// values and the slip was never corrected, it is left out of the history.
import type { Series } from './change-log.ts';

/** Times the largest earlier value. */
export const OUTLIER_FACTOR = 20;
/** The same for counts in panels, where real outbreaks exceed {@link OUTLIER_FACTOR} (docs/decisions/0115). */
export const PANEL_OUTLIER_FACTOR = 200;
/** Earlier values that are needed to judge. */
const LEAST = 52;
/** Newest values that may be left out. */
const NEWEST = 3;

/** Index of the first of the newest values that lie beyond `factor` times all before; -1 when none do, or more than the newest three. */
function firstOutlier(values: Float64Array, factor: number): number {
  const known: number[] = [];
  for (let i = values.length - 1; i >= 0 && known.length <= NEWEST; i--) if (!Number.isNaN(values[i])) known.push(i);
  for (const newest of known.slice(0, NEWEST).reverse()) {
    let largest = 0;
    let n = 0;
    for (let i = 0; i < newest; i++) {
      if (Number.isNaN(values[i])) continue;
      n += 1;
      if (values[i] > largest) largest = values[i];
    }
    if (n >= LEAST && largest > 0 && values[newest] > factor * largest) return newest;
  }
  return -1;
}

/** The series up to a period; values dated later cannot have been observed. Undefined when nothing is left. */
export function notAfter<S extends Series>(s: S, period: number): S | undefined {
  if (s.first + s.values.length - 1 <= period) return s;
  const end = s.values.subarray(0, Math.max(0, period - s.first + 1)).findLastIndex(v => !Number.isNaN(v)) + 1;
  return end > 0 ? { ...s, values: s.values.subarray(0, end) } : undefined;
}

/** The series without its newest outliers and what follows them; the same series when there are none. */
export const withoutOutliers = <S extends Series>(s: S): S => withoutBeyond(s, OUTLIER_FACTOR);

/** The same with another factor. */
export function withoutBeyond<S extends Series>(s: S, factor: number): S {
  const at = firstOutlier(s.values, factor);
  if (at < 0) return s;
  const end = s.values.subarray(0, at).findLastIndex(v => !Number.isNaN(v)) + 1;
  return { ...s, values: s.values.subarray(0, end) };
}

/**
 * Indices of past slips: values above {@link OUTLIER_FACTOR} times the 95th percentile that a usual value follows. A new unit is followed by
 * none. One such week in another place's history gave analogues a tail of a thousand times the median.
 */
export function slipsOf(values: Float64Array): number[] {
  const known = values.filter(v => !Number.isNaN(v)).sort();
  const usual = known[Math.floor(0.95 * (known.length - 1))];
  if (known.length < LEAST || !(usual > 0)) return [];
  const limit = OUTLIER_FACTOR * usual;
  const last = values.findLastIndex(v => v <= limit);
  return Array.from(values.keys()).filter(i => i < last && values[i] > limit);
}

/** The series with its past slips missing; the same series when there are none. */
export function withoutSlips<S extends Series>(s: S): S {
  const slips = slipsOf(s.values);
  if (slips.length === 0) return s;
  const values = s.values.slice();
  for (const i of slips) values[i] = Number.NaN;
  return { ...s, values };
}

/**
 * What no quantile exceeds: eight times the place's largest value, twenty times with less than two years of values, a hundred times with less
 * than one. Wider than any forecast that can be meant; it stops what a model makes of rows unlike any it has seen. `year` is in periods.
 */
export function ceilingOf(values: ArrayLike<number>, year = LEAST): number {
  let largest = 0;
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    n += 1;
    if (values[i] > largest) largest = values[i];
  }
  return (n >= 2 * year ? 8 : n >= year ? 20 : 100) * largest;
}
