// The demo's data: a folder laid out like a hub's archive (vintages.csv, truth, forecasts), or a simulated one. Dealt out to the members by place.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  dateOf,
  dayOf,
  type HubRules,
  hubOfTargets,
  shortTarget,
  simulateSurveillance,
  weekday,
} from '@madang/disease';
import { formatCsv, parseCsv, type Table } from '@madang/numerics';
import { CommandError } from '../command.ts';
import { checkVintages } from './check-vintages.ts';

export interface DemoData {
  readonly kind: 'real' | 'simulated';
  readonly folder: string;
  /** Whose target it is: on which day of the week deadlines fall, how weeks end. */
  readonly hub: HubRules;
  readonly target: string;
  /** The change log with `as_of` the day from which a row was known, whatever day the hub's own files write. */
  readonly vintages: Table;
  /** Rows that say again what an earlier one says; no member gets them. */
  readonly repeated: ReadonlySet<number>;
  readonly places: readonly string[];
  /** Days on which forecasts are made. */
  readonly deadlines: readonly string[];
  readonly season: string | undefined;
  /** File that tells the hub where the public figures are, for its pages. */
  readonly figures: string;
}

const COLUMNS = ['target', 'location', 'date', 'as_of', 'value'] as const;

/** Reads DIR, or writes simulated series into `home` and reads those. */
export function demoData(
  directory: string | undefined,
  home: string,
  season: string | undefined,
  seed: string,
): DemoData {
  const folder = directory ?? join(home, 'simulated');
  if (directory === undefined) writeSimulated(folder, seed);
  const path = join(folder, 'vintages.csv');
  if (!existsSync(path))
    throw new CommandError(
      `${path} is not there; --data takes a folder with vintages.csv (target, location, date, as_of, value; without a target: FluSight's)`,
      2,
    );
  const { hub, vintages, repeated } = readVintages(path);
  const targets = [...new Set(vintages.text('target'))];
  const target = targets.includes('ILI') ? 'ILI' : targets[0];
  if (target === undefined) throw new CommandError(`${path} has no rows`, 2);
  const mine = vintages.text('target').map(t => t === target);
  const places = [...new Set(vintages.text('location').filter((_, i) => mine[i]))].sort();
  const asOf = [...new Set(vintages.text('as_of').filter((_, i) => mine[i]))].sort();
  return {
    kind: directory === undefined ? 'simulated' : 'real',
    folder,
    hub,
    target,
    vintages,
    repeated,
    places,
    season,
    figures: writeFigures(folder, home, directory === undefined),
    deadlines: deadlinesOf(hub, asOf, season, path, directory === undefined ? SIMULATED_WEEKS_BACK : 0),
  };
}

function readVintages(path: string): Pick<DemoData, 'hub' | 'vintages' | 'repeated'> {
  let table: Table;
  try {
    table = parseCsv(readFileSync(path, 'utf8'), path);
  } catch (error) {
    throw new CommandError((error as Error).message, 1, { cause: error });
  }
  const repeated = checkVintages(table, path);
  const named = table.has('target') ? table.text('target') : undefined;
  const targets = named?.map(shortTarget);
  const hub = hubOfTargets(targets);
  // RespiCast's own form says all of it already.
  if (hub.publicationDays === 0 && named?.every((t, i) => t === targets![i])) return { hub, vintages: table, repeated };
  const [location, date, asOf, value] = COLUMNS.slice(1).map(c => table.text(c));
  const rows = value.map((v, i) => {
    const known = dateOf(dayOf(asOf[i]) + hub.publicationDays);
    return [targets?.[i] ?? hub.targets[0], location[i], date[i], known, v];
  });
  return { hub, vintages: parseCsv(formatCsv(COLUMNS, rows), path), repeated };
}

/** Simulated data know what came after: without a season the demo stands in the middle of the last one, so that its forecast can be scored. */
const SIMULATED_WEEKS_BACK = 18;

