// madang climate constrain: weights of the members from observed warming and CO2, and the bands before and after.
import { type Command, CommandError } from '../command.ts';
import { INPUT_OPTIONS, REFERENCE_OPTION } from './options.ts';
import type { YearlyColumn } from './yearly.ts';

export const constrain: Command = {
  name: 'constrain',
  summary: 'weight an ensemble by observed temperature and CO2; bands before and after',
  description:
    '--temperature: columns Source, Year, Mean (K, any zero); the change from --reference (or the first 50 years observed, if later) to --period is compared, with\n' +
    'the standard error of year-to-year variability and --temperature-sd for the data set itself. --co2: columns Year, Mean (ppm), Uncertainty; the last\n' +
    'year of --period is compared, with --co2-sd added. If too few members carry the weight, the command refuses (exit 1) and says why.',
  options: [
    ...INPUT_OPTIONS,
    REFERENCE_OPTION,
    { flags: '--temperature <file>', description: 'yearly observed temperature' },
    { flags: '--source <name>', description: 'value of the Source column to use' },
    { flags: '--co2 <file>', description: 'yearly observed CO2' },
    { flags: '--period <years>', description: 'period compared', default: '2005-2019' },
    { flags: '--temperature-sd <kelvin>', description: 'error of the data set beside variability', default: '0.05' },
    { flags: '--co2-sd <ppm>', description: 'error of the model beside the measurement', default: '1' },
    { flags: '--least-members <n>', description: 'least effective number of members', default: '10' },
    { flags: '--out <file>', description: 'where to write the weights' },
    { flags: '--percentiles <file>', description: 'where to write the bands' },
  ],
  examples: [
    'madang climate constrain --emissions E.csv --configs P.csv --species S.csv --forcing V.csv --scenario low --temperature T.csv --source GISTEMP --reference 1880-1910 --co2 CO2.csv --out W.csv',
  ],
  run: async (_args, options, io) => {
    const climate = await import('@madang/climate');
    const { needNumber, runEnsemble } = await import('./ensemble-run.ts');
    const { readInput, refusing, table } = await import('./input.ts');
    const { CITE_FAIR, provenance, writeResult } = await import('./provenance.ts');
    const { POSITIVE, yearly } = await import('./yearly.ts');
    return refusing(() => {
      const r = runEnsemble(options, io, { gases: 'concentration' });
      const p = /^(\d+)-(\d+)$/.exec(String(options['period']));
      if (!p) throw new CommandError('--period must be two years, as 2005-2019', 2);
      const period = [Number(p[1]), Number(p[2])] as const;
      if (period[0] < r.firstYear || period[1] >= r.firstYear + r.years || period[1] < period[0])
        throw new CommandError(`the run does not cover --period ${period.join('-')}`, 2);
      const mean = (m: number, from: number, to: number) => {
        let s = 0;
        for (let y = from; y <= to; y++) s += r.warming[(y - r.firstYear) * r.members + m];
        return s / (to - from + 1);
      };
      const each = (f: (m: number) => number) => Float64Array.from({ length: r.members }, (_, m) => f(m));
      const observations: import('@madang/climate').Observation[] = [];
      const inputs = [...r.input.inputs];
      if (typeof options['temperature'] === 'string') {
        const file = readInput(options['temperature']);
        inputs.push(file);
        const t = table(file);
        const rows = Array.from({ length: t.length }, (_, i) => i);
        const sources = t.has('Source') ? t.text('Source') : undefined;
        const mine = sources ? rows.filter(i => sources[i] === options['source']) : rows;
        if (sources && mine.length === 0)
          throw new CommandError(`choose a data set with --source: ${[...new Set(sources)].join(', ')}`, 2);
        const observed = yearly(t, file.path, { year: 'Year', value: 'Mean', rows: mine });
        const change = climate.periodChange([...observed.keys()], [...observed.values()], period, r.reference);
        const sd = Math.hypot(change.sd, needNumber(options, 'temperatureSd', '--temperature-sd'));
        observations.push({
          name: `warming ${period.join('-')} above ${r.reference.join('-')}`,
          unit: 'K',
          value: change.value,
          sd,
          members: each(m => mean(m, period[0], period[1])),
        });
      }
      if (typeof options['co2'] === 'string') {
        const file = readInput(options['co2']);
        inputs.push(file);
        const t = table(file);
        const rows = t.text('Year').flatMap((y, i) => (Number(y) === period[1] ? [i] : []));
        if (rows.length === 0) throw new CommandError(`${file.path}: no row for the year ${period[1]}`);
        const cell = (value: string, check: YearlyColumn['check']) =>
          yearly(t, file.path, { year: 'Year', value, check, rows }).get(period[1])!;
        const measured = t.has('Uncertainty') ? cell('Uncertainty', [x => x >= 0, 'a number that is not negative']) : 0;
        const gas = r.result.gases.get(climate.speciesOf(r.result, 'co2'));
        if (!gas) throw new CommandError('the run has no CO2 cycle to compare');
        const at = (t2: number, m: number) => gas.concentration[gas.width === 1 ? t2 : t2 * gas.width + m];
        const b = period[1] - r.firstYear;
        observations.push({
          name: `CO2 in ${period[1]}`,
          unit: 'ppm',
          value: cell('Mean', POSITIVE),
          sd: Math.hypot(measured, needNumber(options, 'co2Sd', '--co2-sd')),
          members: each(m => (at(b, m) + at(b + 1, m)) / 2),
        });
      }
      if (observations.length === 0) throw new CommandError('give observations with --temperature or --co2', 2);
      const c = climate.constrain(observations, needNumber(options, 'leastMembers', '--least-members'));
      const compared = observations.map((o, k) => ({
        name: o.name,
        unit: o.unit,
        observed: o.value,
        sd: o.sd,
        priorMean: c.fit[k].priorMean,
        priorSd: c.fit[k].priorSd,
        membersBelow: c.fit[k].belowShare,
      }));
      if (!c.ok)
        return {
          json: { ok: false, refusal: c.refusal, effectiveMembers: c.effectiveMembers, compared },
          text: `refused: ${c.refusal.why}`,
          exit: 1,
        };
      const about = provenance({
        command: 'madang climate constrain',
        units: 'weight: share of one; gsat_* K; p05 to p95 weighted percentiles',
        inputs,
        note: `${r.note}; ${JSON.stringify(compared)}; effective members ${c.effectiveMembers.toFixed(1)}`,
        cite: CITE_FAIR,
      });
      const weights = r.input.model.members.map((m, k) => [m, c.weights[k]]);
      writeResult(options['out'], ['config', 'weight'], weights, about);
      const prior = climate.percentiles(r.warming, r.members, [5, 50, 95]);
      const post = climate.percentiles(r.warming, r.members, [5, 50, 95], c.weights);
      const columns = ['year', 'prior_p05', 'prior_p50', 'prior_p95', 'gsat_p05', 'gsat_p50', 'gsat_p95'];
      const rows = Array.from({ length: r.years }, (_, t) => [
        r.firstYear + t,
        ...prior.subarray(t * 3, t * 3 + 3),
        ...post.subarray(t * 3, t * 3 + 3),
      ]);
      writeResult(options['percentiles'], columns, rows, about);
      const last = rows[rows.length - 1];
      return {
        json: {
          ok: true,
          effectiveMembers: c.effectiveMembers,
          compared,
          last: Object.fromEntries(columns.map((k, i) => [k, last[i]])),
          out: options['out'] ?? null,
          about,
        },
        text: [
          ...compared.map(
            o =>
              `${o.name}: observed ${o.observed.toFixed(3)} +- ${o.sd.toFixed(3)} ${o.unit}; ensemble ${o.priorMean.toFixed(3)} +- ${o.priorSd.toFixed(3)}`,
          ),
          `${c.effectiveMembers.toFixed(1)} of ${r.members} members carry the weight`,
          `${last[0]}: ${last[5].toFixed(2)} K (5-95 %: ${last[4].toFixed(2)} to ${last[6].toFixed(2)}); before: ${last[2].toFixed(2)} (${last[1].toFixed(2)} to ${last[3].toFixed(2)})`,
        ].join('\n'),
      };
    });
  },
};
