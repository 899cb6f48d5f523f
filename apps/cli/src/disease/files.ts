// Reading the tables that the disease commands are given; a missing or unreadable file becomes a plain sentence.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ChangeLog,
  changeLog,
  type DataNote,
  dayOf,
  HUBS,
  type HubRules,
  hubOfTargets,
  type LogRow,
  type PanelConfig,
  type PanelData,
  panelDisease,
  readPanel,
  shortTarget,
  WEEKDAYS,
  weekday,
  weekEnding,
} from '@madang/disease';
import { parseCsv, type Table } from '@madang/numerics';
import { CommandError } from '../command.ts';

/** Reads a file. Throws CommandError naming it. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new CommandError(
      code === 'ENOENT'
        ? `${path}: there is no such file`
        : `${path}: cannot be read (${code ?? (error as Error).message})`,
      2,
      { cause: error },
    );
  }
}

/** Reads a CSV file. Throws CommandError naming the file and what to do. */
export async function readTable(path: string): Promise<Table> {
  const text = await readText(path);
  try {
    return parseCsv(text, path);
  } catch (error) {
    throw new CommandError((error as Error).message, 1, { cause: error });
  }
}

/** Reads a panel as its config says. Throws CommandError naming file, row and column. */
export async function readPanelFile(path: string, config: PanelConfig): Promise<PanelData> {
  const table = await readTable(path);
  try {
    return readPanel(table, panelDisease(config));
  } catch (error) {
    const { message } = error as Error;
    throw new CommandError(message.startsWith(path) ? message : `${path}: ${message}`, 1, { cause: error });
  }
}

/** A change log, and what is odd about the dates in its file. */
export interface ReadLog extends ChangeLog {
  readonly notes: readonly DataNote[];
}

/**
 * Reads the change log of a hub's folder (vintages.csv: [target,]location,date,as_of,value; an empty value = withdrawn). A date that is not
 * the hub's last day of a week is counted to the week that holds most of the seven days ending on it, and noted.
 */
export async function readChangeLog(folder: string, hub: HubRules): Promise<ReadLog> {
  const path = join(folder, 'vintages.csv');
  const table = await readTable(path);
  const targets = table.has('target') ? table.text('target') : undefined;
  if (targets === undefined && hub.targets.length > 1)
    throw new CommandError(
      `${path}: no column "target"; ${hub.name} has several (${hub.targets.join(', ')}), and only a change log of ${HUBS.flusight.name} goes without`,
    );
  const locations = table.text('location');
  const ends = days(table, 'date', path);
  const known = days(table, 'as_of', path);
  const values = table.numbers('value');
  const rows: LogRow[] = [];
  for (let i = 0; i < table.length; i++) {
    if (values[i] < 0)
      throw new CommandError(
        `${path}, row ${table.line(i)}, column "value": ${values[i]} is below 0; a rate or count was expected`,
      );
    rows.push({
      target: shortTarget(targets?.[i] ?? hub.targets[0]),
      location: locations[i],
      period: weekEnding(ends[i]),
      knownFrom: known[i] + hub.publicationDays,
      value: values[i],
    });
  }
  if (rows.length === 0) throw new CommandError(`${path}: no rows; a change log of weekly values was expected`);
  const latest = lastBeforeSlips(known);
  const used = latest === undefined ? rows : rows.filter((_, i) => known[i] <= latest);
  return { ...changeLog(used), notes: [...weekdayNotes(rows, ends, hub), ...slipNotes(rows, known, latest)] };
}

/** Rows known so many days after all others are slips in a date, when they are at most this share of all. */
const YEAR_DAYS = 366;
const SLIP_SHARE = 0.01;

/** The last day on which rows became known that are no slips; undefined when there are none. A slip would move the end of the log, and with it the newest season. */
function lastBeforeSlips(known: Int32Array): number | undefined {
  const days = known.slice().sort();
  for (let i = days.length - 1; i > 0 && days.length - i <= SLIP_SHARE * days.length; i--)
    if (days[i] - days[i - 1] > YEAR_DAYS) return days[i - 1];
  return undefined;
}

function slipNotes(rows: readonly LogRow[], known: Int32Array, latest = Number.POSITIVE_INFINITY): DataNote[] {
  const late = rows.filter((_, i) => known[i] > latest);
  return [...Map.groupBy(late, r => `${r.target}\t${r.location}`).values()].map(own => ({
    kind: 'future',
    target: own[0].target,
    location: own[0].location,
    note: `${own.length} rows have an as_of more than a year after all others; not used`,
  }));
}

/** One note for each series with dates on other weekdays than the hub's. */
function weekdayNotes(rows: readonly LogRow[], ends: Int32Array, hub: HubRules): DataNote[] {
  const odd = new Map<string, { readonly row: LogRow; readonly on: Set<number>; n: number }>();
  for (const [i, row] of rows.entries()) {
    const on = weekday(ends[i]);
    if (on === hub.weekEnds) continue;
    const key = `${row.target}\t${row.location}`;
    const seen = odd.get(key) ?? { row, on: new Set(), n: 0 };
    odd.set(key, seen);
    seen.on.add(on);
    seen.n += 1;
  }
  return [...odd.values()].map(({ row, on, n }) => ({
    kind: 'weekday',
    target: row.target,
    location: row.location,
    note: `${n} dates fall on ${[...on]
      .sort()
      .map(d => WEEKDAYS[d])
      .join(
        ', ',
      )}, where weeks end on ${WEEKDAYS[hub.weekEnds]}; each counts to the week that holds most of the seven days before it`,
  }));
}

function days(table: Table, column: string, path: string): Int32Array {
  const text = table.text(column);
  const cache = new Map<string, number>();
  return Int32Array.from(text, (s, i) => {
    let d = cache.get(s);
    if (d === undefined) {
      try {
        d = dayOf(s);
      } catch (error) {
        throw new CommandError(`${path}, row ${table.line(i)}, column "${column}": ${(error as Error).message}`, 1, {
          cause: error,
        });
      }
      cache.set(s, d);
    }
    return d;
  });
}

/** The hub whose files a folder holds, seen by the targets of its change log; a log without a target column is FluSight's. */
export async function hubOfFolder(folder: string): Promise<HubRules> {
  const table = await readTable(join(folder, 'vintages.csv'));
  return hubOfTargets(table.has('target') ? table.text('target').map(shortTarget) : undefined);
}
