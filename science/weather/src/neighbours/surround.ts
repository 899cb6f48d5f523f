// What each member learns of the others' values of one variable on each day: weighted means and slopes, as secure sums. Days on which somebody's value is
// no longer sent are summed again, the others stay.
import type { Network } from '../network.ts';
import { decode, encode, type SecureSum } from '../secure-sum.ts';
import { surroundOf } from './distance.ts';

const FRACTION_BITS = 16;
/** Weight of all others together below which nobody said anything. */
const NOBODY = 1e-4;

/** Means first, then slopes; per member and sum one value a day, NaN where nobody else sent any. */
export interface Surroundings {
  readonly about: readonly (readonly Float64Array[])[];
  /** What each member now sends, one value a day, NaN for none: the sums of those days are made again on which that has changed. */
  update(values: readonly Float64Array[]): void;
}

/** Sums over the members of some series; none before the first `update`. */
export function surroundings(network: Network, series: readonly number[], sum: SecureSum): Surroundings {
  const { ranges, slopes } = surroundOf(network, series);
  const widest = ranges.length - 1;
  const weights = [...ranges, ...slopes.map(s => s.map((row, m) => row.map((x, j) => x * ranges[widest][m][j])))];
  const about = series.map(() => weights.map(() => new Float64Array(network.days).fill(Number.NaN)));
  const sent = series.map(() => new Float64Array(network.days).fill(Number.NaN));
  return {
    about,
    update(values) {
      const changed = changedDays(sent, values);
      const n = changed.length;
      if (n === 0) return;
      for (const [j, v] of values.entries()) sent[j].set(v);
      const theirs = sent.map(v => Float64Array.from(changed, d => (Number.isNaN(v[d]) ? 0 : v[d])));
      const known = sent.map(v => Float64Array.from(changed, d => (Number.isNaN(v[d]) ? 0 : 1)));
      // Days on which somebody sends none: the weights of those who do are summed as well. On others they are known to all.
      const gaps = Int32Array.from(changed.keys()).filter(i => known.some(v => v[i] === 0));
      const present = known.map(v => Float64Array.from(gaps, i => v[i]));
      const made = new Float64Array(weights.length * n + ranges.length * gaps.length);
      const at = (k: number) => (k < weights.length ? k * n : weights.length * n + (k - weights.length) * gaps.length);
      const blocks = series.map(() => new Int32Array(made.length));
      for (const m of series.keys()) {
        const parts: Int32Array[] = [];
        for (const j of series.keys()) {
          if (j === m) continue;
          weights.forEach((w, k) => {
            scale(theirs[j], w[m][j], made.subarray(at(k), at(k + 1)));
          });
          ranges.forEach((w, k) => {
            scale(present[j], w[m][j], made.subarray(at(weights.length + k), at(weights.length + k + 1)));
          });
          parts.push(encode(made, FRACTION_BITS, series.length, blocks[j]));
        }
        const totals = decode(sum(parts), FRACTION_BITS);
        for (let k = 0; k < weights.length; k++) {
          const range = Math.min(k, widest);
          const below = new Float64Array(n).fill(ranges[range][m].reduce((s, w, j) => (j === m ? s : s + w), 0));
          for (const [g, i] of gaps.entries()) below[i] = totals[at(weights.length + range) + g];
          for (let i = 0; i < n; i++)
            about[m][k][changed[i]] = below[i] > NOBODY ? totals[at(k) + i] / below[i] : Number.NaN;
        }
      }
    },
  };
}

function changedDays(before: readonly Float64Array[], now: readonly Float64Array[]): Int32Array {
  const differs = new Uint8Array(now[0].length);
  for (const [j, v] of now.entries())
    for (let d = 0; d < v.length; d++) if (!Object.is(v[d], before[j][d])) differs[d] = 1;
  return Int32Array.from(differs.keys()).filter(d => differs[d] === 1);
}

function scale(values: Float64Array, by: number, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = by * values[i];
}
