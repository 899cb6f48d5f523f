// Reading forecasts, scores and truth from tables: the wide form (one row a forecast, columns q0.01 … q0.99), the hubverse long
// form (one row a quantile), per-target scores, and truth. Parsing only: files are read by the caller.
import type { Table } from '@madang/numerics';
import type { Forecast, Truth } from '../levels.ts';
import type { TargetScore } from './score.ts';

/** Forecasts of one file with the levels they share, ascending. A quantile that is absent or empty is NaN. */
export interface ForecastTable {
  readonly levels: readonly number[];
  readonly forecasts: readonly Forecast[];
}

const optional = (t: Table, ...names: string[]) => {
  const name = names.find(n => t.has(n));
  return name === undefined ? undefined : t.text(name);
};

/** Reads either form. `fallbackModel` names the model of a file without a model column (hubs use the file's name). */
export function readForecasts(table: Table, fallbackModel: string): ForecastTable {
  const columns = table.columns.filter(c => /^q?0?\.\d+$/.test(c));
  const models = optional(table, 'model', 'model_id');
  const origins = optional(table, 'origin_date', 'reference_date') ?? table.text('origin_date');
  const targets = optional(table, 'target');
  const locations = table.text('location');
  const horizons = table.numbers('horizon');
  const ends = table.text('target_end_date');
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
    for (let i = 0; i < table.length; i++) {
      forecasts.push({ ...at(i), quantiles: Float64Array.from(order, c => c.values[i]) });
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
  const found = new Map<string, Forecast & { quantiles: Float64Array }>();
  for (let i = 0; i < table.length; i++) {
    if (types[i] !== 'quantile') continue;
    const f = at(i);
    const key = `${f.model}\t${f.target}\t${f.originDate}\t${f.location}\t${f.horizon}\t${f.targetEndDate}`;
    const entry = found.get(key) ?? { ...f, quantiles: new Float64Array(levels.length).fill(Number.NaN) };
    found.set(key, entry);
    entry.quantiles[place.get(Math.round(Number(ids[i]) * 1e4) / 1e4)!] = values[i];
  }
  return { levels, forecasts: [...found.values()] };
}

/** Truth rows; an empty value is left out. */
export function readTruth(table: Table): Truth[] {
  const targets = optional(table, 'target');
  const seasons = optional(table, 'season');
  const locations = table.text('location');
  const dates = table.text('date');
  const values = table.numbers('value');
  const out: Truth[] = [];
  for (let i = 0; i < table.length; i++) {
    if (Number.isNaN(values[i])) continue;
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
