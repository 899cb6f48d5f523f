// FaIR 2.2.3 and 1.6.4 run unchanged (ten significant digits; no noise), and the project's own published test values. The climate folder
// of the reference data says how each file was made.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseCsv, type Table } from '@madang/numerics';
import { sharedData, without } from '../../../scripts/shared-data.ts';
import {
  aboveReference,
  concentrationAt,
  type DriverTable,
  emergentParameters,
  type FairOptions,
  type FairResult,
  forcingAt,
  forcingGroup,
  imbalance,
  impulseResponse,
  lifetimeAt,
  makeFair,
  molecularWeights,
  oceanHeat,
  percentiles,
  readDrivers,
  readDriverTable,
  readMembers,
  readSpecies,
  runEnergyBalance,
  runFair1,
  spannedTime,
  speciesOf,
  yearlyMeans,
} from './index.ts';

const skip = without('climate/fair');
const open = (f: string) => parseCsv(readFileSync(sharedData(`climate/fair/${f}`), 'utf8'), f);

/** Largest difference over a column's values that are there; `atLeast` guards against comparing nothing. */
function worst(t: Table, column: string, value: (row: number) => number, rows: readonly number[]): number {
  const expected = t.numbers(column);
  let largest = 0;
  let compared = 0;
  for (const i of rows) {
    if (Number.isNaN(expected[i])) continue;
    const d = Math.abs(value(i) - expected[i]);
    if (!(d <= largest)) largest = d;
    compared += 1;
  }
  assert.ok(compared >= rows.length / 2, `${column}: only ${compared} of ${rows.length} values compared`);
  return largest;
}

function calibrated() {
  const species = readSpecies(open('cal141_species_configs_properties.csv'), 'species');
  const { model } = readMembers(open('cal141_parameters.csv'), species, 'members');
  const tables: DriverTable[] = [
    readDriverTable(open('cal141_emissions.csv'), 'emissions', 'emissions'),
    readDriverTable(open('cal141_volcanic_solar.csv'), 'forcing', 'forcing'),
  ];
  const fair = makeFair(model);
  const run = (scenario: string, keep?: Parameters<typeof fair>[1]) =>
    fair(
      readDrivers({
        species: model.species,
        tables,
        scenario,
        time: spannedTime(tables),
        weights: molecularWeights(species),
      }).drivers,
      keep,
    );
  return { model, run };
}

test('calibrated set: every column of three members in three scenarios', { skip }, () => {
  const { model, run } = calibrated();
  const expected = open('cal141_expected.csv');
  const perSpecies = open('cal141_expected_species.csv');
  const scenarios = [...new Set(expected.text('scenario'))];
  assert.equal(scenarios.length, 3);
  for (const scenario of scenarios) {
    const r = run(scenario, { layers: true, forcing: true, gases: 'all' });
    const M = model.members.length;
    const rows = [...expected.text('scenario').keys()].filter(i => expected.text('scenario')[i] === scenario);
    const member = expected.text('config').map(c => model.members.indexOf(c));
    const bound = expected.numbers('timebound').map(t => t - r.bounds[0]);
    const check = (column: string, tolerance: number, at: (t: number, m: number) => number) => {
      const e = worst(expected, column, i => at(bound[i], member[i]), rows);
      assert.ok(e <= tolerance, `${scenario} ${column}: ${e}`);
    };
    const row = (v: Float64Array | undefined) => (t: number, m: number) => v![t * M + m];
    const toa = imbalance(r);
    for (const [column, group] of FORCING) check(column, 1e-8, row(forcingGroup(r, group)));
    check('erf_total', 1e-8, row(r.forcing!.total));
    for (let l = 0; l < 3; l++) check(`temperature_layer${l}_K`, 1e-8, row(r.temperature[l]));
    check('toa_imbalance_W_m2', 1e-8, row(toa));
    check('ocean_heat_content_change_J', 2e16, row(oceanHeat(r, toa)));
    for (const [column, type] of GASES) check(column, 2e-6, (t, m) => concentrationAt(r, speciesOf(r, type), t, m));
    const co2 = r.gases.get(speciesOf(r, 'co2'))!;
    check('airborne_CO2_emissions_GtCO2', 1e-5, row(co2.airborne));
    check('cumulative_CO2_emissions_GtCO2', 1e-6, row(co2.cumulative));
    check('ch4_lifetime_yr', 1e-8, (t, m) => lifetimeAt(r, speciesOf(r, 'ch4'), t, m));

    const mine = [...perSpecies.text('scenario').keys()].filter(i => perSpecies.text('scenario')[i] === scenario);
    const index = perSpecies.text('specie').map(s => model.species.findIndex(x => x.name === s));
    const who = perSpecies.text('config').map(c => model.members.indexOf(c));
    const when = perSpecies.numbers('timebound').map(t => t - r.bounds[0]);
    const c = worst(perSpecies, 'concentration', i => concentrationAt(r, index[i], when[i], who[i]), mine);
    const f = worst(perSpecies, 'erf_W_m2', i => forcingAt(r, index[i], when[i], who[i]), mine);
    assert.ok(c <= 2e-6 && f <= 1e-8, `${scenario} by species: ${c}, ${f}`);
    const erf = perSpecies.numbers('erf_W_m2');
    for (const i of mine)
      assert.equal(
        Number.isNaN(forcingAt(r, index[i], when[i], who[i])),
        Number.isNaN(erf[i]),
        perSpecies.text('specie')[i],
      );
  }
});

