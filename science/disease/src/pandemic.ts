// Periods in which series did not follow their usual course and whose targets are left out of training: documented data, not code.
import { dayOf, weekOf } from './calendar.ts';

export interface ExcludedPeriod {
  /** First and last day, both included. */
  readonly from: string;
  readonly to: string;
  /** The signal it applies to; absent = every signal. */
  readonly target?: string;
  readonly why: string;
}

export const EXCLUDED_PERIODS: readonly ExcludedPeriod[] = [
  { from: '2020-03-01', to: '2021-07-31', why: 'Covid-19 pandemic: respiratory viruses and reporting were suppressed' },
  {
    from: '2024-05-01',
    to: '2024-10-31',
    target: 'hosp',
    why: 'United States: hospitals were not obliged to report admissions (42 CFR 482.42 lapsed on 2024-04-30)',
  },
];

/** Excluded periods of a target as week numbers, first and last. */
export function excludedWeeks(
  target: string | undefined,
  periods: readonly ExcludedPeriod[] = EXCLUDED_PERIODS,
): [number, number][] {
  return periods
    .filter(p => p.target === undefined || p.target === target)
    .map(p => [weekOf(dayOf(p.from)), weekOf(dayOf(p.to))]);
}
