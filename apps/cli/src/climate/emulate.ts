// madang climate emulate: what calibrated climate models make of a forcing series.
import { type Command, CommandError } from '../command.ts';

export const emulate: Command = {
  name: 'emulate',
  summary: 'run a forcing series through the energy balance calibrations of climate models',
  description:
    '--forcing-series: columns year and forcing_W_m2, years rising by one. Output: a row a model, run and year with the temperature of every layer.\n' +
    "Temperatures start at 0 in the first year; a year's forcing acts until the next.",
  options: [
    { flags: '--calibrations <file>', description: 'table of calibrations, as for madang climate ebm', required: true },
    { flags: '--forcing-series <file>', description: 'columns year, forcing_W_m2', required: true },
    { flags: '--out <file>', description: 'where to write the table' },
  ],
  examples: ['madang climate emulate --calibrations ebm3_cmip6_calibrations.csv --forcing-series F.csv --out OUT.csv'],
  run: async (_args, options) => {
    const { percentiles, runEnergyBalance } = await import('@madang/climate');
    const { readCalibrations } = await import('./calibrations.ts');
    const { readInput, refusing, table } = await import('./input.ts');
    const { CITE_EBM, provenance, writeResult } = await import('./provenance.ts');
    return refusing(() => {
      const input = readInput(String(options['calibrations']));
      const file = readInput(String(options['forcingSeries']));
      const t = table(file);
      const years = t.numbers('year');
      const forcing = t.numbers('forcing_W_m2');
      if (t.length === 0) throw new CommandError(`${file.path}: there is no year below the header`);
      for (let i = 0; i < years.length; i++) {
        if (i > 0 && years[i] !== years[i - 1] + 1)
          throw new CommandError(
            `${file.path}, row ${t.line(i)}, column "year": ${years[i]} does not follow ${years[i - 1]}`,
          );
        if (!Number.isFinite(forcing[i]))
          throw new CommandError(`${file.path}, row ${t.line(i)}, column "forcing_W_m2": a number is missing`);
      }
      const calibrations = readCalibrations(input);
      const layers = calibrations[0]?.balance.heatCapacity.length ?? 0;
      const runs = calibrations.map(c => ({ ...c, warming: runEnergyBalance(c.balance, forcing) }));
      const columns = ['model', 'run', 'year', ...Array.from({ length: layers }, (_, l) => `temperature_layer${l}_K`)];
      const rows = runs.flatMap(r =>
        Array.from(years, (y, k) => [r.model, r.run, y, ...r.warming.subarray(k * layers, (k + 1) * layers)]),
      );
      const about = provenance({
        command: 'madang climate emulate',
        units: 'temperature_* K above the start',
        inputs: [input, file],
        cite: CITE_EBM,
      });
      writeResult(options['out'], columns, rows, about);
      const end = Float64Array.from(runs, r => r.warming[(years.length - 1) * layers]);
      const [low, middle, high] = percentiles(end, end.length, [5, 50, 95]);
      return {
        json: {
          ok: true,
          out: options['out'] ?? null,
          models: runs.length,
          lastYear: years[years.length - 1],
          p05: low,
          p50: middle,
          p95: high,
          about,
        },
        text: `${runs.length} models, ${years[years.length - 1]}: ${middle.toFixed(2)} K (5-95 % of models: ${low.toFixed(2)} to ${high.toFixed(2)})`,
      };
    });
  },
};
