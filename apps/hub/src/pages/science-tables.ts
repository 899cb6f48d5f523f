// Tables of the science pages for download. Every row has its unit, and the first says where the figures come from and what to cite.
import { type CarbonAnswer, FIELDS, type GridAnswer, type WeatherModel } from '@madang/web';
import type { TableRows } from './tables.ts';

const CARBON_PROVENANCE =
  'computed by this hub from rounded figures of a zeolite and invented prices; one-dimensional column of 30 cells at cyclic steady state (@madang/carbon). Model after Haghpanah et al. 2013, Ind. Eng. Chem. Res. 52, 4249. Describes no plant';
const CARBON_UNITS = {
  purity: 'mole fraction of CO2 in the dry product',
  recovery: 'fraction of the CO2 that was fed',
  energyKwhPerTonne: 'kWh of electricity per tonne of CO2',
  productivityMolKgH: 'mol of CO2 per kg of sorbent and hour',
  massError: 'fraction by which the mass balance of a cycle is open',
  energyError: 'fraction by which the energy balance of a cycle is open',
  cycleS: 's',
  cost: 'US dollars per tonne of CO2',
  isotherms: 'kPa; mol/kg of each gas alone at feed temperature',
} as const;

/** The answer for the start values, with its units and where it comes from. */
export function carbonJson(a: CarbonAnswer): object {
  return { ...a, units: CARBON_UNITS, provenance: CARBON_PROVENANCE };
}

/** Inputs, figures of the column, parts of the cost and both isotherms as quantity, value, unit. */
export function carbonRows(a: CarbonAnswer): TableRows {
  const rows: (string | number)[][] = FIELDS.map(f => ['input', f.label, a.values[f.key], f.unit]);
  const { steady: s, cost } = a;
  if (s.converged) {
    for (const key of [
      'purity',
      'recovery',
      'energyKwhPerTonne',
      'productivityMolKgH',
      'massError',
      'energyError',
      'cycleS',
    ] as const)
      rows.push(['column', key, s[key], CARBON_UNITS[key]]);
  } else rows.push(['column', 'did not converge', s.why, '']);
  for (const p of cost?.parts ?? []) rows.push(['cost', p.name, p.perTonne, CARBON_UNITS.cost]);
  if (cost) rows.push(['cost', 'a tonne captured', cost.perTonneCaptured, CARBON_UNITS.cost]);
  if (cost?.perTonneAvoided !== undefined)
    rows.push(['cost', 'a tonne avoided', cost.perTonneAvoided, CARBON_UNITS.cost]);
  for (const p of a.isotherms) {
    rows.push(['isotherm', `CO2 alone at ${p.kpa} kPa`, p.co2, 'mol/kg']);
    rows.push(['isotherm', `N2 alone at ${p.kpa} kPa`, p.n2, 'mol/kg']);
  }
  return withProvenance(['part', 'quantity', 'value', 'unit'], rows, CARBON_PROVENANCE);
}

export function weatherRows(m: WeatherModel): TableRows {
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
  ];
  return withProvenance(columns, rows, weatherProvenance(m));
}

/** Scores of the backtest; nothing without one. Errors in the unit of the variable, ratios without unit. */
export function skillRows(m: WeatherModel): TableRows | undefined {
  if (!m.backtest) return undefined;
  const { models, testYear } = m.backtest;
  const unit = (variable: string) => m.forecast.forecasts.find(f => f.variable === variable)?.unit ?? '';
  const rows = Object.entries(models).flatMap(([model, variables]) =>
    Object.entries(variables).flatMap(([variable, lines]) =>
      lines.map(l => [
        model,
        variable,
        unit(variable),
        testYear,
        l.leadDays,
        ...[l.rmse, l.crps, l.coverage90, l.toDampedPersistence, l.toClimatology].map(x => Number(x.toPrecision(6))),
      ]),
    ),
  );
  const columns = [
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
  return withProvenance(columns, rows, weatherProvenance(m));
}

const weatherProvenance = (m: WeatherModel) =>
  `${m.simulated ? 'simulated; ' : ''}${m.forecast.model} model, known until ${m.forecast.issued}; cite: ${m.cite} ${m.note}`.trim();

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
