// The verification of a whole test year: intervals of the scores, calibration of the distributions, and how reliable the chance of rain is.
import type { Random } from '@madang/numerics';
import { cdf, crps, mean } from './distributions.ts';
import type { Forecasts } from './fit.ts';
import type { Prepared } from './prepare.ts';
import { WET_CM } from './variables.ts';
import { type Brier, blockBootstrap, brier, pitHistogram } from './verify.ts';

export interface Verified {
  readonly variable: string;
  readonly leadDays: number;
  /** Root of the mean over stations and days of the squared error, and mean CRPS, each with its 90 % interval from blocks of days. */
  readonly rmse: Interval;
  readonly crps: Interval;
  /** Days with an observation at any station. */
  readonly days: number;
  /** Counts of P(X <= observed) in ten equal parts; flat is calibrated. For rain only wet days. */
  readonly pit: readonly number[];
  /** Rain only: reliability, resolution and bins of the chance of a wet day. */
  readonly brier?: Brier;
}

/** Without `low` and `high` where the days are too few for an interval. */
export interface Interval {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

/** Fewer blocks than six say little of their spread, so few days have shorter ones; days that are fewer than those of three weeks have no interval. */
const BLOCK_DAYS = 15;
const FEWEST_BLOCKS = 6;
const FEWEST_DAYS = 21;
const SAMPLES = 400;

/** Verifies at the given leads. Days are resampled for all stations together, since neighbours err together. */
export function verification(p: Prepared, forecasts: Forecasts, leads: readonly number[], r: Random): Verified[] {
  const days = p.testTo - p.testFrom;
  const variables = [...new Set(p.targets.map(t => t.variable))];
  return variables.flatMap(variable =>
    leads.map(leadDays => {
      const which = p.targets.flatMap((t, i) => (t.variable === variable ? [i] : []));
      const squares = new Float64Array(days);
      const scores = new Float64Array(days);
      const counts = new Float64Array(days);
      const pit: number[] = [];
      const chance: number[] = [];
      const wet: number[] = [];
      for (const t of which) {
        for (let i = 0; i < days; i++) {
          const y = p.targets[t].observed[p.testFrom + i];
          if (Number.isNaN(y)) continue;
          const d = forecasts[t][leadDays - 1][i];
          squares[i] += (mean(d) - y) ** 2;
          scores[i] += crps(d, y);
          counts[i] += 1;
          if (d.kind === 'rain') {
            chance.push(d.wet);
            wet.push(y >= WET_CM ? 1 : 0);
            if (y >= WET_CM) pit.push((cdf(d, y) - (1 - d.wet)) / d.wet);
          } else pit.push(cdf(d, y));
        }
      }
      const known = [...counts.keys()].filter(i => counts[i] > 0);
      const interval = (x: Float64Array, of: (mean: number) => number): Interval => {
        const mean = (s: readonly Float64Array[]) => of(total(s[0]) / total(s[1]));
        const both = [x, counts].map(s => Float64Array.from(known, i => s[i]));
        if (known.length < FEWEST_DAYS) return { value: mean(both) };
        const blockDays = Math.max(1, Math.min(BLOCK_DAYS, Math.floor(known.length / FEWEST_BLOCKS)));
        return blockBootstrap(both, mean, { blockDays, samples: SAMPLES, level: 0.9 }, r);
      };
      const rmse = interval(squares, Math.sqrt);
      const mean90 = interval(scores, x => x);
      const base = { variable, leadDays, days: known.length, rmse, crps: mean90, pit: pitHistogram(pit) };
      return chance.length > 0 ? { ...base, brier: brier(chance, wet) } : base;
    }),
  );
}

function total(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i];
  return sum;
}
