// Does training together beat training alone? Both kinds of forecast of the same targets, scored place by place, with block bootstrap
// intervals: weeks are drawn in blocks of four, since errors of neighbouring weeks are alike. Losers are named, newcomers shown apart.
import { type Random, random } from '@madang/numerics';
import { LEVELS } from './levels.ts';
import { wis } from './score/wis.ts';

/** One target forecast both ways, in the target's unit, with what came true. */
export interface Pair {
  readonly target: string;
  readonly location: string;
  readonly originDay: number;
  readonly scale: number;
  readonly local: ArrayLike<number>;
  readonly global: ArrayLike<number>;
  readonly truth: number;
  /** Too little own history for a fair model alone. */
  readonly newcomer: boolean;
}

export interface PlaceClaim {
  readonly target: string;
  readonly location: string;
  readonly n: number;
  /** Mean WIS in the target's unit. */
  readonly local: number;
  readonly global: number;
  readonly ratio: number;
  /** 90 % interval of the ratio. */
  readonly interval: readonly [number, number];
  readonly verdict: 'together wins' | 'no clear difference' | 'alone wins';
}

export interface Claim {
  /** Mean WIS over places in units of each place's scale. */
  readonly local: number;
  readonly global: number;
  /** Geometric mean over places of global / local; below 1: together is better. */
  readonly ratio: number;
  readonly interval: readonly [number, number];
  readonly places: readonly PlaceClaim[];
  readonly newcomers: readonly PlaceClaim[];
  /** What may be said, in one sentence. */
  readonly statement: string;
}

const BLOCK_DAYS = 28;
const DRAWS = 1000;
/** Blocks below which a bootstrap over them is no interval, and nothing is won. */
const LEAST_BLOCKS = 3;

/** Scores the pairs. When every place is a newcomer the figures are theirs, and the statement says so. Throws a RangeError without pairs. */
export function claimOf(pairs: readonly Pair[], seed = 'claim'): Claim {
  const groups = Map.groupBy(pairs, p => `${p.target}\t${p.location}`);
  const all = [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, rows]) => ({ rows, claim: placeClaim(rows, random(`${seed}/${key}`)), blocks: blocksOf(rows) }));
  const established = all.filter(p => !p.rows[0].newcomer);
  const old = established.length > 0 ? established : all;
  if (old.length === 0)
    throw new RangeError('claim: no target was forecast both ways and came true; nothing can be compared');
  const r = random(seed);
  const days = [...new Set(pairs.map(p => Math.floor(p.originDay / BLOCK_DAYS)))].sort((a, b) => a - b);
  const draws: number[] = [];
  for (let k = 0; k < DRAWS; k++) {
    const drawn = days.map(() => days[r.below(days.length)]);
    let sum = 0;
    let n = 0;
    for (let i = 0; i < old.length; i++) {
      const ratio = ratioOf(old[r.below(old.length)].blocks, drawn);
      if (ratio === undefined) continue;
      sum += Math.log(ratio);
      n += 1;
    }
    if (n > 0) draws.push(Math.exp(sum / n));
  }
  const mean = (f: (p: (typeof old)[number]) => number) => old.reduce((s, p) => s + f(p), 0) / old.length;
  const ratio = Math.exp(mean(p => Math.log(p.claim.ratio)));
  const interval = quantile90(draws);
  const places = established.map(p => p.claim);
  const losers = old
    .map(p => p.claim)
    .filter(p => p.verdict === 'alone wins')
    .map(p => `${p.target} ${p.location}`);
  return {
    local: mean(p => p.claim.local / p.rows[0].scale),
    global: mean(p => p.claim.global / p.rows[0].scale),
    ratio,
    interval,
    places,
    newcomers: all.filter(p => p.rows[0].newcomer).map(p => p.claim),
    statement: `${WON[winner(interval, days.length)]} over ${established.length > 0 ? several(old.length, 'place') : `${several(old.length, 'newcomer')} (no place has three seasons of its own)`} (ratio ${ratio.toFixed(3)}, 90 % interval ${interval[0].toFixed(3)} to ${interval[1].toFixed(3)}); alone wins at ${losers.length === 0 ? 'none' : losers.join(', ')}.`,
  };
}

const several = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;

const WON = {
  'together wins': 'Together is better',
  'alone wins': 'Alone is better',
  'no clear difference': 'No clear difference',
} as const;

function winner(interval: readonly [number, number], blocks: number): PlaceClaim['verdict'] {
  if (blocks < LEAST_BLOCKS) return 'no clear difference';
  return interval[1] < 1 ? 'together wins' : interval[0] > 1 ? 'alone wins' : 'no clear difference';
}

type Blocks = ReadonlyMap<number, readonly [number, number]>;

function blocksOf(rows: readonly Pair[]): Blocks {
  const out = new Map<number, [number, number]>();
  for (const p of rows) {
    const b = Math.floor(p.originDay / BLOCK_DAYS);
    const sum = out.get(b) ?? [0, 0];
    out.set(b, [sum[0] + wis(LEVELS, p.local, p.truth), sum[1] + wis(LEVELS, p.global, p.truth)]);
  }
  return out;
}

function ratioOf(blocks: Blocks, drawn: readonly number[]): number | undefined {
  let local = 0;
  let global = 0;
  for (const b of drawn) {
    const s = blocks.get(b);
    if (!s) continue;
    local += s[0];
    global += s[1];
  }
  return local > 0 && global > 0 ? global / local : undefined;
}

function placeClaim(rows: readonly Pair[], r: Random): PlaceClaim {
  const blocks = blocksOf(rows);
  const keys = [...blocks.keys()];
  const draws: number[] = [];
  for (let k = 0; k < DRAWS; k++) {
    const ratio = ratioOf(
      blocks,
      keys.map(() => keys[r.below(keys.length)]),
    );
    if (ratio !== undefined) draws.push(ratio);
  }
  const ratio = ratioOf(blocks, keys) ?? 1;
  const interval = draws.length > 0 ? quantile90(draws) : ([ratio, ratio] as const);
  const total = [...blocks.values()].reduce((s, b) => [s[0] + b[0], s[1] + b[1]], [0, 0]);
  return {
    target: rows[0].target,
    location: rows[0].location,
    n: rows.length,
    local: total[0] / rows.length,
    global: total[1] / rows.length,
    ratio,
    interval,
    verdict: winner(interval, keys.length),
  };
}

function quantile90(draws: number[]): [number, number] {
  const s = draws.sort((a, b) => a - b);
  return [s[Math.floor(0.05 * (s.length - 1))], s[Math.ceil(0.95 * (s.length - 1))]];
}
