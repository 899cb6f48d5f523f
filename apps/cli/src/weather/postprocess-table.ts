// The table that postprocess writes: a row for each corrected forecast.
import type { Scores } from './postprocess-scores.ts';

/** Values are in `unit`; NaN is an empty cell. Dates are yyyy-mm-dd. */
export interface CorrectedForecast {
  readonly station: string;
  readonly variable: string;
  readonly unit: string;
  readonly issueDate: string;
  /** UTC. */
  readonly issueHour: number;
  readonly leadDays: number;
  /** The day forecast. */
  readonly date: string;
  readonly mean: number;
  /** Of wind, the scale of the normal before it is cut at zero; NaN for rain. */
  readonly sd: number;
  readonly q05: number;
  readonly q50: number;
  readonly q95: number;
  /** Probability of any rain, 0 to 1; NaN for all but rain. */
  readonly chanceWet: number;
  readonly observed: number;
  readonly scores: Scores;
}

export const COLUMNS = [
  'station',
  'variable',
  'issue_date',
  'lead_days',
  'mean',
  'sd',
  'q05',
  'q50',
  'q95',
  'observed',
  'crps',
  'unit',
  'issue_hour',
  'date',
  'chance_wet',
  'crps_raw',
  'crps_climatology',
  'provenance',
];

/** A row under COLUMNS, but for the provenance. */
export const cells = (f: CorrectedForecast): (string | number)[] => [
  f.station,
  f.variable,
  f.issueDate,
  f.leadDays,
  cell(f.mean),
  cell(f.sd),
  cell(f.q05),
  cell(f.q50),
  cell(f.q95),
  cell(f.observed),
  cell(f.scores.corrected),
  f.unit,
  f.issueHour,
  f.date,
  cell(f.chanceWet),
  cell(f.scores.raw),
  cell(f.scores.climatology),
];

const cell = (value: number) => (Number.isNaN(value) ? '' : Number(value.toFixed(4)));
