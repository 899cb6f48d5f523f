// PyPSA's folder of CSV files, read from and written to a map of file name to text (no disk here).
// Files: network.csv, snapshots.csv, investment_periods.csv, <list>.csv, <list>-<attribute>.csv (one column a component, rows by snapshot).
// Traps: the first column's heading may be empty, "name" or "snapshot"; result columns (p_nom_opt, mu) may stand beside inputs.
import { formatCsv, parseCsv, type Table } from '@madang/numerics';
import { EnergyError } from '../error.ts';
import { ATTRIBUTES, defaultOf } from './attributes.ts';
import type { Components, InvestmentPeriod, PlanNetwork, TimeAxis } from './network.ts';
import { componentsOf, flagOf, textOf } from './network.ts';
import { unusedColumns, unusedFiles } from './unsupported.ts';

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
  for (const list of Object.keys(ATTRIBUTES)) {
    const t = table(`${list}.csv`);
    if (!t) continue;
    const note = unusedColumns(list, t.columns);
    if (note) notes.push(note);
    const key = t.columns[0];
    const names = t.text(key);
    const seen = new Set<string>();
    for (const [i, n] of names.entries()) {
      if (seen.has(n)) throw new EnergyError('duplicate', `${list}.csv, row ${i + 2}: "${n}" is there twice`);
      seen.add(n);
    }
    const columns: Record<string, readonly string[]> = {};
    for (const c of t.columns.slice(1)) columns[c] = t.text(c);
    const series: Record<string, Map<string, Float64Array>> = {};
    for (const file of files.keys()) {
      if (!file.startsWith(`${list}-`) || !file.endsWith('.csv')) continue;
      const attribute = file.slice(list.length + 1, -4);
      const default_ = defaultOf(list, attribute);
      if (default_ === undefined || typeof default_ !== 'number') continue;
      const s = table(file)!;
      if (s.length !== time.count)
        throw new EnergyError('syntax', `${file}: ${s.length} rows for ${time.count} snapshots`);
      const map = new Map<string, Float64Array>();
      for (const c of s.columns) if (seen.has(c)) map.set(c, s.numbers(c));
      series[attribute] = map;
    }
    lists[list] = { list, names, columns, series };
  }
  const result: PlanNetwork = {
    name: meta['name'] ?? 'network',
    time,
    severalYears: files.has('investment_periods.csv') && time.periods.length > 0,
    lists,
    meta,
    notes,
  };
  checkNames(result);
  for (const [list, end] of [
    ['lines', 'bus0'],
    ['links', 'bus0'],
    ['stores', 'bus'],
  ] as const)
    if (lists[list]) lists[list] = withCarriers(lists[list], end, componentsOf(result, 'buses'));
  return result;
}

/** A line, link or store without a carrier has that of its (first) bus. */
function withCarriers(c: Components, end: string, buses: Components): Components {
  const at = new Map(buses.names.map((name, i) => [name, textOf(buses, 'carrier', i)]));
  const carrier = c.names.map((_, i) => textOf(c, 'carrier', i) || (at.get(textOf(c, end, i)) ?? ''));
  return { ...c, columns: { ...c.columns, carrier } };
}

