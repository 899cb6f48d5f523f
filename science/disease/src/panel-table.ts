// Reading a panel's table: a series for each place, the weekday on which its weeks end, which of the covariates are there, and what a
// reader should know about the data. Nothing is repaired.
import type { Table } from '@madang/numerics';
import { dateOf, dayOf, lastDayOf, WEEKDAYS, weekday } from './calendar.ts';
import type { Series } from './change-log.ts';
import type { DataNote } from './notes.ts';
import { OUTLIER_FACTOR, PANEL_OUTLIER_FACTOR } from './outliers.ts';
import type { PanelDisease } from './panel-config.ts';

export interface PanelData {
  /** By place; the signal (`target`) is the group, so that a country's places share a wave. */
  readonly series: readonly Series[];
  /** The disease with the covariates that are there and the names of weeks as the table has them. */
  readonly disease: PanelDisease;
  /** True when all values are whole numbers: then the quantiles are too. */
  readonly whole: boolean;
  readonly notes: readonly DataNote[];
}

/** Missing periods between a place's first and last value are said from this share of them, and from half a year. */
const GAPS = 0.2;

/** A panel's data; of rows for the same place and period the last with a value counts. Throws a RangeError that names the row on a value below 0 or a time that is none. */
export function readPanel(table: Table, d: PanelDisease): PanelData {
  const notes: DataNote[] = [];
  const has = (c: string) => table.has(c) && table.numbers(c).some(v => !Number.isNaN(v));
  const covariateColumns = d.covariateColumns.filter(has);
  for (const c of d.covariateColumns)
    if (!has(c))
      notes.push({
        kind: 'column',
        target: d.name,
        location: '',
        note: `${table.has(c) ? 'no value in' : 'no'} column "${c}"; forecast without it`,
      });
  const texts = table.text(d.timeColumn);
  const periods = texts.map((text, i) => {
    try {
      return d.periodOf(text);
    } catch (error) {
      throw new RangeError(`row ${table.line(i)}, column "${d.timeColumn}": ${(error as Error).message}`, {
        cause: error,
      });
    }
  });
  const groups = d.groupColumn === undefined ? undefined : table.text(d.groupColumn);
  const locations = table.text(d.locationColumn);
  const values = table.numbers(d.valueColumn);
  const wrong = values.findIndex(v => v < 0);
  if (wrong >= 0)
    throw new RangeError(
      `row ${table.line(wrong)}, column "${d.valueColumn}": ${values[wrong]} is below 0; a count or rate was expected`,
    );
  const covariates = covariateColumns.map(c => table.numbers(c));
  const rows = new Map<string, number[]>();
  for (let i = 0; i < table.length; i++) {
    const key = `${groups?.[i] ?? ''}\t${locations[i]}`;
    const list = rows.get(key);
    if (list) list.push(i);
    else rows.set(key, [i]);
  }
  const weekly = d.calendar.perYear !== 12;
  const ends = weekly ? mostCommon(texts.map(t => weekday(dayOf(t)))) : undefined;
  const nameOf = ends === undefined ? d.nameOf : (week: number) => dateOf(lastDayOf(week, ends));
  const latest = yearAfterOthers(rows.values(), periods, d.calendar.perYear);
  // By name: the order of a file's rows says nothing.
  const inOrder = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, list]) => list);
  const series = inOrder.map((all): Series => {
    const list = withoutFarDates(all, periods, latest, d.calendar.perYear);
    const name = { target: groups?.[all[0]] ?? d.name, location: locations[all[0]] };
    const say = (kind: DataNote['kind'], note: string) => notes.push({ kind, ...name, note });
    if (list.length < all.length)
      say('future', `${all.length - list.length} rows are dated more than a year after all others; not used`);
    const first = list.reduce((m, i) => Math.min(m, periods[i]), Infinity);
    const last = list.reduce((m, i) => Math.max(m, periods[i]), -Infinity);
    const blank = () => new Float64Array(last - first + 1).fill(Number.NaN);
    const out = { values: blank(), covariates: covariates.map(blank) };
    let repeated = 0;
    const seen = new Set<number>();
    for (const i of list) {
      const at = periods[i] - first;
      if (seen.has(at)) repeated += 1;
      seen.add(at);
      if (!Number.isNaN(values[i])) out.values[at] = values[i];
      for (const [k, c] of covariates.entries()) if (!Number.isNaN(c[i])) out.covariates[k][at] = c[i];
    }
    if (repeated > 0) say('duplicate', `${repeated} rows repeat a period; the last value counts`);
    const odd = ends === undefined ? [] : list.map(i => weekday(dayOf(texts[i]))).filter(w => w !== ends);
    if (ends !== undefined && odd.length > 0)
      say(
        'weekday',
        `${odd.length} weeks end on ${[...new Set(odd)]
          .sort()
          .map(w => WEEKDAYS[w])
          .join(', ')}, most of the table's on ${WEEKDAYS[ends]}; each counts to the week that holds most of its days`,
      );
    return { ...name, first, ...out };
  });
  const last = series.reduce((m, s) => Math.max(m, s.first + lastKnown(s)), -Infinity);
  for (const s of series) notes.push(...notesOf(s, last, d, nameOf));
  return {
    series,
    disease: { ...d, covariateColumns, nameOf },
    whole: values.every(v => Number.isNaN(v) || Number.isInteger(v)),
    notes,
  };
}

