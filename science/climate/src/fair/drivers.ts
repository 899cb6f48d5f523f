// What drives a run: one series a species, read from tables with a row a scenario and species and a column a year.
// Emissions belong to the year between two time bounds (1750.5 is 1750 to 1751); concentrations and forcing stand at time bounds.
// Nothing is filled silently: a year that is not there is an error, unless the caller asks for linear interpolation between given years.
import type { Table } from '@madang/numerics';
import { decimal } from '@madang/numerics/csv';
import { ClimateError } from '../error.ts';
import { SPECIES_NAMES } from './known.ts';
import type { Species } from './species.ts';
import { concentrationFactor, emissionsFactor, forcingFactor } from './units.ts';

/** Time of a run. Bounds are start, start + step, … end. */
export interface RunTime {
  readonly start: number;
  readonly end: number;
  readonly stepYears: number;
}

/** Drivers of one scenario: for each species its series in its own unit, or undefined if it is calculated. */
export interface Drivers {
  readonly scenario: string;
  readonly time: RunTime;
  readonly series: readonly (Float64Array | undefined)[];
  /** Surface temperature at every bound, K above the start, the same for all members: the energy balance then has no part in the run. */
  readonly temperature?: Float64Array;
}

export type DriverKind = 'emissions' | 'concentration' | 'forcing';

/** A table of drivers with its header understood. */
export interface DriverTable {
  readonly name: string;
  readonly kind: DriverKind;
  readonly years: Float64Array;
  readonly yearColumns: readonly string[];
  /** Where the year columns stand in a row. */
  readonly yearAt: readonly number[];
  readonly table: Table;
  /** Empty text where the table has no scenario column: its rows serve every scenario. */
  readonly scenarios: readonly string[];
  readonly variables: readonly string[];
  readonly units: readonly string[];
  readonly regions: readonly string[];
}

/** Number of steps of a run. */
export function steps(time: RunTime): number {
  return Math.round((time.end - time.start) / time.stepYears);
}

/** Understands the header of a driver table. */
export function readDriverTable(table: Table, kind: DriverKind, name: string): DriverTable {
  const find = (label: string) => table.columns.find(c => c.trim().toLowerCase() === label);
  const need = (label: string) => {
    const c = find(label);
    if (c === undefined) throw new ClimateError('missing-column', `${name}: no column "${label}"`);
    return table.text(c).map(s => s.trim());
  };
  // In any order in the file; here they rise.
  const yearColumns = table.columns
    .filter(c => /^\s*-?\d+(\.\d+)?\s*$/.test(c))
    .toSorted((a, b) => Number(a) - Number(b));
  if (yearColumns.length === 0)
    throw new ClimateError(
      'missing-column',
      `${name}: no column is a year, as 1750.5 for emissions or 1750 at bounds; there are: ${table.columns.join(', ').slice(0, 80)}`,
    );
  const years = Float64Array.from(yearColumns, Number);
  for (let i = 1; i < years.length; i++)
    if (years[i] === years[i - 1])
      throw new ClimateError(
        'missing-year',
        `${name}: columns "${yearColumns[i - 1]}" and "${yearColumns[i]}" are the same year; leave one of them out`,
      );
  const scenario = find('scenario');
  const region = find('region');
  return {
    name,
    kind,
    years,
    yearColumns,
    yearAt: yearColumns.map(c => table.columns.indexOf(c)),
    table,
    scenarios:
      scenario === undefined ? new Array<string>(table.length).fill('') : table.text(scenario).map(s => s.trim()),
    variables: need('variable'),
    units: need('unit'),
    regions:
      region === undefined ? new Array<string>(table.length).fill('World') : table.text(region).map(s => s.trim()),
  };
}

/** The names of the scenarios in the tables, in order of appearance. */
export function scenarioNames(tables: readonly DriverTable[]): readonly string[] {
  return [...new Set(tables.flatMap(t => t.scenarios))].filter(s => s !== '');
}

