// madang climate ebm: what an energy balance calibration of a climate model implies - ECS, TCR, and its answer to abrupt quadrupled CO2.
import { writeFileSync } from 'node:fs';
import { type Command, CommandError } from '../command.ts';
import { readInput, refusing, table } from './input.ts';
import { CITE_EBM, csvText, provenance } from './provenance.ts';

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
    const { ClimateError, emergentParameters, runEnergyBalance } = await import('@madang/climate');
    return refusing(() => {
      const input = readInput(String(options['calibrations']));
      const t = table(input);
      const layers = t.columns.filter(c => /^C\d+$/.test(c)).length;
      if (layers < 2)
        throw new CommandError(`${input.path}: give the heat capacities of two layers or more as columns C1, C2, …`, 1);
      const model = t.text('model');
      const run = t.text('run');
      const need = (column: string) => {
        const values = t.numbers(column);
        for (const [i, v] of values.entries())
          if (!Number.isFinite(v))
            throw new ClimateError(
              'bad-number',
              `${input.path}, row ${i + 2}, column "${column}": a number is missing`,
            );
        return values;
      };
      const capacity = Array.from({ length: layers }, (_, l) => need(`C${l + 1}`));
      const transfer = Array.from({ length: layers }, (_, l) => need(`kappa${l + 1}`));
      const [gamma, epsilon, f4x] = ['gamma', 'epsilon', 'F_4xCO2'].map(need);
      const rows = model.map((name, i) => {
        const m = {
          heatCapacity: capacity.map(c => c[i]),
          heatTransfer: transfer.map(c => c[i]),
          deepOceanEfficacy: epsilon[i],
          gammaAutocorrelation: gamma[i],
          forcing4co2: f4x[i],
        };
        try {
          const { ecsK, tcrK } = emergentParameters(m);
          const warming = runEnergyBalance(m, new Float64Array(140).fill(f4x[i]));
          return [name, run[i], ecsK, tcrK, warming[139 * layers]] as const;
        } catch (error) {
          throw new CommandError(`${input.path}, row ${i + 2} (${name} ${run[i]}): ${(error as Error).message}`, 1, {
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
      if (options['out']) writeFileSync(String(options['out']), csvText(COLUMNS, rows, about));
      const json = {
        ok: true,
        out: options['out'] ?? null,
        calibrations: rows.length,
        results: rows.map(r => Object.fromEntries(COLUMNS.map((c, k) => [c, r[k]]))),
      };
      const line = (r: (typeof rows)[number]) =>
        `${r[0].padEnd(18)} ${r[1].padEnd(10)} ${r[2].toFixed(2).padStart(6)} ${r[3].toFixed(2).padStart(6)} ${r[4].toFixed(2).padStart(6)}`;
      return {
        json,
        text: [
          `${'model'.padEnd(18)} ${'run'.padEnd(10)} ${'ECS K'.padStart(6)} ${'TCR K'.padStart(6)} ${'4x K'.padStart(6)}`,
          ...rows.map(line),
        ].join('\n'),
      };
    });
  },
};
