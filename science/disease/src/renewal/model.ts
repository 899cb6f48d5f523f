// How the reproduction number moves, learned from all places: log R has a season and a first-order autoregression about it. With it the
// renewal equation (Fraser 2007, PLoS ONE 2:e758), which filter.ts runs: infections of a day are R times the recent ones weighted by the
// generation time.
// Trap: what is reported grows with reporting too, so R here is of the signal.
import { type GenerationTime, INFLUENZA, reproductionNumbers } from '../reproduction.ts';

/** How log R moves, learned from all places of a panel. */
export interface RenewalModel {
  readonly generation: GenerationTime;
  /** Mean log R by whole position of the year. */
  readonly season: Float64Array;
  /** Persistence from week to week of the deviation from the season, and the deviation's innovation. */
  readonly persistence: number;
  readonly innovation: number;
  /** Standard deviation of the log of a published value about the modelled one. */
  readonly observation: number;
}

/** R of a week is held within these, so that no forecast explodes. */
export const R_BOUNDS: readonly [number, number] = [0.4, 2.5];
export const LOG_R_BOUNDS: readonly [number, number] = [Math.log(R_BOUNDS[0]), Math.log(R_BOUNDS[1])];
/** Days of generation time kept. */
export const DAYS = 14;
/** Whole positions of a year. */
export const POSITIONS = 53;

/** The daily weights of a gamma generation time, day 1 first; they sum to 1. */
export function generationWeights(g: GenerationTime, days: number = DAYS): Float64Array {
  const shape = (g.meanDays / g.sdDays) ** 2;
  const rate = g.meanDays / g.sdDays ** 2;
  const w = new Float64Array(days);
  // Mass between the half days, by the midpoint rule with ten cells a day.
  for (let d = 0; d < days; d++) {
    for (let c = 0; c < 10; c++) {
      const t = d + 0.5 + (c + 0.5) / 10;
      w[d] += t ** (shape - 1) * Math.exp(-rate * t);
    }
  }
  const sum = w.reduce((a, b) => a + b, 0);
  return w.map(v => v / sum);
}
/** Mean of log R by season, and how it moves about it, from every place's five-week growth. `position` gives the week of the year. */
export function fitRenewal(
  series: readonly { readonly first: number; readonly values: Float64Array }[],
  position: (period: number) => number,
  generation: GenerationTime = INFLUENZA,
): RenewalModel {
  const sum = new Float64Array(POSITIONS);
  const count = new Float64Array(POSITIONS);
  const tracks: { at: number; x: number }[][] = [];
  const roughness: number[] = [];
  for (const s of series) {
    const track: { at: number; x: number }[] = [];
    for (const r of reproductionNumbers(s.values, generation)) {
      const x = Math.max(LOG_R_BOUNDS[0], Math.min(LOG_R_BOUNDS[1], Math.log(r.r)));
      // The window's centre is two weeks before its end.
      const at = s.first + r.at - 2;
      track.push({ at, x });
      const k = Math.floor(position(at));
      sum[k] += x;
      count[k] += 1;
    }
    tracks.push(track);
    for (let i = 2; i < s.values.length; i++) {
      const [a, b, c] = [s.values[i - 2], s.values[i - 1], s.values[i]];
      if (a > 0 && b > 0 && c > 0) roughness.push(Math.abs(Math.log((a * c) / (b * b))));
    }
  }
  const season = smoothSeason(sum, count);
  let xx = 0.01;
  let xy = 0;
  let n = 0;
  const pairs: [number, number][] = [];
  for (const track of tracks) {
    const of = new Map(track.map(t => [t.at, t.x - season[Math.floor(position(t.at))]]));
    for (const [at, x] of of) {
      const y = of.get(at + 5);
      if (y === undefined) continue;
      xx += x * x;
      xy += x * y;
      n += 1;
      pairs.push([x, y]);
    }
  }
  // Windows five weeks apart share no value, so their correlation is not made by the overlap.
  const persistence = Math.max(0.5, Math.min(0.97, Math.max(0.01, xy / xx) ** 0.2));
  const five = persistence ** 5;
  const residual = pairs.reduce((a, [x, y]) => a + (y - five * x) ** 2, 0) / Math.max(1, n);
  const innovation = Math.sqrt(Math.max(0.0004, (residual * (1 - persistence ** 2)) / (1 - five ** 2)));
  roughness.sort((a, b) => a - b);
  // Second differences of white noise have six times its variance; the median of |N| is 0.6745.
  const middle = roughness[roughness.length >> 1] ?? 0.2;
  const observation = Math.max(0.03, Math.min(0.3, middle / 0.6745 / Math.sqrt(6)));
  return { generation, season, persistence, innovation: Math.min(0.25, innovation), observation };
}

function smoothSeason(sum: Float64Array, count: Float64Array): Float64Array {
  const out = new Float64Array(POSITIONS);
  for (let k = 0; k < POSITIONS; k++) {
    let s = 0;
    let n = 3;
    for (let j = -2; j <= 2; j++) {
      const at = (k + j + POSITIONS) % POSITIONS;
      s += sum[at];
      n += count[at];
    }
    out[k] = s / n;
  }
  return out;
}
