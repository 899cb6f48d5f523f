// Forecast hubs as data: which days they ask on, what they ask for, and how their weeks end. A new hub is a new row, not new code.
import { civilDay, dayInWeek, weekday, weekOf } from './calendar.ts';

export interface HubRules {
  readonly name: string;
  /** Signals that may be forecast, as named in the hub's files. */
  readonly targets: readonly string[];
  /** ISO weekday of the deadline and of the end of a target week. */
  readonly roundWeekday: number;
  readonly weekEnds: number;
  readonly horizons: readonly number[];
  /** Weeks from the deadline's week to the target week of horizon 0. */
  readonly weekOfHorizonZero: number;
  /** Days from a change log's `as_of` to the day on which a forecaster could use it. */
  readonly publicationDays: number;
}

export const HUBS: Readonly<Record<'respicast' | 'flusight', HubRules>> = {
  respicast: {
    name: 'respicast',
    targets: ['ILI', 'ARI'],
    roundWeekday: 3,
    weekEnds: 7,
    horizons: [1, 2, 3, 4],
    weekOfHorizonZero: -2,
    publicationDays: 0,
  },
  flusight: {
    name: 'flusight',
    targets: ['hosp'],
    roundWeekday: 6,
    weekEnds: 6,
    horizons: [0, 1, 2, 3],
    weekOfHorizonZero: 0,
    publicationDays: 7,
  },
};

/** The hub that asks for any of these targets (short names), RespiCast where none does; a table that names no target is FluSight's. */
export function hubOfTargets(targets: Iterable<string> | undefined): HubRules {
  const asked = new Set(targets ?? HUBS.flusight.targets);
  return Object.values(HUBS).find(hub => hub.targets.some(t => asked.has(t))) ?? HUBS.respicast;
}

/** Target week of a horizon for a deadline. */
export function targetWeek(hub: HubRules, originDay: number, horizon: number): number {
  return weekOf(originDay) + hub.weekOfHorizonZero + horizon;
}

/** Last day of a week as the hub writes it. */
export function weekEnd(hub: HubRules, week: number): number {
  return dayInWeek(week, hub.weekEnds);
}

/**
 * Deadlines of a season: each round weekday from 1 October of `year` to 31 May, as far as data known by then exist:
 * not before the first and at most six days after the last day on which anything became known.
 */
export function roundsOf(hub: HubRules, year: number, firstKnown: number, lastKnown: number): number[] {
  const out: number[] = [];
  for (let day = civilDay(year, 10, 1); day <= civilDay(year + 1, 5, 31); day++)
    if (weekday(day) === hub.roundWeekday && day >= firstKnown && day <= lastKnown + 6) out.push(day);
  return out;
}
