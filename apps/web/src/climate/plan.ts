// A plan: the settings of all levers. How an address and a form say it, how the command line says it, and how two plans differ, member by member.
import { percentiles } from '@madang/climate';
import { type LeverValues, SLIDERS, valuesFrom } from './sliders.ts';

/** What a plan does, as the model says; plain data that a worker can send. */
export interface PlanResult {
  readonly firstYear: number;
  /** 5th, 50th and 95th percentile of warming, a row of three a year. */
  readonly rows: Float64Array;
  /** Warming of each member in the last year. */
  readonly final: Float64Array;
  /** CO2 from fossil fuel less what is captured, Gt/yr, by year. */
  readonly fossil: Float64Array;
}

/** `price:200,coal:2040`: levers that are not at rest, for the part of an address that names the plan compared with. */
export function planText(v: LeverValues): string {
  return changedOf(v)
    .map(s => `${s.key}:${v[s.key]}`)
    .join(',');
}

/** The plan that such a text says; what it does not name, or names wrongly, is at rest. */
export function planFrom(text: string): LeverValues {
  const given = new Map(text.split(',').map(part => part.split(':', 2) as [string, string | undefined]));
  return valuesFrom(key => given.get(key));
}

/** A page's address without its path: the plan, and the plan it is compared with. Empty when all is at rest. */
export function climateQuery(v: LeverValues, kept?: LeverValues): string {
  const parts = changedOf(v).map(s => `${s.key}=${v[s.key]}`);
  if (kept) parts.push(`with=${planText(kept)}`);
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

/** Levers that do something. */
export function changedOf(v: LeverValues): typeof SLIDERS {
  return SLIDERS.filter(s => (v[s.key] ?? s.idle) !== s.idle);
}

/** The plan in a line: "Carbon price by 2050 200 US dollars a tonne of CO2; …". */
export function planWords(v: LeverValues): string {
  const changed = changedOf(v);
  if (changed.length === 0) return 'no policies';
  return changed.map(s => `${s.label}: ${v[s.key]}${s.key === 'coal' ? '' : ` ${s.unit}`}`).join('; ');
}

const FLAGS: Readonly<Record<string, (x: number) => string>> = {
  price: x => `--carbon-price ${x}@2026-2050`,
  coal: x => `--coal 1@2026-${x}`,
  methane: x => `--methane ${x / 100}@2026-2040`,
  air: x => `--removal ${x}@2026-2060`,
  source: x => `--capture ${x}@2026-2050`,
  forest: x => `--forest ${x}@2026-2060`,
  deforestation: x => `--deforestation ${x / 100}@2026-2040`,
};

/** The same plan at the command line; the tables are the caller's. */
export function planCommand(v: LeverValues, scenario: string): string {
  const name = /^[\w.-]+$/.test(scenario) ? scenario : `"${scenario.replace(/["$`\\]/g, '')}"`;
  const flags = changedOf(v).map(s => ` ${FLAGS[s.key](v[s.key])}`);
  return `madang climate maker --emissions E.csv --configs P.csv --species S.csv --forcing V.csv --scenario ${name}${flags.join('')} --out PLAN.csv`;
}

/** How much warmer the first is in the last year than the second: percentiles over the members, each compared with itself. */
export function differenceOf(a: PlanResult, b: PlanResult): readonly [number, number, number] {
  const [low, median, high] = percentiles(
    a.final.map((x, i) => x - b.final[i]),
    a.final.length,
    [5, 50, 95],
  );
  return [low, median, high];
}

/** Members whose warming in the last year is below so many degrees. */
export function below(r: PlanResult, degrees: number): number {
  return r.final.reduce((n, x) => n + (x < degrees ? 1 : 0), 0);
}

export function lastYear(r: PlanResult): number {
  return r.firstYear + r.rows.length / 3 - 1;
}

/** Emissions of a year; undefined outside the run. */
export function fossilIn(r: PlanResult, year: number): number | undefined {
  return r.fossil[year - r.firstYear];
}