/** A year after the last row of all places but one. */
function yearAfterOthers(places: Iterable<readonly number[]>, periods: readonly number[], perYear: number): number {
  const lasts = [...places].map(list => list.reduce((m, i) => Math.max(m, periods[i]), -Infinity));
  lasts.sort((a, b) => b - a);
  return lasts.length > 1 ? lasts[1] + perYear : Infinity;
}

/** A place's rows without those that lie beyond all other places and a year beyond its own: a slip in one date must not move the panel's end. */
function withoutFarDates(
  rows: readonly number[],
  periods: readonly number[],
  latest: number,
  perYear: number,
): readonly number[] {
  const kept = rows.filter(i => periods[i] <= latest);
  const end = kept.reduce((m, i) => Math.max(m, periods[i]), -Infinity);
  const next = rows.reduce((m, i) => (periods[i] > latest ? Math.min(m, periods[i]) : m), Infinity);
  return kept.length > 0 && next > end + perYear ? kept : rows;
}

const lastKnown = (s: Series) => s.values.findLastIndex(v => !Number.isNaN(v));

/** What is odd about one place: little or nothing, many gaps, an end before the others', leaps (real outbreaks leap too: nothing is left out). */
function notesOf(s: Series, last: number, d: PanelDisease, nameOf: (period: number) => string): DataNote[] {
  const { perYear } = d.calendar;
  const { target, location } = s;
  const note = (kind: DataNote['kind'], text: string): DataNote[] => [{ kind, target, location, note: text }];
  const known = s.values.filter(v => !Number.isNaN(v));
  if (known.length === 0) return note('short', 'no values; no forecast');
  const end = lastKnown(s);
  const span = end - s.values.findIndex(v => !Number.isNaN(v)) + 1;
  const gaps = span - known.length;
  let record = 0;
  let leaps = 0;
  let slips = 0;
  for (const [i, v] of known.entries()) {
    if (i >= 2 * perYear && record > 0 && v > OUTLIER_FACTOR * record) leaps += 1;
    if (i >= 2 * perYear && record > 0 && v > PANEL_OUTLIER_FACTOR * record) slips += 1;
    record = Math.max(record, v);
  }
  return [
    ...(known.every(v => v === 0) ? note('zeros', 'all values are 0; the forecast is 0') : []),
    ...(known.length < 2 * perYear
      ? note('short', `only ${known.length} values; forecast from the other places' experience`)
      : []),
    ...(gaps > GAPS * span || gaps >= perYear / 2
      ? note('gaps', `${gaps} of ${span} periods have no value; forecasts start from the last that has`)
      : []),
    ...(leaps > 0
      ? note(
          'outlier',
          `${leaps} values exceed ${OUTLIER_FACTOR} times all before${slips > 0 ? `, ${slips} of them ${PANEL_OUTLIER_FACTOR} times: not used while they are the newest` : '; used as they are'}`,
        )
      : []),
    ...(s.first + end < last - perYear
      ? note('ended', `no value after ${nameOf(s.first + end)}; forecasts start from it`)
      : []),
  ];
}

function mostCommon(values: readonly number[]): number {
  const count = new Map<number, number>();
  for (const v of values) count.set(v, (count.get(v) ?? 0) + 1);
  return [...count].reduce((a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] > a[0]) ? b : a), [7, 0])[0];
}
