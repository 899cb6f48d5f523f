// A forecast hub's public repository as it is laid out upstream: the newest tables, and the dated ones that say what was known when
// (RespiCast: ERVISS and FluID snapshots of each Friday; FluSight: NHSN tables named by their last week; any hubverse hub: a time
// series with as_of). From a folder or from any base URL; a web server cannot be asked for its names, so there the calendar is tried.
import { join } from 'node:path';
import type { ChangeLog, HubRules, LogRow, Snapshot } from '@madang/disease';
import type { Table } from '@madang/numerics';
import { CommandError } from '../command.ts';
import { listSource, readSource, type SourceOptions } from './source.ts';

export type HubName = 'respicast' | 'flusight';

interface Newest {
  readonly target: string;
  readonly path: string;
}

interface Dated {
  readonly target: string;
  readonly source: string;
  readonly folder: string;
  readonly before: string;
  readonly after: string;
  /** Day of the first such file upstream; they come weekly. */
  readonly first: string;
}

interface Layout {
  readonly newest: readonly Newest[];
  readonly dated: readonly Dated[];
  /** Names that the hub's tables give to our targets. */
  readonly names: Readonly<Record<string, string>>;
  /** Days from the end of the last week of a table to the earliest day on which it can have been published. */
  readonly publishedAfter: number;
}

const ervissAndFluId = ['ILI', 'ARI'].flatMap(target =>
  [
    ['ERVISS', '2024-10-11'],
    ['FluID', '2024-10-18'],
  ].map(([source, first]) => ({
    target,
    source,
    folder: `target-data/${source}/snapshots`,
    before: '',
    after: `-${target}_incidence.csv`,
    first,
  })),
);

export const UPSTREAM: Readonly<Record<HubName, Layout>> = {
  respicast: {
    newest: ['ILI', 'ARI'].map(target => ({ target, path: `target-data/latest-${target}_incidence.csv` })),
    dated: ervissAndFluId,
    names: { 'ILI incidence': 'ILI', 'ARI incidence': 'ARI' },
    publishedAfter: 5,
  },
  flusight: {
    newest: [{ target: 'hosp', path: 'target-data/target-hospital-admissions.csv' }],
    dated: [
      {
        target: 'hosp',
        source: 'NHSN',
        folder: 'auxiliary-data/target-data-archive',
        before: 'target-hospital-admissions_',
        after: '.csv',
        first: '2023-09-23',
      },
    ],
    names: { 'wk inc flu hosp': 'hosp' },
    publishedAfter: 4,
  },
};

const TIME_SERIES = 'target-data/time-series';

export interface UpstreamData {
  readonly log: ChangeLog;
  /** What was read, with its SHA-256; stale = from the cache because the source could not be reached. */
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly stale: boolean }[];
  /** What a reader should know: tables left out, and why. */
  readonly notes: readonly string[];
}

export interface UpstreamOptions extends SourceOptions {
  /** Weeks of dated tables to ask a web server for, beside the first month's; a folder is read whole. */
  readonly weeks: number;
  readonly progress?: (done: number, total: number) => void;
}

