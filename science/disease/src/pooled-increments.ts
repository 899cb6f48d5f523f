// The first pilot: a pooled histogram of standardised fourth-root increments, made to be summed securely and noised, and the
// forecasts that a place makes from it. A node counts its rows z[t+d] - z[t] in cells (part of the season x step x bin); the
// pooled, noised counts are turned into a smooth location-scale surface by least squares, which averages the noise of thousands of
// cells into some twenty coefficients: post-processing, so it costs no privacy.
// The trap: the scale s is fixed before the period and never recomputed from the rows, else one value would move all of them.
import { weekOfSeason } from './calendar.ts';

/** The public design of the histogram. Cells are ordered part, step, bin (bin fastest). */
export interface PilotSpec {
  /** Weeks ahead, 1 to steps. */
  readonly steps: number;
  /** 4-week parts of the season, by the week of season (from 1 August) of the base week; 13. */
  readonly parts: number;
  /** Inner edges of the bins of a one-week increment; the two outermost bins are open. */
  readonly binEdges: readonly number[];
  /** Edges of step d are those of step 1 times d^spread. */
  readonly spread: number;
  /** Target weeks left out, as week numbers, first and last (a pandemic); both ends count. */
  readonly excluded: readonly (readonly [number, number])[];
}

/** A place's own series with the scale that was fixed before the period. */
export interface PilotSeries {
  /** Week number of values[0]. */
  readonly first: number;
  /** NaN = not known. */
  readonly values: ArrayLike<number>;
  readonly scale: number;
}

/** Fourth root of the standardised value. */
export const rootOf = (value: number, scale: number): number => (Math.max(0, value) / scale + 0.01) ** 0.25;

/** Inverse of {@link rootOf}, not below 0. */
export const valueFromRoot = (z: number, scale: number): number => Math.max(0, (Math.max(0, z) ** 4 - 0.01) * scale);

/** Number of cells. */
export function cellCount(spec: PilotSpec): number {
  return spec.parts * spec.steps * (spec.binEdges.length + 1);
}

/** 95th percentile of the six years before `beforeWeek`, or undefined with fewer than `least` values or when it is 0. */
export function pilotScale(series: Omit<PilotSeries, 'scale'>, beforeWeek: number, least = 40): number | undefined {
  const known: number[] = [];
  for (
    let i = Math.max(0, beforeWeek - 313 - series.first);
    i < Math.min(series.values.length, beforeWeek - series.first);
    i++
  )
    if (!Number.isNaN(series.values[i])) known.push(series.values[i]);
  if (known.length < least) return undefined;
  known.sort((a, b) => a - b);
  const at = 0.95 * (known.length - 1);
  const low = Math.floor(at);
  const s = known[low] + (at - low) * ((known[low + 1] ?? known[low]) - known[low]);
  return s > 0 ? s : undefined;
}

/** A node's counts. One value is base or target of 2 rows in each step, so it changes the counts by at most 8 a step squared. */
export function incrementHistogram(series: Iterable<PilotSeries>, spec: PilotSpec): Int32Array {
  const out = new Int32Array(cellCount(spec));
  const bins = spec.binEdges.length + 1;
  for (const s of series) {
    for (let t = 0; t < s.values.length; t++) {
      if (Number.isNaN(s.values[t])) continue;
      const z = rootOf(s.values[t], s.scale);
      const part = Math.min(spec.parts - 1, Math.floor((weekOfSeason(s.first + t) * spec.parts) / 52));
      for (let d = 1; d <= spec.steps && t + d < s.values.length; d++) {
        const y = s.values[t + d];
        if (Number.isNaN(y) || isExcluded(spec, s.first + t + d)) continue;
        const bin = slot(spec.binEdges, (rootOf(y, s.scale) - z) / d ** spec.spread);
        out[(part * spec.steps + d - 1) * bins + bin] += 1;
      }
    }
  }
  return out;
}

/** Squared L2 sensitivity of {@link incrementHistogram} to replacing one place-week: 2 rows in each step may leave one cell for another. */
export function squaredSensitivity(spec: PilotSpec): number {
  return 8 * spec.steps;
}

function slot(edges: readonly number[], x: number): number {
  let i = 0;
  while (i < edges.length && x >= edges[i]) i++;
  return i;
}

function isExcluded(spec: PilotSpec, week: number): boolean {
  return spec.excluded.some(([a, b]) => week >= a && week <= b);
}

/** The design of the pilot: 13 parts, 5 steps, 30 bins; 1,950 cells. `excluded` as in {@link PilotSpec}. */
export function pilotSpec(excluded: PilotSpec['excluded']): PilotSpec {
  const binEdges = Array.from({ length: 29 }, (_, i) => ((i - 14) * 12) / 1000);
  return { steps: 5, parts: 13, binEdges, spread: 0.75, excluded };
}
