// Tables of the science pages for download. Every row has its unit, and the first says where the figures come from and what to cite.
import type { GridAnswer, WeatherModel } from '@madang/web';
import type { TableRows } from './tables.ts';

/** Scores of the backtest, means over stations and then station by station; nothing without one. Errors in the unit of the variable, ratios without unit. */
export function skillRows(m: WeatherModel): TableRows | undefined {
  if (!m.backtest) return undefined;
  const { models, testYear } = m.backtest;
  const unit = (variable: string) => m.forecast.forecasts.find(f => f.variable === variable)?.unit ?? '';
  const rows = Object.entries(models).flatMap(([model, variables]) =>
    Object.entries(variables).flatMap(([variable, lines]) =>
      lines.map(l => [
        'all',
        model,
        variable,
        unit(variable),
        testYear,
        l.leadDays,
        ...[l.rmse, l.crps, l.coverage90, l.toDampedPersistence, l.toClimatology].map(x => Number(x.toPrecision(6))),
      ]),
    ),
  );
  for (const l of m.backtest.perStation ?? [])
    rows.push([
      ...[l.station, 'federated', l.variable, unit(l.variable), testYear, l.leadDays],
      ...[l.rmse, l.crps, l.coverage90].map(x => Number(x.toPrecision(6))),
      '',
      '',
    ]);
  const columns = [
    'station',
    'model',
    'variable',
    'unit',
    'test_year',
    'lead_days',
    'rmse',
    'crps',
    'coverage90',
    'rmse_to_damped_persistence',
    'rmse_to_climatology',
  ];
  const scored = `${m.simulated ? 'simulated; ' : ''}test year ${m.backtest?.testYear}, ${m.backtest?.stations} stations, “all” is their mean; cite: ${m.cite} ${m.note}`;
  return withProvenance(columns, rows, scored.trim());
}

/** Buses, then lines, in one table: what each carries and costs. */
export function gridRows(a: GridAnswer): TableRows {
  const number = (x: number) => (Number.isFinite(x) ? Number(x.toPrecision(8)) : '');
  const rows: (string | number)[][] = a.buses.map(b => [
    'bus',
    b.number,
    '',
    ...[b.loadMw, b.generationMw, b.price, b.congestion, b.voltagePu].map(number),
    '',
    '',
    '',
  ]);
  for (const l of a.lines)
    rows.push([
      'line',
      a.buses[l.from].number,
      a.buses[l.to].number,
      '',
      '',
      '',
      '',
      '',
      ...[l.flowMw, l.ratingMva, l.loading].map(number),
    ]);
  const columns = [
    'element',
    'bus',
    'to_bus',
    'load_MW',
    'generation_MW',
    'price_per_MWh',
    'congestion_per_MWh',
    'voltage_pu',
    'flow_MW',
    'rating_MVA',
    'loading',
  ];
  return withProvenance(
    columns,
    rows,
    `${a.name}; alternating-current optimal power flow (@madang/energy), ${a.status}; loading is apparent power over the rating`,
  );
}

function withProvenance(
  columns: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  text: string,
): TableRows {
  return { columns: [...columns, 'provenance'], rows: rows.map((r, i) => [...r, i === 0 ? text : '']) };
}
