// madang climate fair: an ensemble of FaIR 2.2 from tables to results, in blocks of members so that memory does not grow with the ensemble.
import type { Command } from '../command.ts';
import { INPUT_OPTIONS, REFERENCE_OPTION } from './options.ts';

export const fair: Command = {
  name: 'fair',
  summary: 'run FaIR 2.2: a scenario through every member of a calibration',
  description:
    'Runs a scenario through every member of a table of parameters. Tables of drivers have a row a scenario and species (columns scenario, region,\n' +
    'variable, unit) and a column a year: emissions at mid-year (1750.5), concentrations and forcing at time bounds (1750). A species table says by\n' +
    'input_mode what drives each species. Start: concentrations at baseline_concentration, everything else 0. Results carry units, fingerprints of the\n' +
    'inputs and what to cite in a column `provenance`. Nothing is filled silently: use --interpolate for tables that leave out years.',
  options: [
    ...INPUT_OPTIONS,
    {
      flags: '--out <file>',
      description: 'every member and time bound: concentrations, forcing by group, temperatures, heat',
    },
    {
      flags: '--species-out <file>',
      description:
        'every member, time bound and species: concentration, forcing, emissions (also diagnosed), airborne, cumulative, lifetime',
    },
    { flags: '--percentiles <file>', description: 'bands of warming and CO2 by year over the members' },
    REFERENCE_OPTION,
    {
      flags: '--step <years>',
      description: 'length of a step: 0.5, 2, …; drivers must stand at its middles and bounds, or be interpolated',
      default: '1',
    },
    {
      flags: '--prescribe <file>',
      description:
        'surface temperature, the same for all members: columns year (at time bounds), temperature_K (above the start)',
    },
    { flags: '--noise <seed>', description: 'add internal variability drawn from this seed' },
    {
      flags: '--threads <n>',
      description: 'worker threads (default: half the processors where rows of a large ensemble are written, else one)',
    },
  ],
  examples: [
    'madang climate fair --emissions E.csv --configs P.csv --species S.csv --forcing V.csv --scenario low --out OUT.csv --json',
    'madang climate fair --emissions E.csv --configs P.csv --species S.csv --forcing V.csv --scenario low --percentiles BANDS.csv',
  ],
  run: async (_args, options, io) => (await import('./fair-run.ts')).runFairCommand(options, io),
};
