// madang climate budget: when a warming is reached and how much CO2 may be emitted until then, over the ensemble.
import { type Command, CommandError } from '../command.ts';
import type { EnsembleRun } from './ensemble-run.ts';
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
    'the beginning of --from until then. Percentiles are over all members; one that never reaches the limit comes last, and a percentile among those is\n' +
    'empty. The budget is that of the scenario: the warming of its other gases is used up on the way. --anchor puts warming so far at what was observed.',
  options: [
    ...INPUT_OPTIONS,
    REFERENCE_OPTION,
    { flags: '--limits <list>', description: 'warming limits in K', default: '1.5,2' },
    { flags: '--window <years>', description: 'length of the running mean', default: '20' },
    { flags: '--from <year>', description: 'year from whose beginning the budget counts', required: true },
    {
      flags: '--anchor <text>',
      description: 'observed warming above the reference over a recent period, as 1.24@2015-2024 (Forster et al. 2025)',
    },
    { flags: '--out <file>', description: 'where to write the table' },
  ],
  examples: [
    'madang climate budget --emissions E.csv --configs P.csv --species S.csv --forcing V.csv --scenario low --limits 1.5,1.7,2 --from 2025 --anchor 1.24@2015-2024 --out B.csv',
  ],
  run: async (_args, options, io) => {
    const { anchored, bandWithNever, emittedUntil, firstReached, percentiles, runningMean, speciesOf } = await import(
      '@madang/climate'
    );
    const { needNumber, numberList, runEnsemble } = await import('./ensemble-run.ts');
    const { refusing } = await import('./input.ts');
    const { CITE_FAIR, provenance, writeResult } = await import('./provenance.ts');
    return refusing(() => {
      const r = runEnsemble(options, io, { gases: 'all' });
      const from = needNumber(options, 'from', '--from');
      const window = needNumber(options, 'window', '--window');
      if (!(Number.isInteger(from) && from >= r.firstYear && from < r.firstYear + r.years))
        throw new CommandError(`--from ${from} is not within the run`, 2);
      if (!(Number.isInteger(window) && window >= 1 && window <= r.years))
        throw new CommandError(
          `--window ${window} must be a whole number of years from 1 to ${r.years}, the run's length`,
          2,
        );
      const gas = r.result.gases.get(speciesOf(r.result, 'co2'));
      if (!gas?.cumulative) throw new CommandError('the run has no CO2 cycle, so there is no carbon budget');
      const { cumulative, width } = gas;
      const anchor = readAnchor(options['anchor'], r);
      const [first, last] = anchor?.years ?? [from - 10, from - 1];
      const warming = anchor
        ? anchored(r.warming, r.members, anchor.kelvin, first - r.firstYear, last - r.firstYear)
        : r.warming;
      const decade = first < r.firstYear ? undefined : percentiles(periodMeans(r, first, last), r.members, [5, 50, 95]);
      const smooth = runningMean(warming, r.members, window);
      const rows = numberList(String(options['limits']), '--limits').map(limit => {
        const crossing = firstReached(smooth, r.members, limit);
        const spent = new Float64Array(r.members);
        for (let m = 0; m < r.members; m++) {
          const own = Float64Array.from({ length: r.years + 1 }, (_, t) => cumulative[width === 1 ? t : t * width + m]);
          spent[m] = emittedUntil(own, crossing.subarray(m, m + 1), from - r.firstYear)[0];
        }
        const reached = crossing.filter(v => !Number.isNaN(v)).length;
        const years = bandWithNever(
          crossing.map(v => v + r.firstYear),
          [5, 50, 95],
        );
        return [limit, r.members, reached / r.members, ...years, ...bandWithNever(spent, [17, 33, 50, 67, 83])];
      });
      const about = provenance({
        command: 'madang climate budget',
        units:
          'limit_K K; reaching_share of the members; year_* calendar year (fraction of a year within a line between years); budget_* Gt CO2',
        inputs: r.input.inputs,
        note: `${r.note}; running mean of ${window} years; budget from the beginning of ${from}; percentiles over all members, those that never reach the limit last${anchor ? `; warming of ${first}-${last} put at ${anchor.kelvin} K` : ''}`,
        cite: CITE_FAIR,
      });
      writeResult(options['out'], COLUMNS, rows, about);
      const named = rows.map(v => Object.fromEntries(COLUMNS.map((c, k) => [c, Number.isNaN(v[k]) ? null : v[k]])));
      const so = decade && { years: [first, last], p05: decade[0], p50: decade[1], p95: decade[2] };
      const cell = (v: number, digits = 0) => (Number.isNaN(v) ? 'not reached' : v.toFixed(digits));
      return {
        json: {
          ok: true,
          out: options['out'] ?? null,
          limits: named,
          modelledSoFar: so ?? null,
          anchor: anchor ?? null,
          about,
        },
        text: [
          ...rows.map(v =>
            v[2] === 0
              ? `${v[0]} K: no member reaches it`
              : `${v[0]} K: ${(100 * v[2]).toFixed(0)} % of members reach it, ${Number.isNaN(v[4]) ? 'fewer than half of them all' : `half by ${cell(v[4])}`} (5-95 %: ${cell(v[3])} to ${cell(v[5])}); emitted from ${from}: ${cell(v[8])} Gt CO2 (17-83 %: ${cell(v[6])} to ${cell(v[10])})`,
          ),
          ...(so
            ? [
                `warming ${first}-${last} in the ensemble: ${so.p50.toFixed(2)} K (5-95 %: ${so.p05.toFixed(2)} to ${so.p95.toFixed(2)})${
                  anchor
                    ? `, put at ${anchor.kelvin} K for all members`
                    : '; if observations say otherwise, give theirs with --anchor'
                }`,
              ]
            : []),
          'what this scenario emits until then, with the warming of its other gases on the way; published budgets count to net zero in scenarios that cut those too',
        ].join('\n'),
      };
    });
  },
};

/** An observed warming and the years it is the mean of. */
function readAnchor(
  option: unknown,
  r: EnsembleRun,
): { readonly kelvin: number; readonly years: readonly [number, number] } | undefined {
  if (option === undefined) return undefined;
  const m = /^(\d+(?:\.\d+)?)@(\d{4})-(\d{4})$/.exec(String(option));
  if (!m || Number(m[3]) < Number(m[2]))
    throw new CommandError(`--anchor must be KELVIN@FROM-TO, as 1.24@2015-2024, not "${String(option)}"`, 2);
  const years = [Number(m[2]), Number(m[3])] as const;
  if (years[0] < r.firstYear || years[1] >= r.firstYear + r.years)
    throw new CommandError(`--anchor: the run does not cover ${years.join('-')}`, 2);
  return { kelvin: Number(m[1]), years };
}

/** Mean warming of each member over the years `from` to `to`. */
function periodMeans(r: EnsembleRun, from: number, to: number): Float64Array {
  return Float64Array.from({ length: r.members }, (_, m) => {
    let sum = 0;
    for (let y = from; y <= to; y++) sum += r.warming[(y - r.firstYear) * r.members + m];
    return sum / (to - from + 1);
  });
}
