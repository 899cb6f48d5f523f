// Tables of a small run of `madang climate fair` that calls what a run of the calibrated set calls: the small model and one species of each other kind.
// Numbers are of the right size and mean nothing.
import { TINY_MEMBERS, TINY_SPECIES, tinyEmissions, tinyForcing } from '@madang/climate';

const START = 1850;
const YEARS = 60;

/** Species by name: type, input mode, the three flags, and parameters where they are not 0. */
const MORE: readonly (readonly [string, string, string, string, Readonly<Record<string, number>>])[] = [
  [
    'Sulfur',
    'sulfur',
    'emissions',
    '0,1,0',
    { baseline_emissions: 2, erfari_radiative_efficiency: -0.003, aci_shape: 0.01 },
  ],
  [
    'BC',
    'black carbon',
    'emissions',
    '0,1,0',
    { lapsi_radiative_efficiency: 0.01, contrails_radiative_efficiency: 0.001 },
  ],
  ['CFC-11', 'cfc-11', 'emissions', '1,0,1', { cl_atoms: 3, fractional_release: 0.5 }],
  ['CF4', 'f-gas', 'emissions', '1,0,0', {}],
  ['Volcanic', 'volcanic', 'forcing', '0,0,0', {}],
  ['Aerosol-radiation interactions', 'ari', 'calculated', '0,0,0', {}],
  ['Aerosol-cloud interactions', 'aci', 'calculated', '0,0,0', { aci_scale: -2 }],
  ['Ozone', 'ozone', 'calculated', '0,0,0', {}],
  ['Contrails', 'contrails', 'calculated', '0,0,0', {}],
  ['Light absorbing particles on snow and ice', 'lapsi', 'calculated', '0,0,0', {}],
  ['Stratospheric water vapour', 'h2o stratospheric', 'calculated', '0,0,0', {}],
  ['Land use', 'land use', 'calculated', '0,0,0', {}],
  [
    'Equivalent effective stratospheric chlorine',
    'eesc',
    'calculated',
    '0,0,1',
    { ozone_radiative_efficiency: -0.0001 },
  ],
];
const GAS = {
  partition_fraction0: 1,
  molecular_weight: 100,
  iirf_0: 40,
  g0: 0.01,
  g1: 9,
  greenhouse_gas_radiative_efficiency: 0.2,
};
const NEW_COLUMNS = [
  ...[
    'erfari_radiative_efficiency',
    'ozone_radiative_efficiency',
    'aci_shape',
    'aci_scale',
    'lapsi_radiative_efficiency',
  ],
  ...[
    'contrails_radiative_efficiency',
    'cl_atoms',
    'br_atoms',
    'fractional_release',
    'greenhouse_gas_radiative_efficiency',
  ],
  ...['h2o_stratospheric_factor', 'land_use_cumulative_emissions_to_forcing'],
];

/** The tables by option of the command. */
export function warmUp(): Readonly<Record<string, string>> {
  const [header, ...tiny] = TINY_SPECIES.trim().split('\n');
  const columns = [...header.split(','), ...NEW_COLUMNS];
  const row = ([name, type, mode, flags, given]: (typeof MORE)[number]) => {
    const values: Record<string, number> = { forcing_efficacy: 1, forcing_scale: 1, ...given };
    for (let b = 0; b < 4; b++) values[`unperturbed_lifetime${b}`] = 50;
    if (flags.startsWith('1')) Object.assign(values, GAS);
    return [name, type, mode, flags, ...columns.slice(6).map(c => values[c] ?? 0)].join(',');
  };
  const bases = {
    CH4: { ozone_radiative_efficiency: 0.0002, h2o_stratospheric_factor: 0.00007 },
    'CO2 AFOLU': { land_use_cumulative_emissions_to_forcing: -0.0002 },
  };
  const widened = tiny.map(line => {
    const own = (bases as Record<string, Record<string, number>>)[line.split(',')[0]] ?? {};
    return [line, ...NEW_COLUMNS.map(c => own[c] ?? 0)].join(',');
  });
  const series = (variable: string, unit: string) =>
    ['plan', 'World', variable, unit, ...Array.from({ length: YEARS }, (_, i) => 2 + (i % 7))].join(',');
  const emissions = [
    series('Sulfur', 'Mt SO2/yr'),
    series('BC', 'Mt BC/yr'),
    series('CFC-11', 'kt CFC11/yr'),
    series('CF4', 'kt CF4/yr'),
  ];
  const members = TINY_MEMBERS.trim()
    .split('\n')
    .map(
      (line, i) => `${line},${['aci_shape[Sulfur],aci_scale,forcing_scale[Ozone]', '0.011,-2,1', '0.009,-1,0.9'][i]}`,
    );
  return {
    emissions: [tinyEmissions(START, YEARS), ...emissions].join('\n'),
    forcing: `${tinyForcing(START, YEARS)}\n${['Volcanic', 'World', 'W/m2', ...Array.from({ length: YEARS + 1 }, () => -0.1)].join(',')}`,
    configs: members.join('\n'),
    species: [columns.join(','), ...widened, ...MORE.map(row)].join('\n'),
  };
}
