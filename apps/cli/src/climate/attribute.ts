// madang climate attribute: whose emissions warmed the world by how much, by leaving one out and by a small perturbation, with the residual.
import { type Command, CommandError } from '../command.ts';
import { INPUT_OPTIONS } from './options.ts';

const COLUMNS = [
  'part',
  'year',
  'left_out_p05_K',
  'left_out_p50_K',
  'left_out_p95_K',
  'marginal_p05_K',
  'marginal_p50_K',
  'marginal_p95_K',
];

export const attribute: Command = {
  name: 'attribute',
  summary: 'warming by countries or sectors: leave-one-out and small perturbation, residual shown',
  description:
    '--parts: a row a part and species, columns part, variable, unit and a column a year (2019.5), in the manner of the emissions. Or --national: a row a\n' +
    'country and year, columns country, year, co2 (Mt CO2/yr), which counts as fossil CO2; choose with --countries. Years a part does not give are refused\n' +
    'unless --zero-outside says they are 0.',
  options: [
    ...INPUT_OPTIONS,
    { flags: '--parts <file>', description: 'emissions of the parts, a column a year' },
    { flags: '--national <file>', description: 'national CO2, a row a country and year' },
    { flags: '--countries <names>', description: 'countries of --national, separated by commas' },
    { flags: '--zero-outside', description: 'years that a part does not give count as 0' },
    { flags: '--perturbation <share>', description: 'share of a part taken for the marginal effect', default: '0.001' },
    { flags: '--years <list>', description: 'years to report (default: the last)' },
    { flags: '--out <file>', description: 'where to write the table' },
  ],
  examples: [
    'madang climate attribute --emissions E.csv --configs P.csv --species S.csv --forcing V.csv --scenario low --national co2.csv --countries "China,India" --zero-outside --years 2018',
  ],
  run: async (_args, options, io) => {
    const { attribute: attributeTo, yearlyMeans } = await import('@madang/climate');
    const { bandOf, needNumber, numberList, runEnsemble } = await import('./ensemble-run.ts');
    const { readParts } = await import('./parts.ts');
    const { refusing } = await import('./input.ts');
    const { CITE_FAIR, provenance, writeResult } = await import('./provenance.ts');
    return refusing(() => {
      const r = runEnsemble({ ...options, reference: undefined }, io);
      const { parts, inputs } = readParts(options, r.input);
      const a = attributeTo(r.fair, r.input.drivers, parts, needNumber(options, 'perturbation', '--perturbation'));
      const years = options['years'] ? numberList(String(options['years']), '--years') : [r.firstYear + r.years - 1];
      const band = (values: Float64Array, year: number) => {
        const t = year - r.firstYear;
        if (!(Number.isInteger(t) && t >= 0 && t < r.years))
          throw new CommandError(`--years: ${year} is not within the run`, 2);
        return bandOf(yearlyMeans(values, r.members).subarray(t * r.members, (t + 1) * r.members), [5, 50, 95]);
      };
      const total = a.all.map((v, k) => v - a.none[k]);
      const rows = years.flatMap(y => [
        ...a.parts.map(p => [p.name, y, ...band(p.leftOut, y), ...band(p.marginal, y)] as const),
        ['residual', y, ...band(a.residualLeftOut, y), ...band(a.residualMarginal, y)] as const,
        ['all parts together', y, ...band(total, y), ...band(total, y)] as const,
      ]);
      const about = provenance({
        command: 'madang climate attribute',
        units: 'K of yearly mean surface warming; percentiles over the members',
        inputs: [...r.input.inputs, ...inputs],
        note: `${r.note}; residual = all parts together - sum of the parts, member by member; perturbation ${String(options['perturbation'])}`,
        cite: `Trudinger and Enting 2005, Clim. Change 68, 67; Li et al. 2016, Nature 531, 357; ${CITE_FAIR}`,
      });
      writeResult(options['out'], COLUMNS, rows, about);
      return {
        json: {
          ok: true,
          out: options['out'] ?? null,
          rows: rows.map(v => Object.fromEntries(COLUMNS.map((c, k) => [c, v[k]]))),
          about,
        },
        text: rows
          .map(v => `${v[1]} ${v[0]}: left out ${Number(v[3]).toFixed(4)} K, marginal ${Number(v[6]).toFixed(4)} K`)
          .join('\n'),
      };
    });
  },
};
