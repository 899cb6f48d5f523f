// Replaying a season: for every deadline the table as known then, forecasts of all places from the stack, and nothing else. A block of
// rounds shares one training at its first round; blocks do not depend on each other, so they may run anywhere, in any order.
import type { ChangeLog, Series } from './change-log.ts';
import { nameOf, panelAt } from './deadline-panel.ts';
import { type HubRules, targetWeek } from './hubs.ts';
import { LEVELS } from './levels.ts';
import { asItMayHaveBeen, withoutNoise } from './local-level.ts';
import type { Member, Trained } from './members/member.ts';
import { ceilingOf } from './outliers.ts';
import { EXCLUDED_PERIODS, type ExcludedPeriod, excludedWeeks } from './pandemic.ts';
import { forecastDesign, periodsByPlace, placeName, trainingDesign } from './panel/design.ts';
import { featureMaker } from './panel/features.ts';
import { fourthRoot, type Panel, type Place, weeklyCalendar } from './panel/panel.ts';
import { widen } from './revision.ts';
import type { SourceNoise } from './source-noise.ts';
import { averageQuantiles, STEPS } from './stack.ts';
import { trainingPlan } from './training-plan.ts';

export interface ReplayPlan {
  readonly hub: HubRules;
  /** The signal to forecast. */
  readonly target: string;
  /** The hub's own change log, and further ones to learn from. */
  readonly logs: readonly ChangeLog[];
  readonly members: readonly Member[];
  readonly seed: string;
  readonly excluded?: readonly ExcludedPeriod[];
  /** What was added to the signal's values at their source, if anything. */
  readonly noise?: SourceNoise;
}

/** One forecast on the transformed scale, before recalibration. */
export interface RawForecast {
  readonly originDay: number;
  readonly location: string;
  readonly horizon: number;
  /** Target week. */
  readonly week: number;
  /** Weeks from the last known value, and that value on the transformed scale. */
  readonly step: number;
  readonly lastZ: number;
  readonly scale: number;
  /** Values of the place known at the deadline. */
  readonly history: number;
  /** What no quantile may exceed, in the target's unit. */
  readonly ceiling: number;
  /** 23 quantiles of the increment, sorted. */
  readonly increments: Float64Array;
}

/** Every signal of a table, in a fixed order: never of a whole log, which would tell of signals to come. */
function signalsOf(panel: Panel): string[] {
  return [...new Set(panel.places.map(p => p.target))].sort();
}

/** A table that has grown by so much within a block of rounds has brought histories that models trained before it lack. */
const GROWN = 1.5;

/** Forecasts of a block of rounds from members trained at the first, and again where the table has grown much. `tick` is called after each round. */
export function replayBlock(plan: ReplayPlan, rounds: readonly number[], tick: () => void = () => {}): RawForecast[] {
  const excluded = plan.excluded ?? EXCLUDED_PERIODS;
  const calendar = weeklyCalendar(target => excludedWeeks(target, excluded));
  let signals: string[] = [];
  const out: RawForecast[] = [];
  let trained: Trained[] = [];
  let trainedOn = 0;
  let learned = new Map<string, number>();
  for (const day of rounds) {
    const { noise } = plan;
    const { panel, silent, own } = panelAt(plan, day, calendar, noise ? t => withoutNoise(t, noise) : t => t);
    const history = panel.places.map(known);
    const size = history.reduce((a, b) => a + b, 0);
    const training = trained.length === 0 || size > GROWN * trainedOn;
    if (training) signals = signalsOf(panel);
    const features = featureMaker(panel, calendar, signals);
    if (training) {
      trainedOn = size;
      const mayHaveBeen = (t: Series[]) => (noise ? asItMayHaveBeen(t, noise, `${plan.seed}/${day}`) : t);
      const learning = noise ? panelAt(plan, day, calendar, mayHaveBeen).panel : panel;
      const rows = noise ? featureMaker(learning, calendar, signals) : features;
      const design = trainingDesign(learning, rows, trainingPlan(plan.target, excluded, noise));
      trained = plan.members.map(m => m.train(design, `${plan.seed}/${m.name}`));
      learned = periodsByPlace(design);
    }
    const wanted = wantedAt(plan.hub, plan.target, panel, own, day);
    const design = forecastDesign(panel, features, wanted, STEPS);
    const q = averageQuantiles(
      plan.members,
      trained,
      design,
      i => learned.get(placeName(design, design.place[i])) ?? 0,
    );
    for (const [i, w] of wanted.entries()) {
      const place = panel.places[w.place];
      out.push({
        originDay: day,
        location: place.location,
        horizon: w.horizon,
        week: w.week,
        step: w.step,
        lastZ: place.z[w.base],
        scale: place.scale,
        history: history[w.place],
        ceiling: place.scale * ceilingOf(place.z.map(z => (Number.isNaN(z) ? z : fourthRoot.backward(z)))),
        increments: widen(q.slice(i * 23, i * 23 + 23), place.baseSd),
      });
    }
    out.push(...silent.flatMap(s => silentForecasts(plan.hub, s, day)));
    tick();
  }
  return out;
}

const known = (place: Place) => place.z.reduce((n, v) => n + (Number.isNaN(v) ? 0 : 1), 0);

/** A place that has never reported anything but 0 is forecast to go on so. */
function silentForecasts(hub: HubRules, s: Series, day: number): RawForecast[] {
  const last = s.first + s.values.length - 1;
  return hub.horizons.flatMap(horizon => {
    const week = targetWeek(hub, day, horizon);
    if (week <= last) return [];
    const increments = new Float64Array(LEVELS.length);
    const still = { lastZ: fourthRoot.forward(0), scale: 1, history: s.values.length, ceiling: 0, increments };
    return [{ originDay: day, location: s.location, horizon, week, step: week - last, ...still }];
  });
}

/** What the hub asks for at a deadline: every horizon of every place of its own whose target week is not already known. */
function wantedAt(hub: HubRules, target: string, panel: Panel, own: ReadonlySet<string>, day: number) {
  return panel.places.flatMap((place, p) => {
    if (place.target !== target || !own.has(nameOf(place))) return [];
    const base = place.z.length - 1;
    return hub.horizons.flatMap(horizon => {
      const week = targetWeek(hub, day, horizon);
      const step = week - (place.first + base);
      return step >= 1 ? [{ place: p, base, step, horizon, week }] : [];
    });
  });
}
