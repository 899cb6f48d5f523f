// Reads forecasts of other models: gridded files by what their first bytes say, tables by their columns.
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { parseCsv } from '@madang/numerics';
import {
  atStations,
  conversion,
  dayNumber,
  type FromGrid,
  type GridFile,
  type GridOptions,
  knownUnits,
  parseNetcdf,
  readZarr,
  type Station,
  type StationForecast,
  type Variable,
} from '@madang/weather';
import { CommandError } from '../command.ts';
import { folderStore, inflate, zipStore } from './stores.ts';

export interface Wanted extends GridOptions {
  readonly arrays: readonly string[];
  readonly variable: Variable;
}

/** Throws an Error with what is wrong and where. */
export function readForecast(file: string, wanted: Wanted, stations: readonly Station[]): FromGrid {
  if (!existsSync(file)) throw new CommandError(`there is no forecast ${file}`, 2);
  const grid = (g: GridFile) => atStations(g, wanted.arrays, wanted.variable.name, stations, wanted);
  if (statSync(file).isDirectory()) return grid(readZarr(folderStore(file), file, inflate));
  const start = firstBytes(file);
  if (start.startsWith('PK')) {
    const store = zipStore(file);
    try {
      return grid(readZarr(store, file, inflate));
    } finally {
      store.close();
    }
  }
  const binary = /^(CDF|\x89HDF|GRIB)/.test(start) || /\.(nc[34]?|cdf|netcdf|grib2?|grb2?|h5)$/i.test(file);
  if (!binary) return fromCsv(file, wanted, stations);
  if (statSync(file).size > 2 ** 31 - 1)
    throw new Error(
      `${file} is larger than 2 GiB; cut it to the stations' region and variable first, e.g. ncks -v NAME -d latitude,35.,70.`,
    );
  return grid(parseNetcdf(new Uint8Array(readFileSync(file)), file));
}

function firstBytes(file: string): string {
  const fd = openSync(file, 'r');
  const b = Buffer.alloc(4);
  readSync(fd, b, 0, 4, 0);
  closeSync(fd);
  return b.toString('latin1');
}

/** A fingerprint for the provenance; of a folder, of its metadata alone. */
export function fingerprint(file: string): string {
  const hash = createHash('sha256');
  if (statSync(file).isDirectory()) {
    const store = folderStore(file);
    for (const key of [...store.keys].sort()) hash.update(key).update(store.read(key) ?? '');
  } else hash.update(readFileSync(file));
  return hash.digest('hex');
}

const NO_MEMBERS = ['issue_date', 'issue_hour', 'station', 'lead_days', 'variable', 'unit', 'provenance'];

/** issue_date, lead_days, station; perhaps issue_hour, variable and unit; every other column is a member, an empty cell a missing one. */
function fromCsv(file: string, wanted: Wanted, stations: readonly Station[]): FromGrid {
  const table = parseCsv(readFileSync(file, 'utf8'), file);
  const fail = (i: number, column: string, why: string): never => {
    throw new Error(`${file}, row ${table.line(i)}, column "${column}": ${why}`);
  };
  const [dates, names, leads] = [table.text('issue_date'), table.text('station'), table.numbers('lead_days')];
  const hours = table.has('issue_hour') ? table.numbers('issue_hour') : new Float64Array(table.length);
  const variables = table.has('variable') ? table.text('variable') : undefined;
  const units = table.has('unit') ? table.text('unit') : undefined;
  const members = table.columns.filter(c => !NO_MEMBERS.includes(c));
  if (members.length === 0) throw new Error(`${file}: no column of forecasts beside issue_date, lead_days and station`);
  const values = members.map(c => table.numbers(c));
  const { name, unit: target, least, most } = wanted.variable;
  const forecasts: StationForecast[] = [];
  for (const [i, date] of dates.entries()) {
    if (variables && variables[i].trim() !== name) continue;
    const issuedDay = dayNumber(date) ?? fail(i, 'issue_date', `"${date}" is not a date`);
    const station = stations.findIndex(s => s.name === names[i]);
    if (station < 0) fail(i, 'station', `there is no station "${names[i]}"`);
    if (!Number.isInteger(leads[i]) || leads[i] < 0) fail(i, 'lead_days', `${leads[i]} is not a whole number of days`);
    if (!(hours[i] >= 0 && hours[i] < 24)) fail(i, 'issue_hour', `${hours[i]} is not an hour from 0 to 23`);
    const unit = wanted.units ?? units?.[i].trim() ?? target;
    const convert =
      unit === target
        ? { factor: 1, offset: 0 }
        : (conversion(unit, target) ?? fail(i, 'unit', `"${unit}" is no unit of ${name} (${knownUnits(target)})`));
    if (convert.rate) fail(i, 'unit', `"${unit}" is a rate; the amount of the day was expected`);
    const row = Float64Array.from(values, (v, k) => {
      const x = v[i] * convert.factor + convert.offset;
      if (x < least || x > most)
        fail(
          i,
          members[k],
          `${v[i]} is not what ${name} can be in ${unit}; leave a missing value empty, say another unit with --units`,
        );
      return x;
    });
    forecasts.push({ station, issuedDay, issuedHour: hours[i], leadDays: leads[i], members: row });
  }
  if (forecasts.length === 0) throw new Error(`${file}: no row with variable ${name}`);
  const read = `columns ${members.slice(0, 3).join(', ')}${members.length > 3 ? ', …' : ''} as ${members.length} ${members.length === 1 ? 'member' : 'members'} in ${wanted.units ?? (units ? 'the units of column "unit"' : target)}`;
  return { forecasts, read, outside: [] };
}
