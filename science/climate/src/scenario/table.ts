// A scenario as an editable, documented table: one row a species, a column a year, and for each row where it comes from and what was done
// to it. Editing makes a new table and adds a line to the row's history, so that the table says by itself how it came about.
// Text form: the driver tables of fair/drivers.ts with two more columns, `source` and `history`.
import type { Table } from '@madang/numerics';
import { ClimateError } from '../error.ts';
import type { DriverTable } from '../fair/drivers.ts';

/** Emissions of one species in `unit`; `values` by the table's years. */
export interface ScenarioRow {
  readonly species: string;
  readonly unit: string;
  readonly values: Float64Array;
  readonly source: string;
  readonly history: readonly string[];
}

export interface Scenario {
  readonly name: string;
  /** Mid-years, as 2025.5, rising by one. */
  readonly years: Float64Array;
  readonly rows: readonly ScenarioRow[];
}

/** Reads one scenario from a table of emissions; missing cells are errors that name row and column. */
export function readScenario(t: DriverTable, name: string): Scenario {
  const text = (label: string) => {
    const column = t.table.columns.find(c => c.trim().toLowerCase() === label);
    return column === undefined ? undefined : t.table.text(column);
  };
  const source = text('source');
  const history = text('history');
  const columns = t.yearColumns.map(c => t.table.text(c));
  const rows: ScenarioRow[] = [];
  for (let r = 0; r < t.table.length; r++) {
    if (t.scenarios[r] !== name && t.scenarios[r] !== '') continue;
    const values = Float64Array.from(columns, (c, k) => {
      const v = c[r].trim() === '' ? Number.NaN : Number(c[r]);
      if (!Number.isFinite(v))
        throw new ClimateError(
          'bad-number',
          `${t.name}, row ${t.table.line(r)} (${t.variables[r]}), column "${t.yearColumns[k]}": "${c[r]}" is not a finite number`,
        );
      return v;
    });
    rows.push({
      species: t.variables[r],
      unit: t.units[r],
      values,
      source: source?.[r] || t.name,
      history: history?.[r] ? history[r].split(' | ') : [],
    });
  }
  if (rows.length === 0)
    throw new ClimateError(
      'unknown-scenario',
      `${t.name}: no scenario "${name}"; there are: ${[...new Set(t.scenarios)].join(', ')}`,
    );
  return { name, years: t.years, rows };
}

/** The row of a species; throws `unknown-species` naming those there are. */
export function rowOf(s: Scenario, species: string): ScenarioRow {
  const row = s.rows.find(r => r.species === species);
  if (!row)
    throw new ClimateError(
      'unknown-species',
      `scenario "${s.name}" has no species "${species}"; it has: ${s.rows.map(r => r.species).join(', ')}`,
    );
  return row;
}

/** A change of one species from a year on. Values between `from` and `to` move linearly from what was there; after `to` they follow `kind`. */
export type Edit =
  | {
      readonly kind: 'set';
      readonly species: string;
      readonly from: number;
      readonly to: number;
      readonly value: number;
    }
  | {
      readonly kind: 'scale';
      readonly species: string;
      readonly from: number;
      readonly to: number;
      readonly factor: number;
    }
  | {
      readonly kind: 'add';
      readonly species: string;
      readonly from: number;
      readonly to: number;
      readonly amount: number;
    };

/** Applies edits in order; `why` is recorded with each. Years are calendar years; a change reaches its full size in `to`. */
export function edit(s: Scenario, edits: readonly Edit[], why: string): Scenario {
  let rows = s.rows;
  for (const e of edits) {
    const row = rowOf({ ...s, rows }, e.species);
    if (!(e.to >= e.from))
      throw new ClimateError('missing-year', `edit of ${e.species}: it ends in ${e.to}, before it starts in ${e.from}`);
    const last = s.years[s.years.length - 1];
    if (e.from > last)
      throw new ClimateError(
        'short-scenario',
        `edit of ${e.species}: it starts in ${e.from}, after the scenario's last year ${last}`,
      );
    const values = row.values.map((v, k) => {
      const year = Math.floor(s.years[k]);
      const share = year < e.from ? 0 : year >= e.to ? 1 : (year - e.from + 1) / (e.to - e.from + 1);
      const full = e.kind === 'set' ? e.value : e.kind === 'scale' ? v * e.factor : v + e.amount;
      return v + share * (full - v);
    });
    const size = e.kind === 'set' ? `to ${e.value}` : e.kind === 'scale' ? `times ${e.factor}` : `plus ${e.amount}`;
    const line = `${e.kind} ${size} ${row.unit}, ${e.from}-${e.to}: ${why}`.replaceAll('|', '/');
    rows = rows.map(r => (r === row ? { ...r, values, history: [...r.history, line] } : r));
  }
  return { ...s, rows };
}

/** Columns and rows for a CSV of scenarios that share their years. */
export function scenarioTable(scenarios: readonly Scenario[]): {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
} {
  const years = scenarios[0]?.years ?? new Float64Array(0);
  for (const s of scenarios)
    if (s.years.length !== years.length || s.years.some((y, k) => y !== years[k]))
      throw new ClimateError('missing-year', `scenario "${s.name}" has other years than "${scenarios[0].name}"`);
  return {
    columns: ['scenario', 'region', 'variable', 'unit', 'source', 'history', ...Array.from(years, String)],
    rows: scenarios.flatMap(s =>
      s.rows.map(r => [s.name, 'World', r.species, r.unit, r.source, r.history.join(' | '), ...r.values]),
    ),
  };
}

/** The scenario as a CSV-like table in memory, to be read by `readDriverTable`. */
export function asTable(s: Scenario): Table {
  const { columns, rows } = scenarioTable([s]);
  const index = new Map(columns.map((c, i) => [c, i]));
  const text = (c: string) => rows.map(r => String(r[index.get(c) ?? -1]));
  return {
    columns,
    length: rows.length,
    has: c => index.has(c),
    text,
    numbers: c => Float64Array.from(text(c), Number),
    row: i => rows[i].map(String),
    line: i => i + 2,
  };
}
