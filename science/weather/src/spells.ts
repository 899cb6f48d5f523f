// Spells of heat and cold in the next days at every station: what the season's own days say is beyond the usual, and how likely so many days in a row are.
import type { Random } from '@madang/numerics';
import type { Forecasts } from './fit.ts';
import type { Prepared } from './prepare.ts';
import { errorCorrelations, seasonalThreshold, warnings } from './warnings.ts';

export interface Spell {
  readonly station: string;
  readonly kind: 'heat' | 'cold';
  /** Days from the day of the forecast to the first of the spell. */
  readonly startLeadDays: number;
  readonly days: number;
  readonly thresholdC: number;
  readonly chance: number;
  readonly level: string;
}

const LEVELS = [
  { name: 'yellow', chance: 0.3 },
  { name: 'orange', chance: 0.5 },
  { name: 'red', chance: 0.8 },
];

/**
 * Heat is told from temp_max, cold from temp_min. `days`: in a row, 1 to 10; `share`: of the training days of the season beyond the threshold. `found` is of the days after `prepareToday`'s.
 * `untold` says in words for which stations there is too little to tell.
 */
export function spells(
  p: Prepared,
  found: Forecasts,
  rule: { readonly days: number; readonly share: number },
  r: Random,
): { readonly warned: readonly Spell[]; readonly untold: readonly string[] } {
  const untold: string[] = [];
  const { network, angles } = p.gated;
  const warned = p.targets.flatMap((target, t) => {
    const kind =
      target.variable === 'temp_max'
        ? ('heat' as const)
        : target.variable === 'temp_min'
          ? ('cold' as const)
          : undefined;
    if (!kind) return [];
    // Of the days after today the one that lies so many days ahead.
    const days = found[t].map((lead, l) => lead[l]);
    const training = target.observed.subarray(0, p.trainEnd);
    const { name } = network.stations[target.station];
    let thresholds: number[];
    try {
      thresholds = days.map((_, l) => seasonalThreshold(training, angles, angles[p.testFrom + l], rule.share, kind));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      untold.push(`no ${kind} warnings for ${name}: ${error.message.replace(/^\w+: /, '')}`);
      return [];
    }
    const correlations = errorCorrelations(days, lasting(target.regressands[0].z, p.trainEnd));
    return warnings(days, thresholds, { kind, days: rule.days, levels: LEVELS }, correlations, r).map(w => ({
      station: name,
      kind,
      startLeadDays: w.startLeadDays,
      days: rule.days,
      thresholdC: Number(thresholds[w.startLeadDays - 1].toFixed(1)),
      chance: w.chance,
      level: w.level,
    }));
  });
  return { warned, untold };
}

/** Correlation of the anomalies of neighbouring days on training days. */
function lasting(z: Float64Array, trainEnd: number): number {
  let [xy, xx] = [0, 1e-9];
  for (let i = 1; i < trainEnd; i++) {
    if (Number.isNaN(z[i] + z[i - 1])) continue;
    xy += z[i] * z[i - 1];
    xx += z[i - 1] ** 2;
  }
  return Math.min(0.95, Math.max(0, xy / xx));
}