/**
 * The hub's days from 1 October to 31 May of the season for which a snapshot of the last two weeks exists; without a season the newest one,
 * `weeksBack` weeks before the end.
 */
function deadlinesOf(
  hub: HubRules,
  asOf: readonly string[],
  season: string | undefined,
  path: string,
  weeksBack: number,
): readonly string[] {
  const last = asOf[asOf.length - 1];
  if (season === undefined) {
    let day = dayOf(last) - 7 * weeksBack;
    while (weekday(day) !== hub.roundWeekday) day += 1;
    return [dateOf(day)];
  }
  const match = /^(\d{4})\/(\d{2})$/.exec(season);
  if (!match || Number(match[2]) !== (Number(match[1]) + 1) % 100)
    throw new CommandError(`--season must be two years in a row like 2024/25, not "${season}"`, 2);
  const from = dayOf(`${match[1]}-10-01`);
  const to = dayOf(`${Number(match[1]) + 1}-05-31`);
  const days = asOf.map(dayOf);
  const deadlines: string[] = [];
  for (let day = from; day <= to; day++) {
    if (weekday(day) !== hub.roundWeekday) continue;
    if (days.some(d => d <= day && day - d <= 14)) deadlines.push(dateOf(day));
  }
  if (deadlines.length === 0)
    throw new CommandError(
      `${path} has no snapshots between October and May of ${season}; they reach from ${asOf[0]} to ${last}`,
      2,
    );
  return deadlines;
}

/** The hub's pages show public figures beside the forecasts: here those of the demo's own folder, which nobody had to hand over. */
function writeFigures(folder: string, home: string, simulated: boolean): string {
  const places = join(folder, 'locations.csv');
  const table = existsSync(places) ? parseCsv(readFileSync(places, 'utf8'), places) : undefined;
  const sources = table?.has('source') ? [...new Set(table.text('source').filter(s => s !== ''))].join(', ') : '';
  const path = join(home, 'figures.json');
  mkdirSync(home, { recursive: true });
  writeFileSync(
    path,
    JSON.stringify({
      folder: resolve(folder),
      simulated,
      cite: simulated
        ? 'Simulator of this demo.'
        : `${sources === '' ? 'The provider of the data' : sources}, out of the folder that the demo was given.`,
    }),
  );
  return path;
}

/** Writes a member's part: only its own places. */
export function writeShare(data: DemoData, places: readonly string[], folder: string): void {
  const columns = COLUMNS.map(c => data.vintages.text(c));
  const own = new Set(places);
  const rows: string[][] = [];
  for (let i = 0; i < data.vintages.length; i++)
    if (columns[0][i] === data.target && own.has(columns[1][i]) && !data.repeated.has(i))
      rows.push(columns.map(c => c[i]));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'vintages.csv'), formatCsv(COLUMNS, rows));
}

function writeSimulated(folder: string, seed: string): void {
  const { vintages, truth } = simulateSurveillance({ seed, places: 33 });
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'README.md'),
    `Simulated weekly consultation rates of ${33} invented places, seed ${seed}. Not real data.\n`,
  );
  writeFileSync(join(folder, 'vintages.csv'), formatCsv(COLUMNS, vintages));
  writeFileSync(join(folder, 'truth.csv'), formatCsv(['target', 'location', 'date', 'value'], truth));
}

/** What the forecasts can be scored against: the season's closing truth where the folder has it, else the newest values. */
export function truthFile(data: DemoData): string | undefined {
  for (const name of ['scoring_truth.csv', 'truth.csv'])
    if (existsSync(join(data.folder, name))) return join(data.folder, name);
  return undefined;
}

/** Published forecasts of the season beside the data: every forecasts_*.csv. */
export function peerFiles(data: DemoData): readonly string[] {
  return readdirSync(data.folder)
    .filter(f => /^forecasts_.*\.csv$/.test(f))
    .sort()
    .map(f => join(data.folder, f));
}
