// Climate: FaIR 2.2.3 and 1.6.4, and energy balance calibrations of CMIP6 models. Tolerances are those promised: 1e-6 K, 1e-5 ppm; the rest follows.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  aboveReference,
  concentrationAt,
  type DriverTable,
  emergentParameters,
  type FairOptions,
  type FairResult,
  type ForcingGroup,
  forcingAt,
  forcingGroup,
  imbalance,
  lifetimeAt,
  makeFair,
  molecularWeights,
  oceanHeat,
  percentiles,
  type RunTime,
  readDrivers,
  readDriverTable,
  readMembers,
  readSpecies,
  runEnergyBalance,
  runFair1,
  spannedTime,
  speciesOf,
  yearlyMeans,
} from '@madang/climate';
import { parseCsv, type Table } from '@madang/numerics';
import type { Reference, ScienceSuite } from '../suite.ts';

type At = (t: number, m: number) => number;

/** Every reference of the climate folder. */
export const climate: ScienceSuite = async data => {
  const open = (f: string) => parseCsv(readFileSync(join(data, 'climate/fair', f), 'utf8'), f);
  const found = new Map<string, { cases: number; largestError: number; tolerance: number; unit: string }>();
  const note = (name: string, error: number, tolerance: number, unit: string) => {
    const r = found.get(name) ?? { cases: 0, largestError: 0, tolerance, unit };
    r.cases += 1;
    if (!(error <= r.largestError)) r.largestError = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
    found.set(name, r);
  };
  const column = (
    name: string,
    t: Table,
    c: string,
    tolerance: number,
    unit: string,
    rows: readonly number[],
    value: (row: number) => number,
  ) => {
    const expected = t.numbers(c);
    for (const i of rows) if (!Number.isNaN(expected[i])) note(name, Math.abs(value(i) - expected[i]), tolerance, unit);
  };
  const every = (t: Table) => Array.from({ length: t.length }, (_, i) => i);

  const calibrated = ensemble(
    open,
    'cal141_species_configs_properties.csv',
    'cal141_parameters.csv',
    [
      ['emissions', 'cal141_emissions.csv'],
      ['forcing', 'cal141_volcanic_solar.csv'],
    ],
    {},
  );
  const bands = open('cal141_ensemble_percentiles.csv');
  const basic = ensemble(
    open,
    'basic_species_configs_properties.csv',
    'basic_configs.csv',
    [
      ['emissions', 'basic_emissions.csv'],
      ['concentration', 'basic_concentration.csv'],
      ['forcing', 'basic_forcing.csv'],
    ],
    { ghgMethod: 'myhre1998' },
    { start: 2000, end: 2050, stepYears: 1 },
  );
  for (const [label, run, file, speciesFile] of [
    ['FaIR 2.2.3 calibrated set', calibrated, 'cal141_expected.csv', 'cal141_expected_species.csv'],
    ['FaIR 2.2.3 basic set', basic, 'basic_expected.csv', undefined],
  ] as const) {
    const expected = open(file);
    const perSpecies = speciesFile ? open(speciesFile) : undefined;
    for (const scenario of new Set(expected.text('scenario'))) {
      const r = run(scenario);
      const member = expected.text('config').map(c => r.model.members.indexOf(c));
      const bound = expected.numbers('timebound').map(t => t - r.bounds[0]);
      const rows = every(expected).filter(i => expected.text('scenario')[i] === scenario);
      for (const [c, kind, tolerance, unit, at] of columns(r))
        if (expected.has(c))
          column(`${label}, ${kind}`, expected, c, tolerance, unit, rows, i => at(bound[i], member[i]));
      if (!perSpecies) continue;
      const species = perSpecies.text('specie').map(s => r.model.species.findIndex(x => x.name === s));
      const who = perSpecies.text('config').map(c => r.model.members.indexOf(c));
      const when = perSpecies.numbers('timebound').map(t => t - r.bounds[0]);
      const mine = every(perSpecies).filter(i => perSpecies.text('scenario')[i] === scenario);
      column(`${label}, concentration of each species`, perSpecies, 'concentration', 1e-5, 'own unit', mine, i =>
        concentrationAt(r, species[i], when[i], who[i]),
      );
      column(`${label}, forcing of each species`, perSpecies, 'erf_W_m2', 1e-6, 'W/m2', mine, i =>
        forcingAt(r, species[i], when[i], who[i]),
      );
      const M = r.model.members.length;
      const ours = every(bands).filter(
        i => bands.text('scenario')[i] === scenario && bands.text('members')[i].endsWith(String(M)),
      );
      const warming = percentiles(
        aboveReference(yearlyMeans(r.temperature[0], M), M, r.bounds[0], 1850, 1900),
        M,
        [5, 17, 50, 83, 95],
      );
      const year = bands.numbers('year');
      for (const [k, p] of ['05', '17', '50', '83', '95'].entries())
        column(
          `${label}, percentiles of warming`,
          bands,
          `gsat_p${p}`,
          1e-6,
          'K',
          ours,
          i => warming[(year[i] - r.bounds[0]) * 5 + k],
        );
    }
  }

  const ebm = open('ebm3_cmip6_calibrations.csv');
  const ebmExpected = open('ebm3_cmip6_expected.csv');
  const key = (t: Table, i: number) => `${t.text('model')[i]} ${t.text('run')[i]}`;
  const where = new Map(every(ebm).map(i => [key(ebm, i), i]));
  for (const i of every(ebmExpected)) {
    const col = (c: string) => ebm.numbers(c)[where.get(key(ebmExpected, i)) ?? -1];
    const m = {
      heatCapacity: ['C1', 'C2', 'C3'].map(col),
      heatTransfer: ['kappa1', 'kappa2', 'kappa3'].map(col),
      deepOceanEfficacy: col('epsilon'),
      gammaAutocorrelation: col('gamma'),
      forcing4co2: col('F_4xCO2'),
    };
    const { ecsK, tcrK } = emergentParameters(m);
    const warming = runEnergyBalance(m, new Float64Array(140).fill(m.forcing4co2));
    for (const [c, v] of [
      ['ecs_K', ecsK],
      ['tcr_K', tcrK],
      ['t_abrupt4x_yr139_K', warming[139 * 3]],
    ] as const)
      note('CMIP6 energy balance models, ECS, TCR, abrupt 4xCO2', Math.abs(v - ebmExpected.numbers(c)[i]), 1e-6, 'K');
  }

  const pulse = open('v1_ten_gtc_pulse.csv');
  const v1 = runFair1(pulse.numbers('emissions_GtC_per_yr'), pulse.numbers('other_forcing_W_m2'), {
    r0: 32.4,
    doublingYr: 70,
  });
  column('FaIR 1.6.4 CO2 only, CO2', pulse, 'expected_CO2_ppm', 1e-5, 'ppm', every(pulse), i => v1.co2Ppm[i]);
  column(
    'FaIR 1.6.4 CO2 only, temperature',
    pulse,
    'expected_temperature_K',
    1e-6,
    'K',
    every(pulse),
    i => v1.temperatureK[i],
  );
  return [...found].map(([name, r]): Reference => ({ name, ...r }));
};

