// Online recalibration: one spread factor for each step, chosen by the season's own past forecasts against the truth as known at each
// deadline. Recent rounds count more (half-life six weeks) and a strong prior holds the factor near 1.
// In a federation the sums of WIS at the fixed factors are one more secure sum.
import { type Series, snapshot } from './change-log.ts';
import { LEVELS, MEDIAN } from './levels.ts';
import { withoutOutliers } from './outliers.ts';
import { fourthRoot, type Transform } from './panel/panel.ts';
import type { RawForecast, ReplayPlan } from './replay.ts';
import { wis } from './score/wis.ts';
import { unitChanges } from './unit-changes.ts';

/** The spread factors that are compared. */
export const FACTORS: readonly number[] = [
  0.6, 0.67, 0.75, 0.82, 0.9, 0.95, 1, 1.05, 1.1, 1.17, 1.25, 1.35, 1.5, 1.7, 2,
];
const ONE = 6;

export interface Recalibration {
  /** Weeks in which an outcome loses half of its weight. */
  readonly halfLife: number;
  /** Strength of the prior for 1, in weeks of evidence. */
  readonly prior: number;
}

/** What ships (docs/decisions/0117). */
export const RECALIBRATION: Recalibration = { halfLife: 6, prior: 6 };

/** Quantiles of increments drawn out about their median by a factor. */
export function spreadBy(increments: ArrayLike<number>, factor: number): Float64Array {
  const median = increments[MEDIAN];
  return Float64Array.from(increments, q => median + factor * (q - median));
}

/** A past forecast with what came true, both on the transformed scale. */
export interface Outcome {
  readonly week: number;
  readonly horizon: number;
  readonly increments: ArrayLike<number>;
  /** Truth minus last value, as known at the deadline now. */
  readonly increment: number;
}

/** Factor for each horizon from past outcomes. */
export function spreadFactors(
  outcomes: Iterable<Outcome>,
  nowWeek: number,
  horizons: readonly number[],
  plan: Recalibration = RECALIBRATION,
): Map<number, number> {
  const sums = new Map(
    horizons.map(h => [h, { loss: new Float64Array(FACTORS.length), weight: 0, weeks: new Map<number, number>() }]),
  );
  for (const o of outcomes) {
    const s = sums.get(o.horizon);
    if (!s || Number.isNaN(o.increment)) continue;
    const w = 0.5 ** ((nowWeek - o.week) / plan.halfLife);
    for (const [k, f] of FACTORS.entries()) s.loss[k] += w * wis(LEVELS, spreadBy(o.increments, f), o.increment);
    s.weight += w;
    s.weeks.set(o.week, w);
  }
  const out = new Map<number, number>();
  for (const [h, s] of sums) {
    if (s.weight === 0) {
      out.set(h, 1);
      continue;
    }
    // Smooth choice: the minimum of a parabola in log factor through the losses, shrunk by the weeks of evidence.
    let best = 0;
    for (let k = 1; k < FACTORS.length; k++) if (s.loss[k] < s.loss[best]) best = k;
    let evidence = 0;
    for (const w of s.weeks.values()) evidence += w;
    out.set(h, Math.exp((Math.log(FACTORS[best] / FACTORS[ONE]) * evidence) / (evidence + plan.prior)));
  }
  return out;
}

/** A forecast in the unit of its target. */
export interface FinalForecast {
  readonly raw: RawForecast;
  /** 23 quantiles, sorted, not below 0. */
  readonly quantiles: Float64Array;
  /** The factor that was applied. */
  readonly spread: number;
}

/** Recalibrates a season of raw forecasts round by round with what was known at each deadline, and returns to the target's unit. */
export function recalibrated(
  plan: Pick<ReplayPlan, 'hub' | 'target' | 'logs'>,
  forecasts: readonly RawForecast[],
  transform: Transform = fourthRoot,
  strength: Recalibration = RECALIBRATION,
): FinalForecast[] {
  const out: FinalForecast[] = [];
  const days = [...new Set(forecasts.map(f => f.originDay))].sort((a, b) => a - b);
  for (const day of days) {
    const now = new Map(
      snapshot(plan.logs[0], day)
        .filter(s => s.target === plan.target)
        .map(s => [s.location, inUnits(withoutOutliers(s))]),
    );
    const outcomes: Outcome[] = [];
    let newest = 0;
    for (const f of forecasts) {
      if (f.originDay >= day || Number.isNaN(f.increments[0])) continue;
      const value = now.get(f.location)?.outcomeOf(f, f.scale * transform.backward(f.lastZ));
      if (value === undefined || Number.isNaN(value)) continue;
      const increment = transform.forward(value / f.scale) - f.lastZ;
      outcomes.push({ week: f.week, horizon: f.horizon, increments: f.increments, increment });
      newest = Math.max(newest, f.week);
    }
    const factors = spreadFactors(outcomes, newest, plan.hub.horizons, strength);
    for (const raw of forecasts) {
      if (raw.originDay !== day || Number.isNaN(raw.increments[0])) continue;
      const spread = factors.get(raw.horizon) ?? 1;
      const quantiles = spreadBy(raw.increments, spread).map(q =>
        Math.min(raw.ceiling, raw.scale * transform.backward(raw.lastZ + q)),
      );
      out.push({ raw, quantiles, spread });
    }
  }
  return out;
}

/** A base that is now so many times what it was, or so small a part of it, is given in another unit. */
const OTHER_UNIT = 20;

/** What came of a forecast that started from `then`, in the forecast's own unit; undefined where it is not known or the place changed its unit since. */
function inUnits({ first, values }: Series) {
  const { changes, pending = values.length } = unitChanges(values);
  return {
    outcomeOf({ week, step, scale }: RawForecast, then: number): number | undefined {
      const at = week - first;
      const base = values[at - step];
      const large = Math.max(base, then);
      const other = large > scale / 10 && large > OTHER_UNIT * Math.min(base, then);
      return other || at >= pending || changes.some(c => at - step < c.at && c.at <= at) ? undefined : values[at];
    },
  };
}
