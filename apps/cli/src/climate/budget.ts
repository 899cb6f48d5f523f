// madang climate budget: when a warming is reached and how much CO2 may be emitted until then, over the ensemble.
import { type Command, CommandError } from '../command.ts';
import { INPUT_OPTIONS, REFERENCE_OPTION } from './options.ts';

const COLUMNS = [
  'limit_K',
  'members',
  'reaching_share',
  'year_p05',
  'year_p50',
  'year_p95',
  'budget_p17_GtCO2',
  'budget_p33_GtCO2',
  'budget_p50_GtCO2',
  'budget_p67_GtCO2',
  'budget_p83_GtCO2',
];

export const budget: Command = {
  name: 'budget',
  summary: 'time to a temperature and remaining carbon budget, by percentile of the ensemble',
  description:
    'For each limit: the share of members that reach it within the run, the year in which the running mean of warming does, and the CO2 emitted from\n' +
    'the middle of --from until then. Years and budgets are percentiles over the members that reach the limit; the share says how many those are.',
  options: [
    ...INPUT_OPTIONS,
    REFERENCE_OPTION,
    { flags: '--limits <list>', description: 'warming limits in K', default: '1.5,2' },
    { flags: '--window <years>', description: 'length of the running mean', default: '20' },
    { flags: '--from <year>', description: 'year whose middle the budget counts from', required: true },
    { flags: '--out <file>', description: 'where to write the table' },
  ],
  examples: [
    'madang climate budget --emissions E.csv --configs P.csv --species S.csv --forcing V.csv --scenario low --limits 1.5,1.7,2 --from 2025 --out B.csv',
  ],
  run: async (_args, options, io) => {
    const { emittedUntil, firstReached, runningMean, speciesOf } = await import('@madang/climate');
    const { bandOf, needNumber, numberList, runEnsemble } = await import('./ensemble-run.ts');
    const { refusing } = await import('./input.ts');
    const { CITE_FAIR, provenance, writeResult } = await import('./provenance.ts');
    return refusing(() => {
      const r = runEnsemble(options, io, { gases: 'all' });
      const from = needNumber(options, 'from', '--from');
      const window = needNumber(options, 'window', '--window');
      if (!(from >= r.firstYear && from < r.firstYear + r.years))
        throw new CommandError(`--from ${from} is not within the run`, 2);
      if (!(Number.isInteger(window) && window >= 1 && window <= r.years))
        throw new CommandError(
          `--window ${window} must be a whole number of years from 1 to ${r.years}, the run's length`,
          2,
        );
      const gas = r.result.gases.get(speciesOf(r.result, 'co2'));
      if (!gas?.cumulative) throw new CommandError('the run has no CO2 cycle, so there is no carbon budget');
      const { cumulative, width } = gas;
      const smooth = runningMean(r.warming, r.members, window);
      const rows = numberList(String(options['limits']), '--limits').map(limit => {
        const crossing = firstReached(smooth, r.members, limit);
        const spent = new Float64Array(r.members);
        for (let m = 0; m < r.members; m++) {
          const own = Float64Array.from({ length: r.years + 1 }, (_, t) => cumulative[width === 1 ? t : t * width + m]);
          spent[m] = emittedUntil(own, crossing.subarray(m, m + 1), from - r.firstYear)[0];
        }
        const reached = crossing.filter(v => !Number.isNaN(v)).length;
        const years = bandOf(
          crossing.map(v => v + r.firstYear),
          [5, 50, 95],
        );
        return [limit, r.members, reached / r.members, ...years, ...bandOf(spent, [17, 33, 50, 67, 83])];
      });
      const about = provenance({
        command: 'madang climate budget',
        units:
          'limit_K K; reaching_share of the members; year_* calendar year (fraction of a year within a line between years); budget_* Gt CO2',
        inputs: r.input.inputs,
        note: `${r.note}; running mean of ${window} years; budget from mid-${from}; percentiles over the members that reach the limit`,
        cite: CITE_FAIR,
      });
      writeResult(options['out'], COLUMNS, rows, about);
      const named = rows.map(v => Object.fromEntries(COLUMNS.map((c, k) => [c, Number.isNaN(v[k]) ? null : v[k]])));
      return {
        json: { ok: true, out: options['out'] ?? null, limits: named, about },
        text: rows
          .map(v =>
            v[2] === 0
              ? `${v[0]} K: no member reaches it`
              : `${v[0]} K: ${(100 * v[2]).toFixed(0)} % of members reach it, about ${v[4].toFixed(0)} (${v[3].toFixed(0)} to ${v[5].toFixed(0)}); budget from ${from}: ${v[8].toFixed(0)} Gt CO2 (17-83 %: ${v[6].toFixed(0)} to ${v[10].toFixed(0)})`,
          )
          .join('\n'),
      };
    });
  },
};
