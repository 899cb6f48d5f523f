// madang climate ebm: what an energy balance calibration of a climate model implies - ECS, TCR, and its answer to abrupt quadrupled CO2.
import { type Command, CommandError } from '../command.ts';

const COLUMNS = ['model', 'run', 'ecs_K', 'tcr_K', 't_abrupt4x_yr139_K'] as const;

export const ebm: Command = {
  name: 'ebm',
  summary: 'emulate climate models from their energy balance calibrations: ECS, TCR, abrupt 4xCO2',
  description:
    'Input: columns model, run, gamma (1/yr), C1… (W yr/m2/K), kappa1… (W/m2/K), epsilon, F_4xCO2 (W/m2); as many layers as there are C columns.\n' +
    'Output: equilibrium and transient sensitivity (half of F_4xCO2), and surface temperature at step 139 of a constant F_4xCO2.',
  options: [
    { flags: '--calibrations <file>', description: 'table of calibrations', required: true },
    { flags: '--out <file>', description: 'where to write the table of results' },
  ],
  examples: ['madang climate ebm --calibrations ebm3_cmip6_calibrations.csv --out OUT.csv'],
  run: async (_args, options) => {
    const { emergentParameters, runEnergyBalance } = await import('@madang/climate');
    const { readCalibrations } = await import('./calibrations.ts');
    const { readInput, refusing } = await import('./input.ts');
    const { CITE_EBM, provenance, writeResult } = await import('./provenance.ts');
    return refusing(() => {
      const input = readInput(String(options['calibrations']));
      const rows = readCalibrations(input).map(({ model, run, row, balance }) => {
        try {
          const { ecsK, tcrK } = emergentParameters(balance);
          const warming = runEnergyBalance(balance, new Float64Array(140).fill(balance.forcing4co2));
          return [model, run, ecsK, tcrK, warming[139 * balance.heatCapacity.length]] as const;
        } catch (error) {
          throw new CommandError(`${input.path}, row ${row} (${model} ${run}): ${(error as Error).message}`, 1, {
            cause: error,
          });
        }
      });
      const about = provenance({
        command: 'madang climate ebm',
        units: 'ecs_K, tcr_K, t_abrupt4x_yr139_K: K',
        inputs: [input],
        note: 'ECS and TCR from half of the forcing of quadrupled CO2',
        cite: CITE_EBM,
      });
      writeResult(options['out'], COLUMNS, rows, about);
      const cells = (v: readonly (string | number)[]) =>
        `${String(v[0]).padEnd(18)} ${String(v[1]).padEnd(10)} ${v
          .slice(2)
          .map(x => (typeof x === 'number' ? x.toFixed(2) : x).padStart(6))
          .join(' ')}`;
      return {
        json: {
          ok: true,
          out: options['out'] ?? null,
          calibrations: rows.length,
          results: rows.map(r => Object.fromEntries(COLUMNS.map((c, k) => [c, r[k]]))),
        },
        text: [cells(['model', 'run', 'ECS K', 'TCR K', '4x K']), ...rows.map(cells)].join('\n'),
      };
    });
  },
};
