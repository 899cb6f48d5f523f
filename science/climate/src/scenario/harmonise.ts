// Harmonisation: a scenario is moved so that it starts from history (Gidden et al. 2018, Environ. Model. Softw. 105, 187). The difference in the
// base year is carried as a ratio or an offset, kept for good or let go linearly until a year.
// Trap: ratios fail where history or scenario is near zero or changes sign; then the offset is used, as Gidden's decision tree does.
import { ClimateError } from '../error.ts';
import { rowOf, type Scenario, type ScenarioRow } from './table.ts';

export type HarmoniseMethod = 'ratio' | 'offset' | 'auto';

export interface HarmoniseOptions {
  /** Last year of history; the scenario equals history up to it. */
  readonly baseYear: number;
  readonly method?: HarmoniseMethod;
  /** Year in which the scenario is its own again; undefined keeps the difference for good. */
  readonly convergence?: number;
}

/** Harmonises every row of the scenario that history has; both need the base year. Years before the scenario's first come from history. */
export function harmonise(scenario: Scenario, history: Scenario, options: HarmoniseOptions): Scenario {
  const at = (s: Scenario, year: number) => s.years.findIndex(y => Math.floor(y) === year);
  const h = at(history, options.baseYear);
  const b = at(scenario, options.baseYear);
  if (h < 0 || b < 0)
    throw new ClimateError(
      'missing-year',
      `harmonisation needs the base year ${options.baseYear} in ${h < 0 ? `history "${history.name}"` : `scenario "${scenario.name}"`}`,
    );
  if (options.convergence !== undefined && options.convergence <= options.baseYear)
    throw new ClimateError(
      'missing-year',
      `convergence in ${options.convergence} is not after the base year ${options.baseYear}`,
    );
  const early = history.years.filter(y => y < scenario.years[0]);
  const years = Float64Array.of(...early, ...scenario.years);
  const rows = scenario.rows.map((row): ScenarioRow => {
    const past = rowOf(history, row.species);
    if (past.unit !== row.unit)
      throw new ClimateError(
        'bad-unit',
        `${row.species}: history is in "${past.unit}", the scenario in "${row.unit}"; convert one of them`,
      );
    const method =
      options.method === 'ratio' || options.method === 'offset' ? options.method : choose(row, past.values[h], b);
    const ratio = past.values[h] / row.values[b];
    const offset = past.values[h] - row.values[b];
    if (method === 'ratio' && !Number.isFinite(ratio))
      throw new ClimateError(
        'bad-number',
        `${row.species}: the scenario is 0 in ${options.baseYear}, so no ratio can be kept; use the offset`,
      );
    const values = new Float64Array(years.length);
    for (const [k, y] of years.entries()) {
      const year = Math.floor(y);
      const p = at(history, year);
      if (year <= options.baseYear) {
        if (p < 0) throw new ClimateError('missing-year', `${row.species}: history "${history.name}" has no ${year}`);
        values[k] = past.values[p];
        continue;
      }
      const own = row.values[k - early.length];
      const left =
        options.convergence === undefined
          ? 1
          : Math.max(0, (options.convergence - year) / (options.convergence - options.baseYear));
      values[k] = method === 'ratio' ? own * (1 + (ratio - 1) * left) : own + offset * left;
    }
    const end = options.convergence === undefined ? 'kept' : `let go by ${options.convergence}`;
    const size = method === 'ratio' ? `ratio ${ratio.toPrecision(6)}` : `offset ${offset.toPrecision(6)} ${row.unit}`;
    return {
      ...row,
      values,
      history: [...row.history, `harmonised to "${history.name}" in ${options.baseYear}: ${size}, ${end}`],
    };
  });
  return { name: scenario.name, years, rows };
}

function choose(row: ScenarioRow, past: number, b: number): 'ratio' | 'offset' {
  const now = row.values[b];
  const crosses = row.values.some(v => Math.sign(v) !== Math.sign(now) && v !== 0);
  return now === 0 ||
    past === 0 ||
    Math.sign(past) !== Math.sign(now) ||
    crosses ||
    Math.abs(past / now) > 4 ||
    Math.abs(past / now) < 0.25
    ? 'offset'
    : 'ratio';
}
