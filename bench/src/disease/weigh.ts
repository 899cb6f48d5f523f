// Scores a season under any weights of its recorded members, without and with the recalibration of the product.
import {
  candidateMembers,
  dateOf,
  fourthRoot,
  LEVELS,
  type RawForecast,
  recalibrated,
  weekEnd,
  weeklyMembers,
  widen,
  wis,
} from '@madang/disease';
import type { RecordedRow } from './recorded.ts';
import type { SeasonSet } from './sets.ts';

/** A weight for each of {@link candidateMembers}. */
export type Weights = readonly number[];
/** Weights at established places and at newcomers. */
export interface Pair {
  readonly established: Weights;
  readonly newcomer: Weights;
}

/** The weights that ship. */
export function shipped(): Pair {
  const by = new Map(weeklyMembers().map(m => [m.name, m.weight ?? { established: 1, newcomer: 1 }]));
  const names = candidateMembers().map(m => m.name);
  return {
    established: names.map(n => by.get(n)?.established ?? 0),
    newcomer: names.map(n => by.get(n)?.newcomer ?? 0),
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

/** With recalibration, as published: ratio to the hub's baseline, pooled and per place. */
export function ratios(s: Scorable, weights: Pair): { readonly pooled: number; readonly place: number } {
  const raws = s.rows.map(
    (row): RawForecast => ({
      ...row.raw,
      increments: mixed(row, row.established ? weights.established : weights.newcomer),
    }),
  );
  const at = new Map(raws.map((r, i) => [r, i]));
  const places = new Map<string, [number, number]>();
  for (const f of recalibrated({ hub: s.set.hub, target: s.set.target, logs: s.set.logs }, raws)) {
    const i = at.get(f.raw)!;
    const y = s.truth[i];
    const b = s.baseline[i];
    if (y === undefined || b === undefined) continue;
    const sum = places.get(f.raw.location) ?? [0, 0];
    places.set(f.raw.location, [sum[0] + wis(LEVELS, f.quantiles, y), sum[1] + b]);
  }
  const all = [...places.values()];
  const pooled = all.reduce((t, [a]) => t + a, 0) / all.reduce((t, [, b]) => t + b, 0);
  return { pooled, place: Math.exp(all.reduce((t, [a, b]) => t + Math.log(a / b), 0) / all.length) };
}
