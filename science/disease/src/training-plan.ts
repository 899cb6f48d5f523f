// Which rows of a weekly panel are learned from, and how much each counts.
import { weekOfSeason } from './calendar.ts';
import { EXCLUDED_PERIODS, type ExcludedPeriod, excludedWeeks } from './pandemic.ts';
import type { TrainingPlan } from './panel/design.ts';
import { reliabilityUnder, type SourceNoise } from './source-noise.ts';
import { STEPS } from './stack.ts';

/** On the fourth-root scale: from nothing to eleven times the place's 95th percentile within six weeks. */
const LARGEST_INCREMENT = 1.5;

/**
 * Row weights: the signal itself counts 1, others half; target weeks outside the season a third; excluded periods nothing; rows of noised
 * values less by what the noise adds to their surprise.
 */
export function trainingPlan(
  target: string,
  excluded: readonly ExcludedPeriod[] = EXCLUDED_PERIODS,
  noise?: SourceNoise,
): TrainingPlan {
  const cache = new Map<string, [number, number][]>();
  return {
    steps: STEPS,
    largest: LARGEST_INCREMENT,
    ...(noise && { reliability: reliabilityUnder(noise) }),
    weight(signal, week) {
      let out = cache.get(signal);
      if (!out) {
        out = excludedWeeks(signal, excluded);
        cache.set(signal, out);
      }
      if (out.some(([a, b]) => week >= a && week <= b)) return 0;
      const position = weekOfSeason(week);
      return (signal === target ? 1 : 0.5) * (position >= 8 && position <= 42 ? 1 : 0.3);
    },
  };
}