function readTime(snapshots: Table | undefined, years: Table | undefined): TimeAxis {
  const count = snapshots?.length ?? 1;
  const ones = new Float64Array(count).fill(1);
  const weights = (name: string) => {
    for (const c of [name, 'weightings'])
      if (snapshots?.has(c)) {
        const w = snapshots.numbers(c);
        for (const [i, v] of w.entries())
          if (!Number.isFinite(v))
            throw new EnergyError('not-a-number', `snapshots.csv, row ${i + 2}, column "${c}": a weight is missing`);
        return w;
      }
    return ones;
  };
  const labelColumn = ['timestep', 'snapshot', 'name', ''].find(c => snapshots?.has(c));
  let labels = labelColumn !== undefined ? snapshots!.text(labelColumn) : ones.length === 1 ? ['now'] : [];
  if (labels.length !== count) labels = Array.from({ length: count }, (_, i) => String(i));
  const periods: InvestmentPeriod[] = [];
  const period = new Int32Array(count);
  if (years && years.length > 0) {
    const key = years.columns.find(c => c === 'period' || c === 'investment_period') ?? years.columns[0];
    const year = years.numbers(key);
    for (let k = 0; k < years.length; k++)
      periods.push({
        year: year[k],
        objective: years.has('objective') ? years.numbers('objective')[k] : 1,
        years: years.has('years') ? years.numbers('years')[k] : 1,
      });
    if (!snapshots?.has('period'))
      throw new EnergyError('missing-column', 'snapshots.csv: with investment_periods.csv a column "period" is needed');
    const of = snapshots.numbers('period');
    for (let t = 0; t < count; t++) {
      period[t] = periods.findIndex(p => p.year === of[t]);
      if (period[t] < 0)
        throw new EnergyError(
          'unknown-name',
          `snapshots.csv, row ${t + 2}: period ${of[t]} is not in investment_periods.csv`,
        );
    }
  } else periods.push({ year: 0, objective: 1, years: 1 });
  return {
    count,
    labels,
    objective: weights('objective'),
    stores: weights('stores'),
    generators: weights('generators'),
    period,
    periods,
  };
}

/** Every bus and carrier that is referred to must be there. */
function checkNames(network: PlanNetwork): void {
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
            `${c.list}.csv, row ${i + 2} ("${name}"), column ${a}: bus "${bus}" does not exist`,
          );
      }
    }
  }
}

/** Writes the network back to files; `results` adds columns such as p_nom_opt: list -> column -> name -> value. */
export function writeFolder(
  network: PlanNetwork,
  results: Readonly<Record<string, Readonly<Record<string, ReadonlyMap<string, number>>>>> = {},
): Map<string, string> {
  const files = new Map<string, string>();
  const { time } = network;
  const metaColumns = Object.keys(network.meta);
  if (metaColumns.length > 0) files.set('network.csv', formatCsv(metaColumns, [metaColumns.map(c => network.meta[c])]));
  const head = network.severalYears ? ['', 'period', 'timestep'] : ['', 'snapshot'];
  files.set(
    'snapshots.csv',
    formatCsv(
      [...head, 'objective', 'stores', 'generators'],
      Array.from({ length: time.count }, (_, t) => [
        t,
        ...(network.severalYears ? [time.periods[time.period[t]].year] : []),
        time.labels[t],
        time.objective[t],
        time.stores[t],
        time.generators[t],
      ]),
    ),
  );
  if (network.severalYears)
    files.set(
      'investment_periods.csv',
      formatCsv(
        ['period', 'objective', 'years'],
        time.periods.map(p => [p.year, p.objective, p.years]),
      ),
    );
  for (const c of Object.values(network.lists)) {
    const extra = results[c.list] ?? {};
    const columns = [...Object.keys(c.columns).filter(k => !(k in extra)), ...Object.keys(extra)];
    files.set(
      `${c.list}.csv`,
      formatCsv(
        ['name', ...columns],
        c.names.map((n, i) => [n, ...columns.map(k => (k in extra ? (extra[k].get(n) ?? '') : c.columns[k][i]))]),
      ),
    );
    for (const [attribute, map] of Object.entries(c.series)) {
      const names = [...map.keys()];
      files.set(
        `${c.list}-${attribute}.csv`,
        formatCsv(
          ['', ...names],
          Array.from({ length: time.count }, (_, t) => [t, ...names.map(n => show(map.get(n)![t]))]),
        ),
      );
    }
  }
  return files;
}

function show(v: number): string | number {
  return Number.isNaN(v) ? '' : Number.isFinite(v) ? v : v > 0 ? 'inf' : '-inf';
}

/** True for components that exist in the period (active, built, not yet at the end of life). */
export function activeIn(
  network: PlanNetwork,
  c: Components,
  i: number,
  built: number,
  lifetime: number,
  period: number,
): boolean {
  if (!flagOf(c, 'active', i)) return false;
  if (!network.severalYears) return true;
  const { year } = network.time.periods[period];
  return built <= year && year < built + lifetime;
}
