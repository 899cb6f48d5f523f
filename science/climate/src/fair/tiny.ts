// A small model for tests and examples: CO2 from fossil fuel and land use, methane and nitrous oxide, solar forcing, two members.
// Parameters are those of FaIR's basic example and two members' worth of plausible climate; not for real projections.

import { parseCsv } from '@madang/numerics';
import { type Drivers, readDrivers, readDriverTable, spannedTime } from './drivers.ts';
import { type FairModel, molecularWeights, readMembers } from './parameters.ts';
import { readSpecies } from './species.ts';

export const TINY_SPECIES = `name,type,input_mode,greenhouse_gas,aerosol_chemistry_from_emissions,aerosol_chemistry_from_concentration,partition_fraction0,partition_fraction1,partition_fraction2,partition_fraction3,unperturbed_lifetime0,unperturbed_lifetime1,unperturbed_lifetime2,unperturbed_lifetime3,tropospheric_adjustment,forcing_efficacy,forcing_temperature_feedback,forcing_scale,molecular_weight,baseline_concentration,forcing_reference_concentration,iirf_0,iirf_airborne,iirf_uptake,iirf_temperature,baseline_emissions,g1,g0,ch4_lifetime_chemical_sensitivity,lifetime_temperature_sensitivity
CO2 FFI,co2 ffi,emissions,0,0,0,nan,nan,nan,nan,nan,nan,nan,nan,0,1,0,1,nan,nan,nan,nan,nan,nan,nan,0,nan,nan,0,nan
CO2 AFOLU,co2 afolu,emissions,0,0,0,nan,nan,nan,nan,nan,nan,nan,nan,0,1,0,1,nan,nan,nan,nan,nan,nan,nan,0,nan,nan,0,nan
CO2,co2,calculated,1,0,0,0.2173,0.224,0.2824,0.2763,1000000000,394.4,36.54,4.304,0.05,1,0,1,44.009,278.3,277.15,29,0.000819,0.00846,4,0,11.41262243,0.010178288,0,nan
CH4,ch4,emissions,1,0,1,1,0,0,0,8.25,8.25,8.25,8.25,-0.14,1,0,1,16.043,729.2,731.41,8.25,0.00032,0,-0.3,19.02,8.249410814,0.36785517,0.000254099,-0.0408
N2O,n2o,emissions,1,0,1,1,0,0,0,109,109,109,109,0.07,1,0,1,44.013,270.1,273.87,65.45,0,0,0,0.0863,25.49528818,0.076755588,-0.000722665,nan
Solar,solar,forcing,0,0,0,nan,nan,nan,nan,nan,nan,nan,nan,0,1,0,1,nan,nan,nan,nan,nan,nan,nan,nan,nan,nan,0,nan
`;

export const TINY_MEMBERS = `config,gamma_autocorrelation,ocean_heat_capacity[0],ocean_heat_capacity[1],ocean_heat_capacity[2],ocean_heat_transfer[0],ocean_heat_transfer[1],ocean_heat_transfer[2],deep_ocean_efficacy,forcing_4co2,iirf_0[CO2],forcing_scale[CH4]
warm,2,8,14,100,0.8,1.6,0.6,1.1,8,29,1.1
cool,3,6,11,75,1.6,2,1.1,0.9,7,31,0.9
`;

/** Emissions from `start` for `years` years under one scenario called `plan`: a ramp of fossil CO2, level methane and nitrous oxide. */
export function tinyEmissions(start = 2000, years = 60, peakGt = 40): string {
  const columns = Array.from({ length: years }, (_, i) => start + i + 0.5);
  const row = (variable: string, unit: string, value: (i: number) => number) =>
    ['plan', 'World', variable, unit, ...columns.map((_, i) => value(i))].join(',');
  return [
    ['scenario', 'region', 'variable', 'unit', ...columns].join(','),
    row('CO2 FFI', 'Gt CO2/yr', i => (peakGt * Math.min(i, 30)) / 30),
    row('CO2 AFOLU', 'Gt CO2/yr', () => 4),
    row('CH4', 'Mt CH4/yr', () => 200),
    row('N2O', 'Mt N2O/yr', () => 8),
  ].join('\n');
}

/** Solar forcing of 0.1 W/m2 at every bound. */
export function tinyForcing(start = 2000, years = 60): string {
  const columns = Array.from({ length: years + 1 }, (_, i) => start + i);
  return [
    ['variable', 'region', 'unit', ...columns].join(','),
    ['Solar', 'World', 'W/m2', ...columns.map(() => 0.1)].join(','),
  ].join('\n');
}

/** The small model ready to run: emissions and forcing from `start` for `years` years. */
export function tiny(start = 2000, years = 60): { readonly model: FairModel; readonly drivers: Drivers } {
  const species = readSpecies(parseCsv(TINY_SPECIES), 'species');
  const { model } = readMembers(parseCsv(TINY_MEMBERS), species, 'members');
  const tables = [
    readDriverTable(parseCsv(tinyEmissions(start, years)), 'emissions', 'emissions'),
    readDriverTable(parseCsv(tinyForcing(start, years)), 'forcing', 'forcing'),
  ];
  const request = {
    species: model.species,
    tables,
    scenario: 'plan',
    time: spannedTime(tables),
    weights: molecularWeights(species),
  };
  return { model, drivers: readDrivers(request).drivers };
}
