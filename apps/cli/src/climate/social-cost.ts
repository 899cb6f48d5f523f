// madang climate social-cost: what one more tonne of CO2 costs, under assumptions that the caller states in full.
import { type Command, CommandError } from '../command.ts';
import { INPUT_OPTIONS, REFERENCE_OPTION } from './options.ts';

export const socialCost: Command = {
  name: 'social-cost',
  summary: 'social cost of CO2 from a pulse through the ensemble; every assumption stated',
  description:
    'Runs the scenario with and without a pulse of CO2 and adds up discounted damages until the end of the run. There are no defaults: output and\n' +
    "population by year (--economy: columns year, output, population), the damage function and the discounting are the answer's assumptions, and the\n" +
    'result repeats them. A constant discount rate: "constant:0.02". Ramsey: "ramsey:0.002,1.24" (time preference, elasticity).',
  options: [
    ...INPUT_OPTIONS,
    REFERENCE_OPTION,
    { flags: '--pulse-year <year>', description: 'year of the pulse', required: true },
    { flags: '--pulse-gt <gt>', description: 'size of the pulse, Gt CO2', default: '0.1' },
    { flags: '--economy <file>', description: 'columns year, output (money), population', required: true },
    { flags: '--damage <name>', description: 'dice2016, howard-sterner2017 or weitzman2012', required: true },
    { flags: '--discount <text>', description: 'constant:RATE or ramsey:PREFERENCE,ELASTICITY', required: true },
    { flags: '--out <file>', description: "where to write members' costs" },
  ],
  examples: [
    'madang climate social-cost --emissions E.csv --configs P.csv --species S.csv --forcing V.csv --scenario low --pulse-year 2025 --economy GDP.csv --damage dice2016 --discount ramsey:0.002,1.24',
  ],
  run: async (_args, options, io) => {
    const { DAMAGES, socialCost: cost } = await import('@madang/climate');
    const { bandOf, needNumber, numberList, runEnsemble } = await import('./ensemble-run.ts');
    const { readInput, refusing, table } = await import('./input.ts');
    const { CITE_FAIR, provenance, writeResult } = await import('./provenance.ts');
    const { POSITIVE, yearly } = await import('./yearly.ts');
    return refusing(() => {
      const damageName = String(options['damage']);
      const damage = DAMAGES[damageName];
      if (!damage)
        throw new CommandError(`--damage must be one of ${Object.keys(DAMAGES).join(', ')}, not "${damageName}"`, 2);
      const [kind, numbers] = String(options['discount']).split(':');
      const given = numberList(numbers ?? '', '--discount');
      const discount =
        kind === 'constant' && given.length === 1
          ? ({ kind, rate: given[0] } as const)
          : kind === 'ramsey' && given.length === 2
            ? ({ kind, timePreference: given[0], elasticity: given[1] } as const)
            : undefined;
      const most = kind === 'constant' ? 0.5 : 10;
      if (!discount || given.some(x => x < 0 || x > most) || (kind === 'ramsey' && given[0] > 0.5))
        throw new CommandError(
          `--discount must be constant:RATE or ramsey:PREFERENCE,ELASTICITY, none of them negative and rates as shares (2 % is 0.02), not "${String(options['discount'])}"`,
          2,
        );
      const r = runEnsemble(options, io);
      const year = needNumber(options, 'pulseYear', '--pulse-year');
      const gt = needNumber(options, 'pulseGt', '--pulse-gt');
      const at = year - r.firstYear;
      if (!(Number.isInteger(at) && at >= 0 && at < r.years))
        throw new CommandError(`--pulse-year ${year} is not within the run`, 2);
      const fossil = r.input.model.species.findIndex(s => s.type === 'co2 ffi');
      const base = fossil < 0 ? undefined : r.input.drivers.series[fossil];
      if (!base) throw new CommandError('the run is not driven by CO2 emissions, so there is no pulse to add');
      const series = r.input.drivers.series.slice();
      series[fossil] = base.map((v, t) => (t === at ? v + gt : v));
      const pulsed = r.above(r.fair({ ...r.input.drivers, series }).temperature[0]);

      const file = readInput(String(options['economy']));
      const economy = table(file);
      const column = (name: string) => {
        const values = yearly(economy, file.path, { year: 'year', value: name, check: POSITIVE });
        return Float64Array.from({ length: r.years - at }, (_, t) => {
          const v = values.get(year + t);
          if (v === undefined)
            throw new CommandError(
              `${file.path}, column "year": ${year + t} is missing; the run needs ${year} to ${r.firstYear + r.years - 1}`,
            );
          return v;
        });
      };
      const answer = cost(r.warming.subarray(at * r.members), pulsed.subarray(at * r.members), r.members, gt * 1e9, {
        output: column('output'),
        population: column('population'),
        damage: damage.damage,
        discount,
      });
      const mean = answer.perTonne.reduce((a, b) => a + b, 0) / r.members;
      const band = bandOf(answer.perTonne, [5, 50, 95]);
      const assumptions = {
        pulseYear: year,
        pulseGt: gt,
        horizon: r.firstYear + r.years - 1,
        damage: damage.cite,
        discount,
        economy: file.name,
        reference: r.reference,
      };
      const about = provenance({
        command: 'madang climate social-cost',
        units: 'cost_per_tonne: money of the economy file per t CO2, valued in the pulse year',
        inputs: [...r.input.inputs, file],
        note: `${r.note}; ${JSON.stringify(assumptions)}`,
        cite: `${damage.cite}; ${CITE_FAIR}`,
      });
      const costs = r.input.model.members.map((m, k) => [m, answer.perTonne[k]]);
      writeResult(options['out'], ['config', 'cost_per_tonne'], costs, about);
      return {
        json: {
          ok: true,
          out: options['out'] ?? null,
          meanPerTonne: mean,
          p05: band[0],
          p50: band[1],
          p95: band[2],
          tailShare: answer.tailShare,
          assumptions,
          about,
        },
        text: [
          `social cost of CO2 in ${year}: ${mean.toPrecision(4)} per tonne (mean; 5-95 %: ${band[0].toPrecision(3)} to ${band[2].toPrecision(3)})`,
          `${(100 * answer.tailShare).toFixed(0)} % of it falls in the last tenth of the horizon to ${assumptions.horizon}`,
          `assumptions: ${JSON.stringify(assumptions)}`,
        ].join('\n'),
      };
    });
  },
};