/** Makes an ensemble from files ready to run any of their scenarios. */
function ensemble(
  open: (f: string) => Table,
  speciesFile: string,
  membersFile: string,
  files: readonly (readonly [DriverTable['kind'], string])[],
  options: FairOptions,
  time?: RunTime,
): (scenario: string) => FairResult {
  const table = readSpecies(open(speciesFile), speciesFile);
  const { model } = readMembers(open(membersFile), table, membersFile);
  const tables = files.map(([kind, f]) => readDriverTable(open(f), kind, f));
  const fair = makeFair(model, options);
  return scenario => {
    const { drivers } = readDrivers({
      species: model.species,
      tables,
      scenario,
      time: time ?? spannedTime(tables),
      weights: molecularWeights(table),
      interpolate: time !== undefined,
    });
    return fair(drivers, { layers: true, forcing: true, gases: 'all' });
  };
}

/** The columns of an expected file: name, kind, tolerance, unit, our value. */
function columns(r: FairResult): readonly (readonly [string, string, number, string, At])[] {
  const M = r.model.members.length;
  const row =
    (v: Float64Array | undefined): At =>
    (t, m) =>
      v?.[t * M + m] ?? Number.NaN;
  const toa = imbalance(r);
  const co2 = speciesOf(r, 'co2');
  const gas =
    (type: 'co2' | 'ch4' | 'n2o'): At =>
    (t, m) =>
      concentrationAt(r, speciesOf(r, type), t, m);
  const forcing: readonly (readonly [string, ForcingGroup])[] = [
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
  ];
  return [
    ['conc_CO2_ppm', 'CO2', 1e-5, 'ppm', gas('co2')],
    ['conc_CO2', 'CO2', 1e-5, 'ppm', gas('co2')],
    ['conc_CH4_ppb', 'CH4 and N2O', 1e-5, 'ppb', gas('ch4')],
    ['conc_N2O_ppb', 'CH4 and N2O', 1e-5, 'ppb', gas('n2o')],
    ...forcing.map(([c, g]) => [c, 'forcing by group', 1e-6, 'W/m2', row(forcingGroup(r, g))] as const),
    ['erf_total', 'total forcing', 1e-6, 'W/m2', row(r.forcing?.total)],
    ...r.temperature.map(
      (v, l) => [`temperature_layer${l}_K`, 'temperature of every layer', 1e-6, 'K', row(v)] as const,
    ),
    ['toa_imbalance_W_m2', 'imbalance', 1e-6, 'W/m2', row(toa)],
    ['ocean_heat_content_change_J', 'ocean heat', 1e18, 'J', row(oceanHeat(r, toa))],
    ['airborne_CO2_emissions_GtCO2', 'airborne and cumulative CO2', 1e-4, 'Gt CO2', row(r.gases.get(co2)?.airborne)],
    [
      'cumulative_CO2_emissions_GtCO2',
      'airborne and cumulative CO2',
      1e-4,
      'Gt CO2',
      row(r.gases.get(co2)?.cumulative),
    ],
    ['ch4_lifetime_yr', 'methane lifetime', 1e-6, 'yr', (t, m) => lifetimeAt(r, speciesOf(r, 'ch4'), t, m)],
  ];
}
