// A reader's own emissions in place of the hub's: species that the file leaves out are taken from the hub's scenario and named, and a series whose past is
// many times the hub's is refused, since a unit has slipped. The file is read where the reader is and goes nowhere.
import { type Drivers, type FairModel, readDriverTable, scenarioNames } from '@madang/climate';
import { formatCsv, parseCsv } from '@madang/numerics';

export interface OwnEmissions {
  /** A table for the run: the file's rows in their places, then the rows that it lacks. */
  readonly text: string;
  readonly scenario: string;
  /** Other scenarios of the file, which are not run. */
  readonly others: readonly string[];
  /** Species of the file, and those taken from the hub's scenario. */
  readonly given: readonly string[];
  readonly taken: readonly string[];
}

/** Puts a file's first scenario into the place of the hub's `scenario`. Throws ClimateError, or an error of the CSV, with row and column. */
export function ownEmissions(file: { text: string; name: string }, hub: string, scenario: string): OwnEmissions {
  const table = parseCsv(file.text, file.name);
  const own = readDriverTable(table, 'emissions', file.name);
  const [chosen = '', ...others] = scenarioNames([own]);
  const base = readDriverTable(parseCsv(hub, 'emissions'), 'emissions', 'emissions');
  const isOwn = (r: number) => own.scenarios[r] === chosen || own.scenarios[r] === '';
  const given = [...new Set(own.variables.filter((_, r) => isOwn(r)))];
  const lacking = base.variables.flatMap((v, r) =>
    (base.scenarios[r] === scenario || base.scenarios[r] === '') &&
    base.regions[r].toLowerCase() === 'world' &&
    !given.includes(v)
      ? [r]
      : [],
  );
  // The run knows the scenario by the hub's name, under which its other tables have it.
  const rename = (s: string) => (s === chosen ? scenario : `${s} (not run)`);
  const at = (column: string) => column.trim().toLowerCase();
  const rows = Array.from({ length: table.length }, (_, r) =>
    table
      .row(r)
      .map((cell, k) => (at(table.columns[k]) === 'scenario' && cell.trim() !== '' ? rename(cell.trim()) : cell)),
  );
  const yearOf = new Map(base.yearColumns.map((c, k) => [Number(c), base.yearAt[k]]));
  for (const r of lacking) {
    const cells = base.table.row(r);
    const named: Readonly<Record<string, string>> = {
      scenario,
      region: 'World',
      variable: base.variables[r],
      unit: base.units[r],
    };
    rows.push(table.columns.map(c => named[at(c)] ?? cells[yearOf.get(Number(c)) ?? -1] ?? ''));
  }
  return {
    text: formatCsv(table.columns, rows),
    scenario: chosen === '' ? file.name : chosen,
    others,
    given,
    taken: lacking.map(r => base.variables[r]),
  };
}

const PAST = [1990, 2020] as const;
const MOST_TIMES = 30;

/** The first species whose past is many times what the hub's scenario says, or a small part of it, in words; undefined if there is none. */
export function slipOfUnit(own: Drivers, base: Drivers, model: FairModel): string | undefined {
  const { start } = base.time;
  const sum = (s: Float64Array) => s.subarray(PAST[0] - start, PAST[1] - start).reduce((a, v) => a + v, 0);
  for (const [i, s] of model.species.entries()) {
    const [mine, theirs] = [own.series[i], base.series[i]];
    if (s.inputMode !== 'emissions' || !mine || !theirs || mine.length !== theirs.length) continue;
    const ratio = sum(mine) / sum(theirs);
    if (Number.isFinite(ratio) && sum(theirs) > 0 && !(ratio < MOST_TIMES && ratio > 1 / MOST_TIMES))
      return `${s.name}: from ${PAST.join(' to ')} it is ${ratio.toPrecision(2)} times what the hub's scenario has; a unit has slipped`;
  }
  return undefined;
}
