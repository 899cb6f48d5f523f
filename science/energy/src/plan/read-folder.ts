// PyPSA's folder of CSV files, read from a map of file name to text (no disk here).
// Files: network.csv, snapshots.csv, investment_periods.csv, <list>.csv, <list>-<attribute>.csv (one column a component, rows by snapshot).
// Traps: the first column's heading may be empty, "name" or "snapshot"; result columns (p_nom_opt, mu) may stand beside inputs.
import { parseCsv, type Table } from '@madang/numerics';
import { EnergyError } from '../error.ts';
import { ATTRIBUTES, defaultOf } from './attributes.ts';
import { type Curve, readCurves } from './curves.ts';
import { type Components, componentsOf, type PlanNetwork, textOf } from './network.ts';
import { readTime } from './read-time.ts';
import { differences, unusedColumns, unusedFiles } from './unsupported.ts';

/** Reads a folder. `files` maps names like "buses.csv" to their text. Throws EnergyError naming file, row and column. */
export function readFolder(files: ReadonlyMap<string, string>): PlanNetwork {
  const table = (name: string): Table | undefined => {
    const text = files.get(name);
    if (text === undefined) return undefined;
    try {
      return parseCsv(text, name);
    } catch (error) {
      throw new EnergyError('syntax', error instanceof Error ? error.message : String(error), { cause: error });
    }
  };
  if (!files.has('buses.csv'))
    throw new EnergyError('missing-matrix', 'buses.csv is missing; is this a folder of PyPSA CSV files?');
  const meta: Record<string, string> = {};
  const network = table('network.csv');
  if (network && network.length > 0) for (const c of network.columns) meta[c] = network.text(c)[0];
  const time = readTime(table('snapshots.csv'), table('investment_periods.csv'));
  const notes = unusedFiles([...files.keys()]);
  const lists: Record<string, Components> = {};
  const tables: Record<string, Table> = {};
  for (const list of Object.keys(ATTRIBUTES)) {
    const t = table(`${list}.csv`);
    if (!t) continue;
    const note = unusedColumns(list, t.columns);
    if (note) notes.push(note);
    tables[list] = t;
    lists[list] = readList(list, t, [...files.keys()], table, time.count);
  }
  const result: PlanNetwork = {
    name: meta['name'] ?? 'network',
    time,
    severalYears: files.has('investment_periods.csv') && time.periods.length > 0,
    lists,
    meta,
    notes,
  };
  checkNames(result, tables);
  notes.push(...differences(result));
  for (const [list, end] of [
    ['lines', 'bus0'],
    ['links', 'bus0'],
    ['stores', 'bus'],
  ] as const)
    if (lists[list]) lists[list] = withCarriers(lists[list], end, componentsOf(result, 'buses'));
  return result;
}

/** One list of components: its own table, its time series and its curves. */
function readList(
  list: string,
  own: Table,
  files: readonly string[],
  table: (name: string) => Table | undefined,
  snapshots: number,
): Components {
  const names = own.text(own.columns[0]);
  const seen = new Set<string>();
  for (const [i, n] of names.entries()) {
    if (seen.has(n)) throw new EnergyError('duplicate', `${list}.csv, row ${own.line(i)}: "${n}" is there twice`);
    seen.add(n);
  }
  const columns: Record<string, readonly string[]> = {};
  for (const c of own.columns.slice(1)) columns[c] = own.text(c);
  const series: Record<string, Map<string, Float64Array>> = {};
  const curves: Record<string, Map<string, Curve>> = {};
  for (const file of files) {
    if (!file.startsWith(`${list}-`) || !file.endsWith('.csv')) continue;
    const attribute = file.slice(list.length + 1, -4);
    if (attribute.endsWith('-pw')) {
      const of = attribute.slice(0, -3);
      curves[of] = readCurves(table(file)!, file, list, of);
    } else if (typeof defaultOf(list, attribute) === 'number') {
      const s = table(file)!;
      if (s.length !== snapshots)
        throw new EnergyError('syntax', `${file}: ${s.length} rows for ${snapshots} snapshots`);
      series[attribute] = new Map(s.columns.slice(1).flatMap(c => (seen.has(c) ? [[c, numbersOf(s, c)]] : [])));
    }
  }
  return { list, names, columns, series, curves };
}

/** A column of a time series, where PyPSA may have written inf. */
function numbersOf(table: Table, column: string): Float64Array {
  try {
    return table.numbers(column);
  } catch (error) {
    const texts = table.text(column);
    if (!texts.some(v => INFINITE.test(v))) throw new EnergyError('not-a-number', (error as Error).message);
    return Float64Array.from(texts, v => {
      if (INFINITE.test(v)) return v.trim().startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
      return v.trim() === '' ? Number.NaN : Number(v);
    });
  }
}

const INFINITE = /^\s*[+-]?inf(inity)?\s*$/i;

/** A line, link or store without a carrier has that of its (first) bus. */
function withCarriers(c: Components, end: string, buses: Components): Components {
  const at = new Map(buses.names.map((name, i) => [name, textOf(buses, 'carrier', i)]));
  const carrier = c.names.map((_, i) => textOf(c, 'carrier', i) || (at.get(textOf(c, end, i)) ?? ''));
  return { ...c, columns: { ...c.columns, carrier } };
}

/** Every bus and carrier that is referred to must be there. */
function checkNames(network: PlanNetwork, tables: Readonly<Record<string, Table>>): void {
  const buses = new Set(componentsOf(network, 'buses').names);
  for (const c of Object.values(network.lists)) {
    const attributes = [...new Set(['bus', 'bus0', 'bus1', ...Object.keys(c.columns).filter(a => /^bus\d+$/.test(a))])];
    for (const a of attributes) {
      if (defaultOf(c.list, a) === undefined || c.list === 'global_constraints') continue;
      for (const [i, name] of c.names.entries()) {
        const bus = textOf(c, a, i);
        const optional = /^bus([2-9]|\d\d)$/.test(a) || (c.list === 'processes' && a !== 'bus0');
        if (!buses.has(bus) && !(optional && bus === ''))
          throw new EnergyError(
            'unknown-bus',
            `${c.list}.csv, row ${tables[c.list].line(i)} ("${name}"), column ${a}: bus "${bus}" does not exist`,
          );
      }
    }
  }
}
