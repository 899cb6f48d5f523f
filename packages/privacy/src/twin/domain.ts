// The values a twin may show, found under differential privacy: ordered columns get bins from two noised histograms over public cells; categories are
// shown only when their noised count clears a threshold (stability, Korolova et al. 2009), so that a value that one unit alone has stays hidden.
import { normalCdf } from '@madang/numerics';
import type { Account } from './account.ts';
import type { Column } from './column.ts';

/** A column as codes 0 … size - 1. Code 0 is missing; the last code of a category is "other". */
export interface Domain {
  readonly column: Column;
  readonly size: number;
  readonly codes: Uint16Array;
  /** Noised count of each code, not negative. */
  readonly counts: Float64Array;
  readonly deviation: number;
  /** Ordered: lower ends of bins 1 … size - 1 and, last, the upper end. */
  readonly edges?: readonly number[];
  /** Categories: texts of codes 1 … size - 2. */
  readonly labels?: readonly string[];
}

/** Most bins of an ordered column, and most categories shown. */
const MOST_BINS = 32;
const MOST_LABELS = 200;

/** z with P(Z > z) = p. */
export function upperNormal(p: number): number {
  let [lo, hi] = [0, 40];
  for (let i = 0; i < 60; i++) {
    const mid = (lo + hi) / 2;
    if (normalCdf(-mid) > p) lo = mid;
    else hi = mid;
  }
  return hi;
}

/** Shares are of the whole budget; `delta` is this column's part of the delta kept for rare values. */
export function findDomain(column: Column, account: Account, share: number, delta: number, rowsAUnit: number): Domain {
  return column.texts
    ? categories(column, column.texts, account, share, delta, rowsAUnit)
    : ordered(column, column.numbers!, account, share);
}

function categories(
  column: Column,
  texts: readonly string[],
  account: Account,
  share: number,
  delta: number,
  rowsAUnit: number,
): Domain {
  const seen = new Map<string, number>();
  for (const t of texts) if (t !== '') seen.set(t, (seen.get(t) ?? 0) + 1);
  const values = [...seen.keys()].sort();
  const missing = texts.reduce((n, t) => n + (t === '' ? 1 : 0), 0);
  const { counts, deviation } = account.histogram(
    `${column.name}: counts of values`,
    [missing, ...values.map(v => seen.get(v)!)],
    1,
    share / 2,
  );
  // A value of one unit has a count of at most rowsAUnit; the discrete tail is below the continuous one a unit nearer.
  const threshold = rowsAUnit + 1 + deviation * upperNormal(delta / rowsAUnit);
  const shown = values
    .map((v, i) => ({ v, count: counts[i + 1] }))
    .filter(x => x.count > threshold)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_LABELS)
    .sort((a, b) => (a.v < b.v ? -1 : 1));
  const index = new Map(shown.map((x, i) => [x.v, i + 1]));
  const other = shown.length + 1;
  const codes = Uint16Array.from(texts, t => (t === '' ? 0 : (index.get(t) ?? other)));
  const rest = account.histogram(
    `${column.name}: count of values not shown`,
    [codes.reduce((n, c) => n + (c === other ? 1 : 0), 0)],
    1,
    share / 2,
  );
  return {
    column,
    size: other + 1,
    codes,
    counts: Float64Array.from([counts[0], ...shown.map(x => x.count), rest.counts[0]], c => Math.max(0, c)),
    deviation,
    labels: shown.map(x => x.v),
  };
}

function ordered(column: Column, numbers: Float64Array, account: Account, share: number): Domain {
  const coarse = publicCells(column);
  const first = account.histogram(`${column.name}: where values lie`, tally(numbers, coarse), 1, share / 3);
  const clear = first.deviation * upperNormal(0.05 / coarse.length);
  const occupied: number[] = [];
  for (let i = 1; i < first.counts.length; i++) if (first.counts[i] > clear) occupied.push(i - 1);
  const fine = refine(column, coarse, occupied);
  const second = account.histogram(`${column.name}: histogram`, tally(numbers, fine), 1, (2 * share) / 3);
  const { edges, counts } = merge(fine, second.counts, second.deviation);
  const codes = Uint16Array.from(numbers, x => (Number.isNaN(x) ? 0 : 1 + cellOf(x, edges)));
  return { column, size: edges.length, codes, counts, deviation: second.deviation, edges };
}

