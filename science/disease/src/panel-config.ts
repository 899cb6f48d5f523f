// A disease in a plain panel, as data: which columns say what, months or weeks, what weather goes with it. A new disease is such an
// object, in a JSON file, and not new code; dengue is two of them.
import { dateOf, dayInWeek, dayOf, monthName, monthOf, weekEnding } from './calendar.ts';
import type { Member } from './members/member.ts';
import {
  fourthRoot,
  logarithm,
  monthlyCalendar,
  type PanelCalendar,
  type Transform,
  weeklyCalendar,
} from './panel/panel.ts';
import { panelMembers } from './panel-members.ts';

/** What a JSON file says. Only the first six must be there. */
export interface PanelConfig {
  readonly name: string;
  /** File of the folder that holds the panel: one row for each place and period, comma-separated with a header. */
  readonly file: string;
  /** Column of the period. */
  readonly time: string;
  /** `month`: the column holds YYYY-MM; `week`: the last day of a week, YYYY-MM-DD. */
  readonly period: 'month' | 'week';
  readonly location: string;
  /** Column of the counts or rates; empty = not known. */
  readonly value: string;
  /** Column of a group (a country) whose places share a wave; names of places need only be unique within it. None: all places share one. */
  readonly group?: string;
  /** Columns of what is known beside the value up to the same period: rain, temperature. */
  readonly covariates?: readonly string[];
  /** Periods ahead, 1 to 12; [1, 2, 3] when left out. */
  readonly horizons?: readonly number[];
  /** Scale on which the models work: `log` for outbreaks that span orders of magnitude (when left out), `fourth root` for milder ones. */
  readonly scale?: 'log' | 'fourth root';
  /** With a year of values, no quantile above `times` a place's largest value plus `plus`; for counts 4 and 200. None: 8 times. */
  readonly ceiling?: { readonly times: number; readonly plus: number };
  /** Periods at the end of the panel that a backtest forecasts (two years of months or one of weeks when left out), and about how many origins share one training. */
  readonly replayed?: number;
  readonly block?: number;
}

/** A checked config with what follows from it. */
export interface PanelDisease {
  readonly name: string;
  readonly file: string;
  readonly timeColumn: string;
  /** Period number of a text in the time column, and the text of a period. */
  readonly periodOf: (text: string) => number;
  readonly nameOf: (period: number) => string;
  readonly calendar: PanelCalendar;
  readonly groupColumn?: string;
  readonly locationColumn: string;
  readonly valueColumn: string;
  readonly covariateColumns: readonly string[];
  readonly horizons: readonly number[];
  readonly transform: Transform;
  readonly ceiling?: { readonly times: number; readonly plus: number };
  readonly members: () => Member[];
  readonly block: number;
  readonly replayed: number;
}

const MEMBERS = new Set(
  'name file time period location value group covariates horizons scale ceiling replayed block'.split(' '),
);

/** The disease of a config as read from JSON. Throws a RangeError that names the member at fault. */
export function panelDisease(config: PanelConfig): PanelDisease {
  const need = (ok: boolean, what: string) => {
    if (!ok) throw new RangeError(`config: ${what}`);
  };
  const whole = (x: unknown, low: number, high: number): x is number =>
    Number.isInteger(x) && Number(x) >= low && Number(x) <= high;
  need(typeof config === 'object' && config !== null && !Array.isArray(config), 'an object was expected');
  for (const k of Object.keys(config))
    need(MEMBERS.has(k), `there is no "${k}"; there are: ${[...MEMBERS].join(', ')}`);
  for (const k of ['name', 'file', 'time', 'location', 'value'] as const)
    need(typeof config[k] === 'string' && config[k] !== '', `"${k}" must be a text`);
  need(
    config.group === undefined || (typeof config.group === 'string' && config.group !== ''),
    '"group" must be the name of a column',
  );
  need(config.period === 'month' || config.period === 'week', '"period" must be "month" or "week"');
  const { covariates = [], horizons = [1, 2, 3], scale = 'log', ceiling } = config;
  need(
    Array.isArray(covariates) && covariates.every(c => typeof c === 'string'),
    '"covariates" must be a list of columns',
  );
  need(
    Array.isArray(horizons) && horizons.length > 0 && horizons.every(h => whole(h, 1, 12)),
    '"horizons" must be a list of whole numbers from 1 to 12',
  );
  need(scale === 'log' || scale === 'fourth root', '"scale" must be "log" or "fourth root"');
  need(
    ceiling === undefined || (ceiling?.times >= 1 && ceiling?.plus >= 0),
    '"ceiling" must have "times" of at least 1 and "plus" of at least 0',
  );
  const monthly = config.period === 'month';
  const { replayed = monthly ? 24 : 52, block = monthly ? 12 : 26 } = config;
  need(whole(replayed, 1, 1000), '"replayed" must be a whole number from 1 to 1000');
  need(whole(block, 1, 1000), '"block" must be a whole number from 1 to 1000');
  return {
    name: config.name,
    file: config.file,
    timeColumn: config.time,
    periodOf: monthly ? monthOf : text => weekEnding(dayOf(text)),
    nameOf: monthly ? monthName : week => dateOf(dayInWeek(week, 7)),
    calendar: monthly ? monthlyCalendar() : weeklyCalendar(() => []),
    ...(config.group === undefined ? {} : { groupColumn: config.group }),
    locationColumn: config.location,
    valueColumn: config.value,
    covariateColumns: covariates,
    horizons: [...horizons].sort((a, b) => a - b),
    transform: scale === 'log' ? logarithm : fourthRoot,
    ...(ceiling === undefined ? {} : { ceiling }),
    members: () => panelMembers(monthly ? 12 : 52),
    block,
    replayed,
  };
}

/**
 * Counts of cases. Before the months replayed, values exceeded 4 times the place's record of three months earlier plus 200 in 0.05 to 0.2 %
 * of the cases where the record was above 20: a multiple alone is too wide for large records and too narrow for tiny ones.
 */
const CASES = { times: 4, plus: 200 };

/** Monthly dengue by province, with climate. */
export const DENGUE: PanelConfig = {
  name: 'dengue',
  file: 'panel.csv',
  time: 'month',
  period: 'month',
  group: 'country',
  location: 'location',
  value: 'cases',
  covariates: ['rainfall_mm', 'mean_temperature_c'],
  horizons: [1, 2, 3],
  ceiling: CASES,
};

/** Weekly national dengue. */
export const DENGUE_NATIONAL: PanelConfig = {
  name: 'dengue',
  file: 'opendengue_national_weekly.csv',
  time: 'week_end',
  period: 'week',
  location: 'country',
  value: 'cases',
  horizons: [1, 2, 3, 4],
  ceiling: CASES,
};