test('calibrated set: percentiles of the ensemble', { skip }, () => {
  const { model, run } = calibrated();
  const expected = open('cal141_ensemble_percentiles.csv');
  const M = model.members.length;
  for (const scenario of new Set(expected.text('scenario'))) {
    const r = run(scenario, { gases: 'concentration' });
    const gsat = percentiles(
      aboveReference(yearlyMeans(r.temperature[0], M), M, 1750, 1850, 1900),
      M,
      [5, 17, 50, 83, 95],
    );
    const co2 = percentiles(yearlyMeans(r.gases.get(speciesOf(r, 'co2'))!.concentration, M), M, [5, 50, 95]);
    const rows = [...expected.text('scenario').keys()].filter(
      i => expected.text('scenario')[i] === scenario && expected.text('members')[i] === 'shared100',
    );
    const year = expected.numbers('year');
    for (const [k, p] of ['05', '17', '50', '83', '95'].entries())
      assert.ok(
        worst(expected, `gsat_p${p}`, i => gsat[(year[i] - 1750) * 5 + k], rows) < 1e-7,
        `${scenario} gsat_p${p}`,
      );
    for (const [k, p] of ['05', '50', '95'].entries())
      assert.ok(worst(expected, `co2_p${p}`, i => co2[(year[i] - 1750) * 3 + k], rows) < 1e-5, `${scenario} co2_p${p}`);
  }
});

/** The nine-species example, which mixes emissions, concentrations and forcing, with tables that give only some years. */
function basic(options: FairOptions): (scenario: string) => FairResult {
  const species = readSpecies(open('basic_species_configs_properties.csv'), 'species');
  const { model } = readMembers(open('basic_configs.csv'), species, 'members');
  const tables: DriverTable[] = [
    readDriverTable(open('basic_emissions.csv'), 'emissions', 'emissions'),
    readDriverTable(open('basic_concentration.csv'), 'concentration', 'concentration'),
    readDriverTable(open('basic_forcing.csv'), 'forcing', 'forcing'),
  ];
  const fair = makeFair(model, options);
  return scenario =>
    fair(
      readDrivers({
        species: model.species,
        tables,
        scenario,
        time: { start: 2000, end: 2050, stepYears: 1 },
        weights: molecularWeights(species),
        interpolate: true,
      }).drivers,
      { layers: true, forcing: true, gases: 'all' },
    );
}

test('basic set: emissions, concentrations and forcing as drivers', { skip }, () => {
  const expected = open('basic_expected.csv');
  const run = basic({ ghgMethod: 'myhre1998' });
  for (const scenario of new Set(expected.text('scenario'))) {
    const r = run(scenario);
    const M = r.model.members.length;
    const rows = [...expected.text('scenario').keys()].filter(i => expected.text('scenario')[i] === scenario);
    const member = expected.text('config').map(c => r.model.members.indexOf(c));
    const bound = expected.numbers('timebound').map(t => t - 2000);
    const check = (column: string, tolerance: number, at: (t: number, m: number) => number) => {
      const e = worst(expected, column, i => at(bound[i], member[i]), rows);
      assert.ok(e <= tolerance, `${scenario} ${column}: ${e}`);
    };
    const row = (v: Float64Array | undefined) => (t: number, m: number) => v![t * M + m];
    for (const [column, group] of FORCING) if (expected.has(column)) check(column, 1e-8, row(forcingGroup(r, group)));
    check('erf_total', 1e-8, row(r.forcing!.total));
    for (let l = 0; l < 3; l++) check(`temperature_layer${l}_K`, 1e-8, row(r.temperature[l]));
    for (const [column, type] of GASES)
      check(column.replace(/_pp.$/, ''), 1e-6, (t, m) => concentrationAt(r, speciesOf(r, type), t, m));
    check('airborne_CO2_emissions_GtCO2', 1e-6, row(r.gases.get(speciesOf(r, 'co2'))!.airborne));
  }
});

