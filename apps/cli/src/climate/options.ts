// The options that every command which runs an ensemble shares.
import type { Command } from '../command.ts';

type OptionList = NonNullable<Command['options']>;

export const INPUT_OPTIONS: OptionList = [
  { flags: '--emissions <file>', description: 'table of emissions' },
  { flags: '--concentrations <file>', description: 'table of concentrations, for species driven by them' },
  {
    flags: '--forcing <file>',
    description: 'table of forcing (volcanic, solar, …); without a scenario column it serves every scenario',
  },
  {
    flags: '--configs <file>',
    description: 'table of members: one row each, columns name, name[layer], name[species]',
    required: true,
  },
  {
    flags: '--species <file>',
    description: 'table of species: type, input_mode and default parameters',
    required: true,
  },
  { flags: '--scenario <name>', description: 'scenario to run; may be left out if the tables hold one' },
  { flags: '--members <names>', description: 'only these members, separated by commas' },
  { flags: '--start <year>', description: 'first time bound (default: as the tables)' },
  { flags: '--end <year>', description: 'last time bound (default: as the tables)' },
  { flags: '--interpolate', description: 'fill years between given ones linearly' },
  {
    flags: '--ghg-method <name>',
    description: 'meinshausen2020, etminan2016, myhre1998 or leach2021',
    default: 'meinshausen2020',
  },
  { flags: '--ch4-method <name>', description: 'thornhill2021 or leach2021', default: 'thornhill2021' },
  { flags: '--iirf-max <years>', description: 'most that the integrated airborne fraction may become', default: '100' },
  {
    flags: '--bromine-factor <number>',
    description: 'how much more bromine depletes ozone than chlorine',
    default: '45',
  },
];

export const REFERENCE_OPTION: OptionList[number] = {
  flags: '--reference <years>',
  description: 'reference period of warming',
  default: '1850-1900',
};