/**
 * The time that the tables themselves span: whole years from the first emission year to the last, bounds from the first to the last. Where
 * the tables differ the caller must choose (`start`, `end`); a scenario that ends before the forcing does is not run short in silence.
 */
export function spannedTime(
  tables: readonly DriverTable[],
  chosen: { readonly start?: number; readonly end?: number } = {},
): RunTime {
  const spans = tables.map(t => {
    const half = t.kind === 'emissions' ? 0.5 : 0;
    return { name: t.name, start: t.years[0] - half, end: t.years[t.years.length - 1] + half };
  });
  const agree = (key: 'start' | 'end') => {
    const other = spans.find(s => s[key] !== spans[0][key]);
    if (chosen[key] !== undefined) return chosen[key];
    if (other === undefined) return spans[0][key];
    const whole = tables.find(t => t.kind === 'emissions' && t.years.every(Number.isInteger));
    if (whole)
      throw new ClimateError(
        'short-scenario',
        `${whole.name}, column "${whole.yearColumns[0]}": emissions belong to the middle of their year (${whole.years[0]}.5), these columns are whole years; rename them, or ask for interpolation and choose start and end of the run`,
      );
    const say = (s: (typeof spans)[number]) => `${s.name} covers ${s.start} to ${s.end}`;
    throw new ClimateError(
      'short-scenario',
      `${say(spans[0])}, ${say(other)}: one is shorter than the run; extend it, or choose the ${key} of the run`,
    );
  };
  return { start: agree('start'), end: agree('end'), stepYears: 1 };
}

export interface DriverRequest {
  readonly species: readonly Species[];
  readonly tables: readonly DriverTable[];
  readonly scenario: string;
  readonly time: RunTime;
  /** Molecular weight by compound name without hyphens, for unit conversion. */
  readonly weights: ReadonlyMap<string, number>;
  /** Fill years between given ones linearly; otherwise a missing year is an error. */
  readonly interpolate?: boolean;
}

/** Reads one scenario's drivers; `ignored` names rows of well-known species that the species table leaves out. */
export function readDrivers(request: DriverRequest): {
  readonly drivers: Drivers;
  readonly ignored: readonly string[];
} {
  const { species, tables, scenario, time } = request;
  const n = steps(time);
  if (Math.abs(n - (time.end - time.start) / time.stepYears) > 1e-9)
    throw new ClimateError(
      'short-scenario',
      `the run from ${time.start} to ${time.end} is not a whole number of steps of ${time.stepYears} years`,
    );
  if (!(n >= 1)) throw new ClimateError('short-scenario', `the run from ${time.start} to ${time.end} has no step`);
  const known = scenarioNames(tables);
  if (known.length > 0 && !known.includes(scenario))
    throw new ClimateError(
      'unknown-scenario',
      `${namesOf(tables.filter(t => scenarioNames([t]).length > 0))}: no scenario "${scenario}"; there are: ${known.join(', ')}`,
    );
  const index = new Map(species.map((s, i) => [s.name, i]));
  const series: (Float64Array | undefined)[] = new Array(species.length).fill(undefined);
  const found: (string | undefined)[] = new Array(species.length).fill(undefined);
  const ignored: string[] = [];
  for (const t of tables) {
    for (let r = 0; r < t.table.length; r++) {
      const variable = t.variables[r];
      const where = `${t.name}, row ${t.table.line(r)}`;
      const s = index.get(variable);
      if (s === undefined && !SPECIES_NAMES.has(variable))
        throw new ClimateError(
          'unknown-species',
          `${where}, column "variable": unknown species "${variable}"; the species table has: ${species.map(x => x.name).join(', ')}`,
        );
      if (t.scenarios[r] !== '' && t.scenarios[r] !== scenario) continue;
      if (t.regions[r].toLowerCase() !== 'world') {
        ignored.push(`${where}: ${variable} of region "${t.regions[r]}" (the model is of the world)`);
        continue;
      }
      if (s === undefined || species[s].inputMode !== t.kind) {
        ignored.push(
          `${where}: ${variable} (${s === undefined ? 'not in the species table' : `${species[s].inputMode}, not ${t.kind}`})`,
        );
        continue;
      }
      if (found[s] !== undefined)
        throw new ClimateError(
          'duplicate-series',
          `${where}, column "variable": ${variable} of scenario "${scenario}" is given twice, first in ${found[s]}`,
        );
      found[s] = where;
      series[s] = readSeries(t, r, species[s], time, request, where);
    }
  }
  for (const [i, s] of species.entries()) {
    if (s.inputMode === 'calculated' || series[i] !== undefined) continue;
    const given = tables.filter(t => t.kind === s.inputMode);
    throw new ClimateError(
      'missing-series',
      `species "${s.name}" is driven by ${s.inputMode}, but ${
        given.length === 0
          ? `no table of ${s.inputMode} is given`
          : `${namesOf(given)} has no row for it in scenario "${scenario}" and region World`
      }`,
    );
  }
  return { drivers: { scenario, time, series }, ignored };
}

