// Reading forecasts, scores and truth from tables: the wide form (one row a forecast, columns q0.01 … q0.99), the hubverse long
// form (one row a quantile), per-target scores, and truth. Parsing only: files are read by the caller.
import type { Table } from '@madang/numerics';
import { dayOf } from '../calendar.ts';
import type { Forecast, Truth } from '../levels.ts';
import type { TargetScore } from './targets.ts';

/** Forecasts of one file with the levels they share, ascending. A quantile that is absent or empty is NaN. */
export interface ForecastTable {
  readonly levels: readonly number[];
  readonly forecasts: readonly Forecast[];
}

const optional = (t: Table, ...names: string[]) => {
  const name = names.find(n => t.has(n));
  return name === undefined ? undefined : t.text(name);
};

/** A column of days. Throws a RangeError that names row and column of the first that is none. */
function days(t: Table, column: string): readonly string[] {
  const text = t.text(column);
  const good = new Set<string>();
  for (const [i, s] of text.entries()) {
    if (good.has(s)) continue;
    try {
      dayOf(s);
    } catch (error) {
      throw new RangeError(`row ${t.line(i)}, column "${column}": ${(error as Error).message}`);
    }
    good.add(s);
  }
  return text;
}

/** Remembers what each key said, and throws a RangeError on a row that says something else: which of the two is meant, nobody can know. */
function once(table: Table): (key: string, value: string, row: number) => void {
  const said = new Map<string, { value: string; row: number }>();
  return (key, value, row) => {
    const before = said.get(key);
    if (before && before.value !== value)
      throw new RangeError(
        `rows ${table.line(before.row)} and ${table.line(row)} are of the same thing (${key.split('\t').join(', ')}) and say ${before.value} and ${value}; keep one`,
      );
    if (!before) said.set(key, { value, row });
  };
}

/** Reads either form. Throws a RangeError on a date that is none and on two rows that contradict each other. `fallbackModel` names the model of a file without a model column (hubs use the file's name). */
export function readForecasts(table: Table, fallbackModel: string): ForecastTable {
  const columns = table.columns.filter(c => /^q?0?\.\d+$/.test(c));
  const models = optional(table, 'model', 'model_id');
  const origins = days(
    table,
    table.has('origin_date') || !table.has('reference_date') ? 'origin_date' : 'reference_date',
  );
  const targets = optional(table, 'target');
  const locations = table.text('location');
  const horizons = table.numbers('horizon');
  const ends = days(table, 'target_end_date');
  const at = (i: number) => ({
    model: models?.[i] || fallbackModel,
    target: targets?.[i] ?? '',
    originDate: origins[i],
    horizon: horizons[i],
    targetEndDate: ends[i],
    location: locations[i],
  });
  if (columns.length > 0) {
    const order = columns
      .map(c => ({ level: Number(c.replace(/^q/, '')), values: table.numbers(c) }))
      .sort((a, b) => a.level - b.level);
    const forecasts: Forecast[] = [];
    const consistent = once(table);
    for (let i = 0; i < table.length; i++) {
      const forecast = { ...at(i), quantiles: Float64Array.from(order, c => c.values[i]) };
      consistent(keyOf(forecast), forecast.quantiles.join(' '), i);
      forecasts.push(forecast);
    }
    return { levels: order.map(c => c.level), forecasts };
  }
  const types = table.text('output_type');
  const ids = table.text('output_type_id');
  const values = table.numbers('value');
  const levels = [
    ...new Set(ids.filter((_, i) => types[i] === 'quantile').map(s => Math.round(Number(s) * 1e4) / 1e4)),
  ].sort((a, b) => a - b);
  const place = new Map(levels.map((l, i) => [l, i]));
  const consistent = once(table);
  const found = new Map<string, Forecast & { quantiles: Float64Array }>();
  for (let i = 0; i < table.length; i++) {
    if (types[i] !== 'quantile') continue;
    const f = at(i);
    const key = keyOf(f);
    consistent(`${key}\t${ids[i]}`, String(values[i]), i);
    const entry = found.get(key) ?? { ...f, quantiles: new Float64Array(levels.length).fill(Number.NaN) };
    found.set(key, entry);
    entry.quantiles[place.get(Math.round(Number(ids[i]) * 1e4) / 1e4)!] = values[i];
  }
  return { levels, forecasts: [...found.values()] };
}

const keyOf = (f: Omit<Forecast, 'quantiles'>) =>
  [f.model, f.target, f.originDate, f.location, f.horizon, f.targetEndDate].join('\t');

/** Truth rows; an empty value is left out. Throws a RangeError as above; a file that says when each value was known (as_of) may hold several, the last counts. */
export function readTruth(table: Table): Truth[] {
  const targets = optional(table, 'target');
  const seasons = optional(table, 'season');
  const locations = table.text('location');
  const dates = days(table, 'date');
  const consistent = table.has('as_of') ? undefined : once(table);
  const values = table.numbers('value');
  const out: Truth[] = [];
  for (let i = 0; i < table.length; i++) {
    if (Number.isNaN(values[i])) continue;
    consistent?.(
      [seasons?.[i] ?? '', targets?.[i] ?? '', locations[i], dates[i]].filter(s => s !== '').join('\t'),
      String(values[i]),
      i,
    );
    const row = { target: targets?.[i] ?? '', location: locations[i], date: dates[i], value: values[i] };
    out.push(seasons === undefined ? row : { ...row, season: seasons[i] });
  }
  return out;
}

/** Per-target scores of models whose forecasts are not at hand (columns wis, logwis, ae_median, c50, c95 beside the keys). */
export function readScores(table: Table): TargetScore[] {
  const [models, targets, origins, ends, locations, c50, c95] = [
    'model',
    'target',
    'origin_date',
    'target_end_date',
    'location',
    'c50',
    'c95',
  ].map(c => table.text(c));
  const [horizons, w, lw, ae] = ['horizon', 'wis', 'logwis', 'ae_median'].map(c => table.numbers(c));
  return models.map((model, i) => ({
    model,
    target: targets[i],
    originDate: origins[i],
    horizon: horizons[i],
    targetEndDate: ends[i],
    location: locations[i],
    wis: w[i],
    logWis: lw[i],
    absoluteError: ae[i],
    c50: c50[i] === '1',
    c95: c95[i] === '1',
  }));
}
