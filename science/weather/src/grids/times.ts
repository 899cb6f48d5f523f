// When the forecasts of an array were made and how far ahead they look, as hours, from the CF names and units of coordinates.
// Trap: a coordinate "time" may be the time of issue (ECMWF's cfgrib), the time forecast (most NetCDF) or the time since issue (GraphCast).
import { dayNumber } from '../calendar.ts';
import { type GridArray, type GridFile, readAll, textOf } from './array.ts';

/** Hours, each with the step in the array along its dimension; `dimension` -1 for a single time that is no dimension. */
export interface Times {
  readonly dimension: number;
  readonly hours: readonly number[];
  /** Written in days: then a step of one day more likely names a day than the end of one. */
  readonly inDays: boolean;
}

export interface Schedule {
  /** Hours since 1970-01-01 00:00 UTC. */
  readonly issued: Times;
  readonly steps: Times;
}

const NAMES = {
  issue: [
    'init_time',
    'forecast_reference_time',
    'reference_time',
    'issue_time',
    'issued',
    'init',
    'forecast_date',
    'reftime',
  ],
  lead: [
    'lead',
    'lead_time',
    'leadtime',
    'step',
    'prediction_timedelta',
    'forecast_period',
    'lead_days',
    'forecast_hour',
    'fhour',
  ],
  valid: ['valid_time', 'datetime', 'verification_time', 'validtime'],
  time: ['time'],
} as const;
type Kind = keyof typeof NAMES;

const HOW =
  'add a coordinate forecast_reference_time (the time of issue), e.g. in xarray ds.assign_coords(forecast_reference_time=…)';

/** Throws naming the coordinate that is missing or not understood. */
export function schedule(file: GridFile, a: GridArray, array: string): Schedule {
  const fail = (why: string): never => {
    throw new Error(`${file.name}, "${array}": ${why}`);
  };
  const found = new Map<Kind, { name: string; times: Times; since: boolean }>();
  for (const [name, c] of file.arrays) {
    const kind = kindOf(name, textOf(c, 'standard_name'));
    if (c === a || !kind || found.has(kind) || !c.dimensions.every(d => a.dimensions.includes(d))) continue;
    const long = c.dimensions.filter((_, d) => c.shape[d] > 1);
    if (long.length > 1) continue;
    const along = long[0] ?? c.dimensions.find(d => d === name) ?? c.dimensions.at(-1);
    const since = /\bsince\b/.test(textOf(c, 'units'));
    if (!since && kind === 'time' && textOf(c, 'units') === '') fail('the coordinate "time" has no units');
    const dimension = along === undefined ? -1 : a.dimensions.indexOf(along);
    const hours = since ? instants(c, file.name, name) : spans(c, file.name, name);
    const inDays = !since && /^d|^$/i.test(textOf(c, 'units'));
    found.set(kind, { name, since, times: { dimension, hours, inDays } });
  }
  const time = found.get('time');
  let [issue, lead, valid] = [found.get('issue'), found.get('lead'), found.get('valid')];
  if (time && !time.since) lead ??= time;
  else if (time && issue) valid ??= time;
  else if (time && lead && (lead.times.dimension !== time.times.dimension || lead.times.hours.length === 1))
    issue = time;
  else if (time) valid ??= time;
  if (lead?.since) fail(`"${lead.name}" is a date; a time since issue was expected`);
  if (issue && !issue.since) fail(`the units of "${issue.name}" are no "hours since …" nor "days since …"`);
  if (issue && lead) return { issued: issue.times, steps: lead.times };
  if (issue && valid) {
    if (issue.times.hours.length > 1) fail(`"${issue.name}" and "${valid.name}" are there, but no lead time; add one`);
    const steps = valid.times.hours.map(h => h - issue.times.hours[0]);
    return { issued: { ...issue.times, dimension: -1 }, steps: { ...valid.times, hours: steps, inDays: false } };
  }
  if (lead && valid && valid.times.hours.length === lead.times.hours.length) {
    const hour = valid.times.hours[0] - lead.times.hours[0];
    if (valid.times.hours.some((v, i) => Math.abs(v - lead.times.hours[i] - hour) > 1e-6))
      fail(`"${valid.name}" and "${lead.name}" do not belong to one time of issue; ${HOW}`);
    return { issued: { dimension: -1, hours: [hour], inDays: false }, steps: lead.times };
  }
  if (valid) fail(`"${valid.name}" says for when the forecasts are, and nothing when they were made; ${HOW}`);
  if (issue) fail(`there is no lead time beside "${issue.name}" (one of ${NAMES.lead.join(', ')})`);
  return fail(`there is no time of issue and no lead time among its coordinates; ${HOW}`);
}

