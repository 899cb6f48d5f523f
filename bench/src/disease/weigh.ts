// Scores a season under any weights of its recorded members, without and with the recalibration of the product.
import {
  dateOf,
  fourthRoot,
  LEVELS,
  type Member,
  type RawForecast,
  type Recalibration,
  recalibrated,
  weekEnd,
  widen,
  wis,
} from '@madang/disease';
import type { RecordedRow } from './recorded.ts';
import type { SeasonSet } from './sets.ts';

/** A weight for each recorded member. */
export type Weights = readonly number[];
/** Weights at established places and at newcomers. */
export interface Pair {
  readonly established: Weights;
  readonly newcomer: Weights;
}

/** The weights that `members` come with, for each of `recorded`; 0 for those that are not among them. */
export function weightsOf(members: readonly Member[], recorded: readonly Member[] = members): Pair {
  const by = new Map(members.map(m => [m.name, m.weight ?? { established: 1, newcomer: 1 }]));
  return {
    established: recorded.map(m => by.get(m.name)?.established ?? 0),
    newcomer: recorded.map(m => by.get(m.name)?.newcomer ?? 0),
  };
}

/** Rows of a season that have a truth (and, where a hub asked, a baseline), the sum of a nation left out. */
export interface Scorable {
  readonly set: SeasonSet;
  readonly rows: readonly RecordedRow[];
  /** Of all rows, `undefined` where nothing can be scored. */
  readonly truth: readonly (number | undefined)[];
  readonly baseline: readonly (number | undefined)[];
}

export function scorable(set: SeasonSet, rows: readonly RecordedRow[]): Scorable {
  const end = (r: RecordedRow) => dateOf(weekEnd(set.hub, r.raw.week));
  const baseline = rows.map(r => set.baseline?.get(`${dateOf(r.raw.originDay)}\t${r.raw.location}\t${end(r)}`));
  const truth = rows.map((r, i) =>
    r.raw.location === 'US' || (set.baseline && baseline[i] === undefined)
      ? undefined
      : set.truth.get(`${r.raw.location}\t${end(r)}`),
  );
  return { set, rows, truth, baseline };
}

const increments = new Float64Array(LEVELS.length);

/** Weighted mean of a row's members, sorted and widened as the product does it; members without a forecast are left out. */
function mixed(row: RecordedRow, weights: Weights): Float64Array {
  increments.fill(0);
  let total = 0;
  const add = (w: number, q: Float32Array) => {
    if (!(w > 0) || Number.isNaN(q[0])) return;
    total += w;
    for (let j = 0; j < increments.length; j++) increments[j] += w * q[j];
  };
  for (let m = 0; m < weights.length; m++) add(weights[m], row.members[m]);
  if (total === 0) for (const q of row.members) add(1, q);
  for (let j = 0; j < increments.length; j++) increments[j] /= total;
  return widen(increments.sort(), row.baseSd);
}

/** Sum of WIS by place, of established places or of newcomers, without recalibration: quick, for choosing. */
export function sumsOf(s: Scorable, established: boolean, weights: Weights): Map<string, number> {
  const out = new Map<string, number>();
  for (const [i, row] of s.rows.entries()) {
    const y = s.truth[i];
    if (y === undefined || row.established !== established) continue;
    const { lastZ, scale, ceiling, location } = row.raw;
    const q = mixed(row, weights).map(d => Math.min(ceiling, scale * fourthRoot.backward(lastZ + d)));
    out.set(location, (out.get(location) ?? 0) + wis(LEVELS, q, y));
  }
  return out;
}

/** With recalibration, as published: sums of WIS by place, ours and the baseline's (NaN where no hub asked). */
export function scored(
  s: Scorable,
  weights: Pair,
  plan?: Recalibration,
): Map<string, [ours: number, baseline: number]> {
  const raws = s.rows.map(
    (row): RawForecast => ({
      ...row.raw,
      increments: mixed(row, row.established ? weights.established : weights.newcomer),
    }),
  );
  const at = new Map(raws.map((r, i) => [r, i]));
  const places = new Map<string, [number, number]>();
  for (const f of recalibrated({ hub: s.set.hub, target: s.set.target, logs: s.set.logs }, raws, fourthRoot, plan)) {
    const i = at.get(f.raw)!;
    const y = s.truth[i];
    if (y === undefined) continue;
    const sum = places.get(f.raw.location) ?? [0, 0];
    places.set(f.raw.location, [sum[0] + wis(LEVELS, f.quantiles, y), sum[1] + (s.baseline[i] ?? Number.NaN)]);
  }
  return places;
}

export interface Ratios {
  readonly pooled: number;
  readonly place: number;
}

/** First by second, pooled and as the geometric mean over places. */
export function ratiosOf(places: Iterable<readonly [number, number]>): Ratios {
  const all = [...places];
  const pooled = all.reduce((t, [a]) => t + a, 0) / all.reduce((t, [, b]) => t + b, 0);
  return { pooled, place: Math.exp(all.reduce((t, [a, b]) => t + Math.log(a / b), 0) / all.length) };
}

/** Ratio to the hub's baseline. */
export const ratios = (s: Scorable, weights: Pair, plan?: Recalibration): Ratios =>
  ratiosOf(scored(s, weights, plan).values());
