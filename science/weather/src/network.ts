// Stations and their daily values, parsed from tables; every oddity is named with its file, row and column, nothing is filled.
// Trap: station names contain underscores (DE_BILT_temp_mean), so a column belongs to the longest station name that fits.
import type { Table } from '@madang/numerics';
import { dateOf, dayNumber } from './calendar.ts';
import { type Variable, variableNamed } from './variables.ts';

export interface Station {
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly elevationM: number;
}

/** One measured series; `values[i]` belongs to day `first + i`, NaN where there is none. */
export interface Series {
  readonly station: number;
  readonly variable: Variable;
  readonly column: string;
  readonly values: Float64Array;
}

/** Where a day's row was read, for messages: file name and row (its line in the file). */
export interface Origin {
  readonly file: string;
  readonly row: number;
}

export interface Network {
  readonly stations: readonly Station[];
  readonly series: readonly Series[];
  /** Day number of index 0. */
  readonly first: number;
  readonly days: number;
  /** Per day, or undefined for a day without a row. */
  readonly origins: readonly (Origin | undefined)[];
  /** Columns that name no known variable: not used. */
  readonly unused: readonly string[];
}

const MOST_DAYS = 73050;

/** Reads `station,latitude,longitude,elevation_m` (other columns are allowed). Throws naming row and column. */
export function parseStations(table: Table, file: string): Station[] {
  const names = table.text('station');
  const latitude = table.numbers('latitude');
  const longitude = table.numbers('longitude');
  const elevation = table.numbers('elevation_m');
  const seen = new Set<string>();
  return names.map((name, i) => {
    const fail = (column: string, why: string) => {
      throw new Error(`${file}, row ${table.line(i)}, column "${column}": ${why}`);
    };
    if (name === '') fail('station', 'the station has no name');
    if (seen.has(name)) fail('station', `"${name}" is there twice; each station needs one row`);
    seen.add(name);
    if (Number.isNaN(latitude[i])) fail('latitude', 'the latitude is missing');
    if (Number.isNaN(longitude[i])) fail('longitude', 'the longitude is missing');
    if (!(Math.abs(latitude[i]) <= 90)) fail('latitude', `${latitude[i]} is not between -90 and 90 degrees`);
    if (!(Math.abs(longitude[i]) <= 360)) fail('longitude', `${longitude[i]} is not between -360 and 360 degrees`);
    if (!Number.isFinite(elevation[i])) fail('elevation_m', 'the height above sea level is missing');
    return { name, latitude: latitude[i], longitude: longitude[i], elevationM: elevation[i] };
  });
}

/** Joins daily tables (DATE, then STATION_variable columns) into one calendar. Throws on unknown stations, bad dates and contradictions. */
export function parseDaily(stations: readonly Station[], tables: readonly { file: string; table: Table }[]): Network {
  if (tables.length === 0) throw new Error('no daily tables were given');
  const dated = tables.map(t => ({ ...t, days: parseDates(t.table, t.file) }));
  const first = Math.min(...dated.map(d => min(d.days)));
  const last = Math.max(...dated.map(d => max(d.days)));
  const days = last - first + 1;
  if (days > MOST_DAYS)
    throw new Error(
      `the daily tables span ${dateOf(first)} to ${dateOf(last)}, over 200 years; is one of these dates a slip of the pen?`,
    );
  const series = new Map<string, Series>();
  const unused = new Set<string>();
  const origins: (Origin | undefined)[] = new Array(days).fill(undefined);
  for (const { file, table, days: at } of dated) {
    at.forEach((d, i) => {
      origins[d - first] ??= { file, row: table.line(i) };
    });
    for (const [c, column] of table.columns.entries()) {
      if (table.columns.indexOf(column) !== c) throw new Error(`${file}: column "${column}" is there twice; keep one`);
      if (column === 'DATE' || column === 'MONTH') continue;
      const owner = ownerOf(stations, column, file);
      const variable = variableNamed(column.slice(stations[owner].name.length + 1));
      if (!variable) {
        unused.add(column);
        continue;
      }
      let s = series.get(column);
      if (!s) {
        s = { station: owner, variable, column, values: new Float64Array(days).fill(Number.NaN) };
        series.set(column, s);
      }
      const read = table.numbers(column);
      for (let i = 0; i < read.length; i++) {
        const k = at[i] - first;
        if (Number.isNaN(read[i])) continue;
        if (!Number.isNaN(s.values[k]) && s.values[k] !== read[i])
          throw new Error(
            `${file}, row ${table.line(i)}, column "${column}": ${read[i]} on ${dateOf(at[i])}, but another row of the same day says ${s.values[k]}; keep one`,
          );
        s.values[k] = read[i];
      }
    }
  }
  return { stations, series: [...series.values()], first, days, origins, unused: [...unused] };
}

function parseDates(table: Table, file: string): number[] {
  const seen = new Map<number, number>();
  const dates = table.text('DATE').map((text, i) => {
    const d = dayNumber(text);
    if (d === undefined)
      throw new Error(`${file}, row ${table.line(i)}, column "DATE": "${text}" is not a date (yyyymmdd or yyyy-mm-dd)`);
    const before = seen.get(d);
    if (before !== undefined)
      throw new Error(
        `${file}, row ${table.line(i)}, column "DATE": ${dateOf(d)} was already in row ${before}; keep one`,
      );
    seen.set(d, table.line(i));
    return d;
  });
  if (dates.length === 0) throw new Error(`${file}: there are no rows below the header`);
  return dates;
}

function ownerOf(stations: readonly Station[], column: string, file: string): number {
  let best = -1;
  stations.forEach((s, i) => {
    if (column.startsWith(`${s.name}_`) && (best < 0 || s.name.length > stations[best].name.length)) best = i;
  });
  if (best < 0)
    throw new Error(
      `${file}, column "${column}": it names no station of the station list; columns are STATION_variable, e.g. ${stations[0]?.name ?? 'BASEL'}_temp_mean`,
    );
  return best;
}

const min = (x: readonly number[]) => x.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const max = (x: readonly number[]) => x.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
