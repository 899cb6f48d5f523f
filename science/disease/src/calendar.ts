// Days, ISO weeks, months, and the week of an epidemic season.
// The trap: hubs end weeks on Sunday (Europe) or Saturday (US); both fall into the same ISO week number here.
import { civilDay, civilOf, dateOf } from '@madang/numerics';

export { civilDay, civilOf, dateOf };

/** Day number of an ISO date `YYYY-MM-DD`. Throws a RangeError on anything else. */
export function dayOf(date: string): number {
  const m = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date);
  if (!m) throw new RangeError(`"${date.slice(0, 40)}" is not a date of the form YYYY-MM-DD`);
  const day = civilDay(Number(m[1]), Number(m[2]), Number(m[3]));
  if (dateOf(day) !== date) throw new RangeError(`"${date}" is not a day of the calendar`);
  return day;
}

/** Day of the week, 1 Monday to 7 Sunday. */
export function weekday(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** Names of {@link weekday}s. */
export const WEEKDAYS = ['', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** Number of the Monday-to-Sunday week that holds the day; week 0 holds 1970-01-01. */
export function weekOf(day: number): number {
  return Math.floor((day + 3) / 7);
}

/** Number of the Monday-to-Sunday week that holds most of the seven days ending on `day`: its own when it is a Thursday or later. */
export function weekEnding(day: number): number {
  return weekOf(day - 3);
}

/** The last day of a week for a table whose weeks end on the given weekday: the day that {@link weekEnding} counts to it. */
export function lastDayOf(week: number, isoWeekday: number): number {
  return dayInWeek(week, isoWeekday) + (isoWeekday < 4 ? 7 : 0);
}

/** The day of a week number that is the given weekday (7 Sunday, 6 Saturday). */
export function dayInWeek(week: number, isoWeekday: number): number {
  return week * 7 - 4 + isoWeekday;
}

/** Months since January of year 0 for `YYYY-MM`. */
export function monthOf(text: string): number {
  const m = /^(\d{4})-(\d\d)$/.exec(text);
  if (!m || Number(m[2]) < 1 || Number(m[2]) > 12)
    throw new RangeError(`"${text.slice(0, 40)}" is not a month of the form YYYY-MM`);
  return Number(m[1]) * 12 + Number(m[2]) - 1;
}

/** `YYYY-MM` of a month number. */
export function monthName(month: number): string {
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;
}

/** First year of the season (1 August to 31 July) that a day falls into. */
export function seasonYear(day: number): number {
  const { year, month } = civilOf(day);
  return month >= 8 ? year : year - 1;
}

/** Whole weeks from 1 August of the season to the week's Sunday: 0 to 52. */
export function weekOfSeason(week: number): number {
  const sunday = dayInWeek(week, 7);
  return Math.floor((sunday - civilDay(seasonYear(sunday), 8, 1)) / 7);
}
