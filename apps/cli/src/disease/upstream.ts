// A forecast hub's public repository as it is laid out upstream: the newest tables, and the dated ones that say what was known when
// (RespiCast: ERVISS and FluID snapshots of each Friday; FluSight: NHSN tables named by their last week; any hubverse hub: a time
// series with as_of). From a folder or from any base URL; a web server cannot be asked for its names, so there the calendar is tried.
import type { ChangeLog, HubRules, Snapshot } from '@madang/disease';
import { CommandError } from '../command.ts';
import { forget, listSource, nameOf, readSource, type SourceFile, type SourceOptions } from './source.ts';
import { type Dated, type HubName, type Layout, UPSTREAM } from './upstream-layout.ts';
import { lastPeriod, type OddDays, type Row, rowsOf } from './upstream-table.ts';

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
    const rows = await parsed(base, f.path, f.file, f.dated.target, layout, odd, o);
    snapshots.push({ source: f.dated.source, knownFrom: f.day + hub.publicationDays, rows });
  }
  // A hub without dated tables, or one that keeps them no longer.
  if (snapshots.every(s => day - s.knownFrom > SETTLED_DAYS))
    snapshots.push(...(await timeSeries(base, layout, day, o, files, odd)));

  // The newest table is the last word of its sources, unless it is younger than the deadline or older than a dated one.
  for (const n of layout.newest) {
    const file = await readSource(base, n.path, o);
    if (!file) continue;
    const rows = await parsed(base, n.path, file, n.target, layout, odd, o);
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

/** Rows of a file that was read; a copy of one that is no table does not stay in the cache. */
async function parsed(
  base: string,
  path: string,
  file: SourceFile,
  target: string | undefined,
  layout: Layout,
  odd: OddDays,
  o: SourceOptions,
): Promise<Row[]> {
  try {
    return await rowsOf(file.text, target, layout, nameOf(base, path), odd);
  } catch (error) {
    await forget(base, path, o);
    throw error;
  }
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
    for (const r of await parsed(base, path, file, undefined, layout, odd, o)) {
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
