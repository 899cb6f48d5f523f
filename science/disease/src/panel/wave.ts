// The common wave of one signal: what its places do together, period by period.
import type { Place } from './panel.ts';

/** The common wave of one signal: mean over places, NaN where fewer than five report. Index i is period `first + i`. */
export interface Wave {
  readonly first: number;
  readonly mean: Float64Array;
  /** Mean over places of the change since one and two periods before. */
  readonly change1: Float64Array;
  readonly change2: Float64Array;
}

/** The wave of places of one signal. */
export function waveOf(places: readonly Place[]): Wave {
  const first = Math.min(...places.map(p => p.first));
  const length = Math.max(...places.map(p => p.first + p.z.length)) - first;
  const average = (lag: number) => {
    const sum = new Float64Array(length);
    const count = new Float64Array(length);
    for (const p of places) {
      const from = p.first - first;
      for (let i = lag; i < p.z.length; i++) {
        const v = lag === 0 ? p.z[i] : p.z[i] - p.z[i - lag];
        if (Number.isNaN(v)) continue;
        sum[from + i] += v;
        count[from + i] += 1;
      }
    }
    return sum.map((s, i) => (count[i] >= 5 ? s / count[i] : Number.NaN));
  };
  return { first, mean: average(0), change1: average(1), change2: average(2) };
}
