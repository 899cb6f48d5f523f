// madang climate fair1: FaIR 1.6 driven by CO2 alone, for comparison with older work and for teaching.
import { type Command, CommandError } from '../command.ts';

export const fair1: Command = {
  name: 'fair1',
  summary: 'FaIR 1.6, CO2 only: emissions in GtC to CO2, forcing, temperature',
  description:
    'Input: columns emissions_GtC_per_yr and, if there is other forcing, other_forcing_W_m2, a row a year; a column year must then rise by one.\n' +
    'Parameters default to those of FaIR 1.6.',
  options: [
    { flags: '--series <file>', description: 'table of emissions and other forcing', required: true },
    { flags: '--set <text...>', description: 'parameters, as r0=32.4 doublingYr=70 tcrK=1.8' },
    { flags: '--out <file>', description: 'where to write the table' },
  ],
  examples: ['madang climate fair1 --series pulse.csv --set r0=32.4 doublingYr=70 --out OUT.csv'],
  run: async (_args, options) => {
    const { FAIR1_DEFAULTS, runFair1 } = await import('@madang/climate');
    const { numberOption, readInput, refusing, table } = await import('./input.ts');
    const { provenance, writeResult } = await import('./provenance.ts');
    return refusing(() => {
      const file = readInput(String(options['series']));
      const t = table(file);
      const settable = Object.entries(FAIR1_DEFAULTS).flatMap(([k, v]) => (typeof v === 'number' ? [k] : []));
      const given: Record<string, number> = {};
      for (const s of Array.isArray(options['set']) ? options['set'] : []) {
        const [k, v] = s.split('=');
        if (!settable.includes(k))
          throw new CommandError(`--set: no parameter "${k}"; there are: ${settable.join(', ')}`, 2);
        given[k] = numberOption(v ?? '', `--set ${k}`)!;
      }
      if (t.length === 0) throw new CommandError(`${file.path}: there is no year below the header`);
      const finite = (column: string) => {
        const values = t.numbers(column);
        const wrong = values.findIndex(v => !Number.isFinite(v));
        if (wrong >= 0)
          throw new CommandError(`${file.path}, row ${t.line(wrong)}, column "${column}": a number is missing`);
        return values;
      };
      const years = t.has('year') ? finite('year') : [];
      for (let i = 1; i < years.length; i++)
        if (years[i] !== years[i - 1] + 1)
          throw new CommandError(
            `${file.path}, row ${t.line(i)}, column "year": ${years[i]} comes after ${years[i - 1]}; the model takes every year once, in order`,
          );
      const other = t.has('other_forcing_W_m2') ? finite('other_forcing_W_m2') : 0;
      const r = runFair1(finite('emissions_GtC_per_yr'), other, given, k => `${file.path}, row ${t.line(k)}`);
      const columns = ['step', 'co2_ppm', 'forcing_W_m2', 'temperature_K'];
      const rows = Array.from(r.co2Ppm, (c, k) => [k, c, r.forcingWm2[k], r.temperatureK[k]]);
      const about = provenance({
        command: 'madang climate fair1',
        units: 'co2 ppm; forcing W/m2; temperature K',
        inputs: [file],
        note: `parameters ${JSON.stringify({ ...FAIR1_DEFAULTS, ...given })}`,
        cite: 'Millar et al. 2017, Atmos. Chem. Phys. 17, 7213; Smith et al. 2018, Geosci. Model Dev. 11, 2273',
      });
      writeResult(options['out'], columns, rows, about);
      const last = rows[rows.length - 1];
      return {
        json: {
          ok: true,
          out: options['out'] ?? null,
          last: Object.fromEntries(columns.map((c, k) => [c, last[k]])),
          about,
        },
        text: `step ${last[0]}: ${last[1].toFixed(1)} ppm, ${last[2].toFixed(2)} W/m2, ${last[3].toFixed(2)} K`,
      };
    });
  },
};
