// madang carbon mea: a rate-based absorber with aqueous monoethanolamine.
import { type Command, CommandError } from '../command.ts';
import { EXAMPLE_OPTION, exampleOutcome, fileArgument, MEA } from './examples.ts';
import { readJson, said } from './read.ts';
import { provenance, writeFigures, writeTable } from './tables.ts';

export const mea: Command = {
  name: 'mea',
  summary: 'a rate-based MEA absorber: capture, rich loading, temperatures',
  description:
    'FILE: column (diameter_m, length_m, finite_elements), vapor_in (flow_mol_s, T_K, P_Pa and mole fractions CO2, H2O, N2, O2), liquid_in (flow_mol_s, T_K and mole fractions CO2, H2O, MEA), as --example prints it. Packing: 250 m2/m3 structured.',
  arguments: [['[file]', 'the column as JSON']],
  options: [
    EXAMPLE_OPTION,
    { flags: '--out <file>', description: 'the figures as CSV' },
    { flags: '--profile <file>', description: 'temperatures and loading over height as CSV' },
  ],
  examples: ['madang carbon mea --example > column.json', 'madang carbon mea column.json --json'],
  async run([given], options) {
    if (options['example'] === true) return exampleOutcome(MEA);
    const file = fileArgument(given);
    const { absorb, SHEET_250 } = await import('@madang/carbon');
    const json = readJson(file, 'FILE') as Record<string, Record<string, unknown>>;
    const number = (group: string, name: string): number => {
      const x = json?.[group]?.[name];
      if (typeof x !== 'number' || !Number.isFinite(x) || x < 0)
        throw new CommandError(
          `${file}, ${group}.${name}: ${JSON.stringify(x) ?? 'missing'}; a number that is not negative was expected`,
          1,
        );
      return x;
    };
    for (const [group, names] of [
      ['vapor_in', ['CO2', 'H2O', 'N2', 'O2']],
      ['liquid_in', ['CO2', 'H2O', 'MEA']],
    ] as const) {
      const sum = names.reduce((total, name) => total + number(group, name), 0);
      if (!(Math.abs(sum - 1) < 0.002))
        throw new CommandError(
          `${file}, ${group}: the mole fractions ${names.join(', ')} add up to ${sum.toFixed(4)}, not 1`,
        );
    }
    const share = (group: string, name: string) => number(group, 'flow_mol_s') * number(group, name);
    const lengthM = number('column', 'length_m');
    const r = said(() =>
      absorb({
        diameterM: number('column', 'diameter_m'),
        heightM: lengthM,
        cells: number('column', 'finite_elements'),
        pressurePa: number('vapor_in', 'P_Pa'),
        packing: SHEET_250,
        gas: {
          co2: share('vapor_in', 'CO2'),
          h2o: share('vapor_in', 'H2O'),
          n2: share('vapor_in', 'N2'),
          o2: share('vapor_in', 'O2'),
          k: number('vapor_in', 'T_K'),
        },
        liquid: {
          co2: share('liquid_in', 'CO2'),
          h2o: share('liquid_in', 'H2O'),
          mea: share('liquid_in', 'MEA'),
          k: number('liquid_in', 'T_K'),
        },
      }),
    );
    if (!r.converged) return { json: { ok: false, ...r }, text: `No answer: ${r.why}.`, exit: 1 };
    const { profile, ...figures } = r;
    const from = provenance('mea', [file], 'absorber');
    if (options['out'])
      writeFigures(
        String(options['out']),
        [
          ['CO2 captured of what came in', r.capture, 'share'],
          ['rich loading', r.richLoading, 'mol CO2/mol MEA'],
          ...(['co2', 'h2o', 'n2', 'o2'] as const).map(
            g => [`${g.toUpperCase()} in the gas that leaves`, r.gasOut[g], 'mol/s'] as const,
          ),
          ['temperature of the gas that leaves', r.gasOut.k, 'K'],
          ['temperature of the liquid that leaves', r.liquidOut.k, 'K'],
          ['mass balance open by', r.massError, 'share'],
          ['energy balance open by', r.energyError, 'share'],
        ],
        from,
      );
    if (options['profile'])
      writeTable(
        String(options['profile']),
        ['height_m', 'gas_K', 'liquid_K', 'co2_mole_fraction', 'loading_molCO2_molMEA', 'enhancement'],
        profile.map((c, j) => [
          ((j + 0.5) * lengthM) / profile.length,
          ...[c.gasK, c.liquidK, c.co2, c.loading, c.enhancement],
        ]),
        from,
      );
    const text = `${(100 * r.capture).toFixed(2)} % of the CO2 captured, rich loading ${r.richLoading.toFixed(3)}, gas leaves at ${r.gasOut.k.toFixed(1)} K, liquid at ${r.liquidOut.k.toFixed(1)} K; balances open by ${r.massError.toExponential(0)} (mass) and ${r.energyError.toExponential(0)} (energy)`;
    return { json: { ok: true, ...figures }, text };
  },
};