function kindOf(name: string, standard: string): Kind | undefined {
  if (standard === 'forecast_reference_time') return 'issue';
  if (standard === 'forecast_period') return 'lead';
  const plain = name.toLowerCase();
  return (Object.keys(NAMES) as Kind[]).find(k => (NAMES[k] as readonly string[]).includes(plain));
}

const HOURS: Readonly<Record<string, number>> = {
  d: 24,
  h: 1,
  m: 1 / 60,
  s: 1 / 3600,
  ms: 1 / 3.6e6,
  us: 1 / 3.6e9,
  ns: 1 / 3.6e12,
};
const UNIT: readonly (readonly [RegExp, string])[] = [
  [/^d(ays?)?$/i, 'd'],
  [/^(h|hrs?|hours?)$/i, 'h'],
  [/^min(utes?)?s?$/i, 'm'],
  [/^s(ec(ond)?s?)?$/i, 's'],
  [/^(ms|milliseconds?)$/i, 'ms'],
  [/^(us|microseconds?)$/i, 'us'],
  [/^(ns|nanoseconds?)$/i, 'ns'],
];
const perUnit = (text: string) => HOURS[UNIT.find(([r]) => r.test(text))?.[1] ?? ''];

function instants(c: GridArray, file: string, name: string): number[] {
  const units = textOf(c, 'units');
  const calendar = textOf(c, 'calendar').toLowerCase();
  if (!['', 'standard', 'gregorian', 'proleptic_gregorian'].includes(calendar))
    throw new Error(`${file}, "${name}": the calendar "${calendar}" is not that of observations`);
  const m =
    /^(\w+) since (\d{1,4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d*)?))?)?\s*(?:Z|UTC|\+?00:?00|\+0:00)?$/i.exec(
      units,
    );
  const per = m && perUnit(m[1]);
  if (!m || !per)
    throw new Error(
      `${file}, "${name}": the units are "${units}"; hours, days, minutes or seconds since a date such as 2000-01-01 00:00 were expected`,
    );
  const day = dayNumber(`${m[2].padStart(4, '0')}-${m[3].padStart(2, '0')}-${m[4].padStart(2, '0')}`);
  if (day === undefined) throw new Error(`${file}, "${name}": ${m[2]}-${m[3]}-${m[4]} is not a date`);
  const start = 24 * day + Number(m[5] ?? 0) + Number(m[6] ?? 0) / 60 + Number(m[7] ?? 0) / 3600;
  return whole(readAll(c), v => start + v * per, file, name);
}

function spans(c: GridArray, file: string, name: string): number[] {
  const units = textOf(c, 'units');
  const per = units === '' && /days/.test(name) ? 24 : perUnit(units);
  if (!per)
    throw new Error(`${file}, "${name}": the units are "${units}"; days, hours, minutes or seconds were expected`);
  return whole(readAll(c), v => v * per, file, name);
}

function whole(values: Float64Array, hours: (v: number) => number, file: string, name: string): number[] {
  return Array.from(values, (v, i) => {
    if (!Number.isFinite(v)) throw new Error(`${file}, "${name}": value ${i + 1} is missing`);
    return Math.round(hours(v) * 3600) / 3600;
  });
}
