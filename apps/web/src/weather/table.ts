// The forecast as a table: every row has its unit, and the first says where it comes from and what to cite.
import type { WeatherModel } from './model.ts';

export function weatherTable(m: WeatherModel): {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
} {
  const rows = m.forecast.forecasts.map(r => [
    r.station,
    r.variable,
    r.unit,
    m.forecast.issued,
    r.date,
    r.leadDays,
    ...[r.q05, r.q25, r.q50, r.q75, r.q95].map(q => Number(q.toPrecision(6))),
    r.chanceWet === undefined ? '' : Number(r.chanceWet.toPrecision(4)),
  ]);
  const columns = [
    'station',
    'variable',
    'unit',
    'known_until',
    'date',
    'lead_days',
    'q05',
    'q25',
    'q50',
    'q75',
    'q95',
    'chance_wet',
    'provenance',
  ];
  const about = weatherProvenance(m);
  return { columns, rows: rows.map((r, i) => [...r, i === 0 ? about : '']) };
}

const weatherProvenance = (m: WeatherModel) =>
  `${m.simulated ? 'simulated; ' : ''}${m.forecast.model} model, known until ${m.forecast.issued}; cite: ${m.cite} ${m.note}`.trim();