/** What a hub's repository held on `day`. Throws CommandError (3) when nothing of the hub is there. */
export async function readUpstream(
  hubName: HubName,
  hub: HubRules,
  base: string,
  day: number,
  o: UpstreamOptions,
): Promise<UpstreamData> {
  const disease = await import('@madang/disease');
  const layout = UPSTREAM[hubName];
  const files: { path: string; sha256: string; stale: boolean }[] = [];
  const notes: string[] = [];
  const snapshots: Snapshot[] = [];
  const odd: OddDays = { weekEnds: hub.weekEnds, days: new Map() };
  const wanted = (await Promise.all(layout.dated.map(d => datedPaths(base, d, hub, day, o.weeks)))).flat();
  let done = 0;
  const found = await inTurn(wanted, ATONCE, async w => {
    const file = await readSource(base, w.path, { ...o, settled: day - w.day > SETTLED_DAYS });
    done += 1;
    o.progress?.(done, wanted.length);
    return file && { ...w, file };
  });
  for (const f of found) {
    if (!f) continue;
    files.push({ path: f.path, sha256: f.file.sha256, stale: f.file.stale });
    const rows = await rowsOf(f.file.text, f.dated.target, layout, join(base, f.path), odd);
    snapshots.push({ source: f.dated.source, knownFrom: f.day + hub.publicationDays, rows });
  }
  // A hub without dated tables, or one that keeps them no longer.
  if (snapshots.every(s => day - s.knownFrom > SETTLED_DAYS))
    snapshots.push(...(await timeSeries(base, layout, day, o, files, odd)));

  // The newest table is the last word of its sources, unless it is younger than the deadline or older than a dated one.
  for (const n of layout.newest) {
    const file = await readSource(base, n.path, o);
    if (!file) continue;
    const rows = await rowsOf(file.text, n.target, layout, join(base, n.path), odd);
    const last = lastPeriod(rows);
    const dated = lastPeriod(snapshots.flatMap(s => s.rows.filter(r => r.target === n.target)));
    if (disease.weekEnd(hub, last) + layout.publishedAfter > day)
      notes.push(
        `${n.path} reaches ${disease.dateOf(disease.weekEnd(hub, last))}: published after ${disease.dateOf(day)}, left out`,
      );
    else if (last < dated) notes.push(`${n.path} is older than the dated tables: left out`);
    else {
      files.push({ path: n.path, sha256: file.sha256, stale: file.stale });
      const fallback = layout.dated.find(d => d.target === n.target)!.source;
      for (const source of new Set(rows.map(r => r.source ?? fallback)))
        snapshots.push({ source, knownFrom: day, rows: rows.filter(r => (r.source ?? fallback) === source) });
    }
  }
  if (snapshots.length === 0)
    throw new CommandError(
      `${base}: of ${layout.newest.map(n => n.path).join(', ')} and their dated tables nothing is there that was known on ${disease.dateOf(day)}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}; is it a ${hubName} repository? For a repository on the web give the address of its files, e.g. https://raw.githubusercontent.com/OWNER/NAME/BRANCH`,
      3,
    );
  for (const [on, { n, first }] of odd.days)
    notes.push(
      `${n} dates fall on ${disease.WEEKDAYS[on]}, where weeks end on ${disease.WEEKDAYS[hub.weekEnds]} (first in ${first}); each counts to the week that holds most of the seven days before it`,
    );
  return { log: disease.logOfSnapshots(snapshots), files, notes };
}

/** A table this much older than the deadline is taken to be final upstream. */
const SETTLED_DAYS = 28;
const ATONCE = 6;

interface DatedPath {
  readonly dated: Dated;
  readonly day: number;
  readonly path: string;
}

/** Dated tables that were out by the deadline: listed where the source can list, else by calendar. */
async function datedPaths(base: string, d: Dated, hub: HubRules, day: number, weeks: number): Promise<DatedPath[]> {
  const { dateOf, dayOf } = await import('@madang/disease');
  const last = day - hub.publicationDays;
  const at = (date: string) => ({ dated: d, day: dayOf(date), path: `${d.folder}/${d.before}${date}${d.after}` });
  const names = await listSource(base, d.folder);
  if (names)
    return names.flatMap(name => {
      const date =
        name.startsWith(d.before) && name.endsWith(d.after) ? name.slice(d.before.length, -d.after.length) : '';
      return /^\d{4}-\d\d-\d\d$/.test(date) && dayOf(date) <= last ? [at(date)] : [];
    });
  const first = dayOf(d.first);
  const out: DatedPath[] = [];
  for (let k = first; k <= last; k += 7) if (k >= last - 7 * weeks || k < first + 28) out.push(at(dateOf(k)));
  return out;
}

/** The hubverse time series of a hub that keeps no dated tables, or none of the last weeks: one file with as_of, or a folder for each. */
async function timeSeries(
  base: string,
  layout: Layout,
  day: number,
  o: UpstreamOptions,
  files: UpstreamData['files'][number][],
  odd: OddDays,
): Promise<Snapshot[]> {
  const { dayOf } = await import('@madang/disease');
  const out: Snapshot[] = [];
  const add = async (path: string, asOf?: string) => {
    const file = await readSource(base, path, o);
    if (!file) return;
    files.push({ path, sha256: file.sha256, stale: file.stale });
    const byDay = new Map<number, Row[]>();
    for (const r of await rowsOf(file.text, undefined, layout, join(base, path), odd)) {
      const known = asOf === undefined ? (r.asOf ?? day) : dayOf(asOf);
      if (known > day) continue;
      const rows = byDay.get(known);
      if (rows) rows.push(r);
      else byDay.set(known, [r]);
    }
    for (const [knownFrom, rows] of byDay) out.push({ source: 'time-series', knownFrom, rows });
  };
  const parts = (await listSource(base, TIME_SERIES)) ?? [];
  for (const part of parts) {
    const asOf = /^as_of=(\d{4}-\d\d-\d\d)$/.exec(part)?.[1];
    if (asOf !== undefined) await add(`${TIME_SERIES}/${part}/time-series.csv`, asOf);
  }
  if (out.length === 0) await add(`${TIME_SERIES}.csv`);
  return out;
}