/** Missing first, then one count a cell; values outside go to the end cells. */
function tally(numbers: Float64Array, edges: readonly number[]): Float64Array {
  const out = new Float64Array(edges.length);
  for (const x of numbers) out[Number.isNaN(x) ? 0 : 1 + cellOf(x, edges)] += 1;
  return out;
}

/** The cell [edges[i], edges[i + 1]) of x. */
function cellOf(x: number, edges: readonly number[]): number {
  let [lo, hi] = [0, edges.length - 2];
  while (lo < hi) {
    const mid = (lo + hi + 1) >> 1;
    if (x >= edges[mid]) lo = mid;
    else hi = mid - 1;
  }
  return lo;
}

/** Cells that owe nothing to the data: powers of two either side of zero for numbers, years 1900 to 2100 for dates and months. */
function publicCells({ kind, decimals }: Column): number[] {
  if (kind === 'date') return Array.from({ length: 202 }, (_, i) => Math.round((1900 + i - 1970) * 365.2425));
  if (kind === 'month') return Array.from({ length: 202 }, (_, i) => (1900 + i) * 12);
  const least = Math.floor(Math.log2(10 ** -decimals / 2));
  const positive = Array.from({ length: 61 - least }, (_, i) => 2 ** (least + i));
  return [...positive.map(v => -v).reverse(), ...positive];
}

/** Splits the cells that are in use, and the run between them, into equal parts; gaps between used cells stay one cell. */
function refine(column: Column, coarse: readonly number[], occupied: readonly number[]): number[] {
  if (occupied.length === 0) return column.kind === 'number' ? [0, 1] : [coarse[0], coarse[coarse.length - 1]];
  const parts = Math.max(4, Math.min(64, Math.ceil(192 / occupied.length)));
  const edges = new Set<number>();
  const unit = 10 ** -column.decimals;
  for (const c of occupied) {
    const [a, b] = [coarse[c], coarse[c + 1]];
    for (let k = 0; k <= parts; k++) {
      const e = a + ((b - a) * k) / parts;
      // Whole values sit in the middle of their cell, so that rounding inside a bin keeps them.
      edges.add(column.kind === 'number' ? (Math.round(e / unit) - 0.5) * unit : Math.round(e));
    }
  }
  const out = [...edges].sort((a, b) => a - b);
  return out.length > 1 ? out : [out[0], out[0] + unit];
}

/** Joins neighbours until at most MOST_BINS remain, each with a fair part of the mass; empty ends are cut off. */
function merge(
  fine: readonly number[],
  noised: Float64Array,
  deviation: number,
): { edges: number[]; counts: Float64Array } {
  const cells = noised.subarray(1);
  let [from, to] = [0, cells.length - 1];
  const clear = deviation * upperNormal(0.05 / cells.length);
  while (from < to && cells[from] < clear) from += 1;
  while (to > from && cells[to] < clear) to -= 1;
  let total = 0;
  for (let i = from; i <= to; i++) total += Math.max(0, cells[i]);
  const fair = Math.max(total / MOST_BINS, 2 * deviation);
  const edges = [fine[from]];
  const counts = [Math.max(0, noised[0])];
  let run = 0;
  for (let i = from; i <= to; i++) {
    run += cells[i];
    if (i === to || run >= fair || to - from < MOST_BINS) {
      edges.push(fine[i + 1]);
      counts.push(Math.max(0, run));
      run = 0;
    }
  }
  return { edges, counts: Float64Array.from(counts) };
}
