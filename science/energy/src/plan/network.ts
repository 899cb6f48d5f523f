// A planning network as data: components by list, each with static values and time series, and the time axis with its weights.
import { EnergyError } from '../error.ts';
import { defaultOf } from './attributes.ts';
import type { Curve } from './curves.ts';

/** One list of components, e.g. `generators`. Columns hold the file's texts; series hold one value per snapshot. */
export interface Components {
  readonly list: string;
  readonly names: readonly string[];
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** attribute -> component name -> value per snapshot. */
  readonly series: Readonly<Record<string, ReadonlyMap<string, Float64Array>>>;
  /** attribute -> component name -> piecewise curve, which stands above value and series. */
  readonly curves: Readonly<Record<string, ReadonlyMap<string, Curve>>>;
}

export interface TimeAxis {
  readonly count: number;
  readonly labels: readonly string[];
  /** Weight of each snapshot: in the objective, for energy in stores (hours), for generators' energy. */
  readonly objective: Float64Array;
  readonly stores: Float64Array;
  readonly generators: Float64Array;
  /** Investment period of each snapshot (index into `periods`). */
  readonly period: Int32Array;
  readonly periods: readonly InvestmentPeriod[];
}

export interface InvestmentPeriod {
  readonly year: number;
  /** Weight of the period in the objective, and the years that it stands for. */
  readonly objective: number;
  readonly years: number;
}

export interface PlanNetwork {
  readonly name: string;
  readonly time: TimeAxis;
  /** True when capacities are chosen for several years. */
  readonly severalYears: boolean;
  readonly lists: Readonly<Record<string, Components>>;
  /** network.csv as it was, for writing back. */
  readonly meta: Readonly<Record<string, string>>;
  /** What the folder holds and no plan uses. */
  readonly notes: readonly string[];
}

const NONE: Components = { list: '', names: [], columns: {}, series: {}, curves: {} };

export function componentsOf(network: PlanNetwork, list: string): Components {
  return network.lists[list] ?? { ...NONE, list };
}

/** Text of an attribute; its default when the file is silent. */
export function textOf(c: Components, attribute: string, i: number): string {
  const v = c.columns[attribute]?.[i];
  return v === undefined || v === '' ? String(defaultOf(c.list, attribute) ?? '') : v;
}

export function flagOf(c: Components, attribute: string, i: number): boolean {
  return /^(true|1|1\.0|yes)$/i.test(textOf(c, attribute, i));
}

/** Static value of an attribute. Throws on text that is not a number, naming the component. */
export function numberOf(c: Components, attribute: string, i: number): number {
  const fallback = Number(defaultOf(c.list, attribute) ?? Number.NaN);
  const v = c.columns[attribute]?.[i];
  if (v === undefined || v === '') return fallback;
  if (/^[+-]?inf(inity)?$/i.test(v)) return v.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(v)) return fallback;
  const x = Number(v);
  if (Number.isNaN(x))
    throw new EnergyError(
      'not-a-number',
      `${c.list}.csv, "${c.names[i]}", column ${attribute}: "${v}" is not a number`,
    );
  return x;
}

/** Value per snapshot: the series where there is one, else the static value as a function. */
export function valueAt(c: Components, attribute: string, i: number): (t: number) => number {
  const series = c.series[attribute]?.get(c.names[i]);
  if (series) {
    const fallback = Number(defaultOf(c.list, attribute) ?? Number.NaN);
    return t => (Number.isNaN(series[t]) ? fallback : series[t]);
  }
  const v = numberOf(c, attribute, i);
  return () => v;
}

export function hasSeries(c: Components, attribute: string, i: number): boolean {
  return c.series[attribute]?.has(c.names[i]) ?? false;
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