test('energy balance: published time scales, coefficients, ECS and TCR; abrupt 4xCO2', { skip }, () => {
  const d = JSON.parse(readFileSync(sharedData('climate/fair/ebm3_reference.json'), 'utf8'));
  const model = {
    heatCapacity: d.ocean_heat_capacity,
    heatTransfer: d.ocean_heat_transfer,
    deepOceanEfficacy: d.deep_ocean_efficacy,
    gammaAutocorrelation: d.gamma_autocorrelation,
    forcing4co2: d.forcing_4co2,
  };
  const p = d.published_in_fair_tests;
  const response = impulseResponse(model);
  const { ecsK, tcrK } = emergentParameters(model);
  for (let k = 0; k < 3; k++) {
    assert.ok(Math.abs(response.timescalesYr[k] - p.timescales_yr[k]) < 1e-6 * p.timescales_yr[k]);
    assert.ok(Math.abs(response.coefficients[k] - p.response_coefficients[k]) < 1e-8);
  }
  assert.ok(Math.abs(ecsK - p.ecs_tcr_K[0]) < 1e-8 && Math.abs(tcrK - p.ecs_tcr_K[1]) < 1e-8);
  const warming = runEnergyBalance(model, new Float64Array(140).fill(model.forcing4co2));
  for (const [k, t] of [0, 1, 10, 50, 100, 139].entries())
    assert.ok(Math.abs(warming[t * 3] - d.abrupt4x_temperature_layer0_years_0_1_10_50_100_139[k]) < 1e-6);
});

test('energy balance: CMIP6 models', { skip }, () => {
  const t = open('ebm3_cmip6_calibrations.csv');
  const expected = open('ebm3_cmip6_expected.csv');
  const key = (x: Table, i: number) => `${x.text('model')[i]} ${x.text('run')[i]}`;
  const at = new Map(Array.from({ length: t.length }, (_, i) => [key(t, i), i]));
  for (let i = 0; i < expected.length; i++) {
    const k = at.get(key(expected, i))!;
    const col = (c: string) => t.numbers(c)[k];
    const m = {
      heatCapacity: ['C1', 'C2', 'C3'].map(col),
      heatTransfer: ['kappa1', 'kappa2', 'kappa3'].map(col),
      deepOceanEfficacy: col('epsilon'),
      gammaAutocorrelation: col('gamma'),
      forcing4co2: col('F_4xCO2'),
    };
    const { ecsK, tcrK } = emergentParameters(m);
    const warming = runEnergyBalance(m, new Float64Array(140).fill(m.forcing4co2))[139 * 3];
    for (const [c, v] of [
      ['ecs_K', ecsK],
      ['tcr_K', tcrK],
      ['t_abrupt4x_yr139_K', warming],
    ] as const)
      assert.ok(Math.abs(expected.numbers(c)[i] - v) < 1e-8, `${key(expected, i)} ${c}: ${v}`);
  }
});

test('FaIR 1.6: pulse of ten gigatonnes', { skip }, () => {
  const t = open('v1_ten_gtc_pulse.csv');
  const r = runFair1(t.numbers('emissions_GtC_per_yr'), t.numbers('other_forcing_W_m2'), { r0: 32.4, doublingYr: 70 });
  const all = Array.from({ length: t.length }, (_, i) => i);
  assert.ok(worst(t, 'expected_CO2_ppm', i => r.co2Ppm[i], all) < 1e-8);
  assert.ok(worst(t, 'expected_forcing_W_m2', i => r.forcingWm2[i], all) < 1e-10);
  assert.ok(worst(t, 'expected_temperature_K', i => r.temperatureK[i], all) < 1e-10);
});

const FORCING = [
  ['erf_CO2', 'co2'],
  ['erf_CH4', 'ch4'],
  ['erf_N2O', 'n2o'],
  ['erf_halogenated', 'halogenated'],
  ['erf_aerosol_radiation', 'ari'],
  ['erf_aerosol_cloud', 'aci'],
  ['erf_ozone', 'ozone'],
  ['erf_black_carbon_on_snow', 'lapsi'],
  ['erf_stratospheric_water_vapour', 'h2o stratospheric'],
  ['erf_land_use', 'land use'],
  ['erf_solar', 'solar'],
  ['erf_volcanic', 'volcanic'],
] as const;
const GASES = [
  ['conc_CO2_ppm', 'co2'],
  ['conc_CH4_ppb', 'ch4'],
  ['conc_N2O_ppb', 'n2o'],
] as const;
