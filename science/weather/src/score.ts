// Scores of distributions against observations.
import { cdf, crps, type Distribution, mean } from './distributions.ts';
import { WET_CM } from './variables.ts';

export interface Score {
  /** Days with an observation. */
  readonly n: number;
  /** Of the distribution's mean, in the variable's unit. */
  readonly rmse: number;
  readonly crps: number;
  /** Share of observations inside the central 90 % interval. */
  readonly coverage90: number;
  /** Rain only: mean squared error of the probability of a wet day. */
  readonly brier?: number;
}

/** P(X < y): at rain's mass at zero this differs from `p` = P(X <= y). */
const below = (d: Distribution, y: number, p: number) => (d.kind === 'rain' && y <= 0 ? 0 : p);

/** NaN observations take no part; with none at all every score is NaN. */
export function score(forecasts: readonly Distribution[], observed: ArrayLike<number>): Score {
  let n = 0;
  let squares = 0;
  let total = 0;
  let inside = 0;
  let brier = 0;
  let rain = false;
  for (let i = 0; i < forecasts.length; i++) {
    const y = observed[i];
    if (Number.isNaN(y)) continue;
    const d = forecasts[i];
    n += 1;
    squares += (mean(d) - y) ** 2;
    total += crps(d, y);
    const p = cdf(d, y);
    if (p >= 0.05 && below(d, y, p) <= 0.95) inside += 1;
    if (d.kind === 'rain') {
      rain = true;
      brier += (d.wet - (y >= WET_CM ? 1 : 0)) ** 2;
    }
  }
  const base = { n, rmse: Math.sqrt(squares / n), crps: total / n, coverage90: inside / n };
  return rain ? { ...base, brier: brier / n } : base;
}