function namesOf(tables: readonly DriverTable[]): string {
  return tables.map(t => t.name).join(', ');
}

function readSeries(
  t: DriverTable,
  row: number,
  species: Species,
  time: RunTime,
  request: DriverRequest,
  where: string,
): Float64Array {
  const at = `${where} (${species.name})`;
  const factor =
    t.kind === 'emissions'
      ? emissionsFactor(t.units[row], species, request.weights, `${at}, column "unit"`)
      : t.kind === 'concentration'
        ? concentrationFactor(t.units[row], species, `${at}, column "unit"`)
        : forcingFactor(t.units[row], `${at}, column "unit"`);
  const years: number[] = [];
  const values: number[] = [];
  const cells = t.table.row(row);
  for (let k = 0; k < t.yearColumns.length; k++) {
    const text = cells[t.yearAt[k]];
    const v = decimal(text);
    if (!Number.isNaN(v)) {
      // CO2 enters through its logarithm.
      if (t.kind === 'concentration' && (v < 0 || (v === 0 && species.type === 'co2')))
        throw new ClimateError(
          'negative-concentration',
          `${at}, column "${t.yearColumns[k]}": the concentration ${text} is ${v < 0 ? 'negative' : 'zero'}`,
        );
      years.push(t.years[k]);
      values.push(v * factor);
      continue;
    }
    if (text.trim() !== '')
      throw new ClimateError('bad-number', `${at}, column "${t.yearColumns[k]}": "${text}" is not a finite number`);
    if (!request.interpolate)
      throw new ClimateError(
        'missing-year',
        `${at}, column "${t.yearColumns[k]}": the value is missing; give it, or ask for interpolation`,
      );
  }
  const n = steps(time);
  const count = t.kind === 'emissions' ? n : n + 1;
  const offset = t.kind === 'emissions' ? 0.5 : 0;
  const out = new Float64Array(count);
  let k = 0;
  for (let i = 0; i < count; i++) {
    const year = time.start + (i + offset) * time.stepYears;
    while (k + 1 < years.length && years[k + 1] <= year) k += 1;
    if (years[k] === year) out[i] = values[k];
    else if (years.length === 0 || year < years[0] || year > years[years.length - 1])
      throw new ClimateError(
        'short-scenario',
        `${at}: the run from ${time.start} to ${time.end} needs ${year}, but the row holds ${years[0]} to ${years[years.length - 1]}; shorten the run or extend the scenario`,
      );
    else if (request.interpolate)
      out[i] = values[k] + ((values[k + 1] - values[k]) * (year - years[k])) / (years[k + 1] - years[k]);
    else
      throw new ClimateError(
        'missing-year',
        `${at}: there is no column for ${year} (between "${years[k]}" and "${years[k + 1]}"); add it, or ask for interpolation`,
      );
  }
  return out;
}