/** Dates that are not the hub's last day of a week, by weekday, and the table where the first stands. */
interface OddDays {
  readonly weekEnds: number;
  readonly days: Map<number, { n: number; readonly first: string }>;
}

interface Row {
  readonly target: string;
  readonly location: string;
  readonly period: number;
  readonly value: number;
  readonly source?: string;
  readonly asOf?: number;
}

const lastPeriod = (rows: readonly { readonly period: number }[]) => rows.reduce((m, r) => Math.max(m, r.period), 0);

/** Rows of one table of weekly values: `target` for tables that do not name theirs. Rows of signals that we do not forecast are left out; odd dates are counted. */
async function rowsOf(
  csv: string,
  target: string | undefined,
  layout: Layout,
  name: string,
  odd: OddDays,
): Promise<Row[]> {
  const { parseCsv } = await import('@madang/numerics');
  const { dayOf, weekday, weekEnding } = await import('@madang/disease');
  let table: Table;
  try {
    table = parseCsv(csv, name);
  } catch (error) {
    throw new CommandError((error as Error).message, 1, { cause: error });
  }
  const column = (...names: string[]) => names.find(n => table.has(n));
  const need = (what: string, ...names: string[]) => {
    const c = column(...names);
    if (c === undefined)
      throw new CommandError(
        `${name}: no column for the ${what} (${names.join(', ')}); it has ${table.columns.join(', ')}`,
      );
    return c;
  };
  const dateColumn = need('end of the week', 'truth_date', 'target_end_date', 'date');
  const valueColumn = need('value', 'value', 'observation');
  const locations = table.text(need('place', 'location'));
  const dates = table.text(dateColumn);
  const values = table.text(valueColumn);
  const targets = column('target') ? table.text('target') : undefined;
  const sources = column('data_source') ? table.text('data_source') : undefined;
  const asOf = column('as_of') ? table.text('as_of') : undefined;
  const days = new Map<string, number>();
  const dayIn = (text: string, row: number, c: string) => {
    let d = days.get(text);
    if (d === undefined) {
      try {
        d = dayOf(text);
      } catch (error) {
        throw new CommandError(`${name}, row ${row + 2}, column "${c}": ${(error as Error).message}`, 1, {
          cause: error,
        });
      }
      days.set(text, d);
    }
    return d;
  };
  const out: Row[] = [];
  for (let i = 0; i < table.length; i++) {
    const named = targets ? layout.names[targets[i]] : target;
    if (named === undefined || (target !== undefined && named !== target)) continue;
    // Tables written by R say NA where nothing is known.
    const known = values[i] !== '' && values[i] !== 'NA';
    const value = known ? Number(values[i]) : Number.NaN;
    if (known && !(value >= 0))
      throw new CommandError(
        `${name}, row ${i + 2}, column "${valueColumn}": "${values[i]}" is not a number of 0 or more`,
      );
    const end = dayIn(dates[i], i, dateColumn);
    const on = weekday(end);
    if (on !== odd.weekEnds) {
      const seen = odd.days.get(on) ?? { n: 0, first: name };
      odd.days.set(on, seen);
      seen.n += 1;
    }
    const period = weekEnding(end);
    out.push({
      target: named,
      location: locations[i],
      period,
      value,
      ...(sources ? { source: sources[i] } : {}),
      ...(asOf ? { asOf: dayIn(asOf[i], i, 'as_of') } : {}),
    });
  }
  return out;
}

/** Runs `work` over items, at most `most` at once; results in the order of the items. */
async function inTurn<T, R>(items: readonly T[], most: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const out: R[] = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const k = next++;
      out[k] = await work(items[k]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return out;
}

/** A change log with the rows of an older one in front: earlier revisions, and histories that the repository no longer has. */
export async function joined(old: ChangeLog, newer: ChangeLog): Promise<ChangeLog> {
  const { changeLog } = await import('@madang/disease');
  const rowsIn = (log: ChangeLog): LogRow[] =>
    Array.from(log.series, (s, i) => ({
      ...log.names[s],
      period: log.period[i],
      knownFrom: log.knownFrom[i],
      value: log.value[i],
    }));
  const first = newer.knownFrom[0] ?? Number.POSITIVE_INFINITY;
  return changeLog([...rowsIn(old).filter(r => r.knownFrom <= first), ...rowsIn(newer)]);
}
