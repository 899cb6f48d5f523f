// What each member learns of the others' values of one variable on each day: weighted means and slopes, as secure sums. Days on which somebody's value is
// no longer sent are summed again, the others stay.
import { arena } from '../dense/products.ts';
import type { Network } from '../network.ts';
import { decode, mostToSend, type SecureSum, tooLarge } from '../secure-sum.ts';
import { surroundOf } from './distance.ts';

const FRACTION_BITS = 16;
/** Weight of all others together below which nobody said anything. */
const NOBODY = 1e-4;

/** Per sum: the weight of member j in that about member m, `[sum][m][j]`. */
type Weights = readonly (readonly (readonly number[])[])[];

/** Means first, then slopes; per member and sum one value a day, NaN where nobody else sent any. */
export interface Surroundings {
  readonly about: readonly (readonly Float64Array[])[];
  /** What each member now sends, one value a day, NaN for none: the sums of those days are made again on which that has changed. Those days. */
  update(values: readonly Float64Array[]): Int32Array;
}

/** Sums over the members of some series; none before the first `update`. */
export function surroundings(network: Network, series: readonly number[], sum: SecureSum): Surroundings {
  const { ranges, slopes } = surroundOf(network, series);
  const widest = ranges.length - 1;
  const weights = [...ranges, ...slopes.map(s => s.map((row, m) => row.map((x, j) => x * ranges[widest][m][j])))];
  const about = series.map(() => weights.map(() => new Float64Array(network.days).fill(Number.NaN)));
  const sent = series.map(() => new Float64Array(network.days).fill(Number.NaN));
  const memory = arena(series.length * ((2 + (weights.length + ranges.length) / 2) * network.days + 4));
  const most = mostToSend(FRACTION_BITS, series.length);
  const put = (weight: number, values: Float64Array, to: Int32Array<ArrayBufferLike>) => {
    const size = Math.abs(weight) * memory.fix(values, weight * 2 ** FRACTION_BITS, to);
    if (!(size <= most)) throw tooLarge(size, FRACTION_BITS, series.length);
  };
  const putAll = (by: Weights, m: number, j: number, values: Float64Array, to: readonly Int32Array[]) => {
    for (let k = 0; k < by.length; k++) put(by[k][m][j], values, to[k]);
  };
  const renew = (changed: Int32Array) => {
    const n = changed.length;
    const known = new Int32Array(n);
    const theirs = sent.map(v => putKnown(v, changed, known, memory.alloc(n)));
    // Days on which somebody sends none: the weights of those who do are summed as well. On others they are known to all.
    const gaps = placesBelow(known, series.length);
    const present = sent.map(v => putPresent(v, changed, gaps, memory.alloc(gaps.length)));
    const at = (k: number) => (k < weights.length ? k * n : weights.length * n + (k - weights.length) * gaps.length);
    const sums = weights.length + ranges.length;
    const split = <T extends Float64Array | Int32Array<ArrayBufferLike>>(all: T) =>
      Array.from({ length: sums }, (_, k) => all.subarray(at(k), at(k + 1)) as T);
    const blocks = series.map(() => memory.wholes(at(sums)));
    const places = blocks.map(split);
    for (const m of series.keys()) {
      for (const [j, to] of places.entries()) {
        if (j === m) continue;
        putAll(weights, m, j, theirs[j], to);
        if (gaps.length > 0) putAll(ranges, m, j, present[j], to.slice(weights.length));
      }
      const totals = split(decode(sum(blocks.filter((_, j) => j !== m)), FRACTION_BITS));
      for (const [k, to] of about[m].entries()) {
        const range = Math.min(k, widest);
        const all = ranges[range][m].reduce((s, w, j) => (j === m ? s : s + w), 0);
        putMeans(totals[k], ofGaps(all, totals[weights.length + range], gaps, n), changed, to);
      }
    }
  };
  return {
    about,
    update(values) {
      const changed = changedDays(sent, values);
      for (const [j, v] of values.entries()) sent[j].set(v);
      if (changed.length > 0) memory.scope(() => renew(changed));
      return changed;
    },
  };
}

/** One number for each of `n`, others in the gaps. */
function ofGaps(all: number, others: Float64Array, gaps: Int32Array, n: number): Float64Array {
  const out = new Float64Array(n).fill(all);
  for (let g = 0; g < gaps.length; g++) out[gaps[g]] = others[g];
  return out;
}

function putMeans(totals: Float64Array, below: Float64Array, days: Int32Array, out: Float64Array): void {
  for (let i = 0; i < days.length; i++) out[days[i]] = below[i] > NOBODY ? totals[i] / below[i] : Number.NaN;
}

/** Days on which somebody sends something else. */
function changedDays(before: readonly Float64Array[], now: readonly Float64Array[]): Int32Array {
  const same = new Int32Array(now[0].length).fill(1);
  for (const [j, v] of now.entries()) markChanged(before[j], v, same);
  return placesBelow(same, 1);
}

function markChanged(before: Float64Array, now: Float64Array, same: Int32Array): void {
  for (let d = 0; d < same.length; d++)
    if (now[d] !== before[d] && !(Number.isNaN(now[d]) && Number.isNaN(before[d]))) same[d] = 0;
}

/** Where numbers are below a limit. */
function placesBelow(numbers: Int32Array, limit: number): Int32Array {
  const out = new Int32Array(numbers.length);
  let n = 0;
  for (let i = 0; i < numbers.length; i++) if (numbers[i] < limit) out[n++] = i;
  return out.subarray(0, n);
}

/** Puts the values of some days, 0 for none, into `out`; `known` counts those that are there. */
function putKnown<T extends Float64Array>(values: Float64Array, days: Int32Array, known: Int32Array, out: T): T {
  for (let i = 0; i < days.length; i++) {
    const v = values[days[i]];
    if (Number.isNaN(v)) continue;
    out[i] = v;
    known[i] += 1;
  }
  return out;
}

/** 1 for each of the days in the gaps on which there is a value. */
function putPresent<T extends Float64Array>(values: Float64Array, days: Int32Array, gaps: Int32Array, out: T): T {
  for (let g = 0; g < gaps.length; g++) out[g] = Number.isNaN(values[days[gaps[g]]]) ? 0 : 1;
  return out;
}
