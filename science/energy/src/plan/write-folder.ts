// A planning network written as PyPSA's folder of CSV files (a map of file name to text; no disk here).
import { formatCsv } from '@madang/numerics';
import { formatCurves } from './curves.ts';
import type { PlanNetwork } from './network.ts';

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
    for (const [attribute, curves] of Object.entries(c.curves))
      files.set(`${c.list}-${attribute}-pw.csv`, formatCurves(c.list, attribute, curves));
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
