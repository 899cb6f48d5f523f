// madang weather forecast: the next ten days at every station, with heat and cold-spell warnings.
import { formatCsv, random } from '@madang/numerics';
import { type Command, CommandError } from '../command.ts';
import { provenanceLine, writeOrRefuse } from '../results.ts';
import { notForecast, summarise } from './backtest-report.ts';
import { citation, withProvenance } from './table.ts';

export const forecast: Command = {
  name: 'forecast',
  summary: 'the next ten days at every station, and warnings of spells',
  description: [
    'Trains on all days up to --date (the last row by default) and forecasts the ten days after it as probability distributions.',
    'A spell is --spell-days days in a row beyond the threshold that --spell-share of the training days of this season pass: heat on temp_max, cold on',
    'temp_min. Warnings: yellow from a chance of 30 %, orange 50 %, red 80 %.',
    'OUT: station, variable, unit, date, lead_days, mean, q05, q25, q50, q75, q95, chance_wet, provenance.',
  ].join('\n'),
  options: [
    { flags: '--data <dir>', description: 'folder with stations.csv and daily_*.csv', required: true },
    { flags: '--date <date>', description: 'the day of the forecast, yyyy-mm-dd' },
    { flags: '--model <name>', description: 'federated, own or pooled', default: 'federated' },
    { flags: '--spell-days <n>', description: 'days in a row that make a spell', default: '3' },
    { flags: '--spell-share <share>', description: 'share of days of the season beyond the threshold', default: '0.1' },
    { flags: '--out <file>', description: 'the forecasts as CSV' },
    { flags: '--trust-units', description: 'take values whose unit looks wrong as they are' },
    { flags: '--citation <text>', description: "the data's own citation, repeated in OUT" },
  ],
  examples: ['madang weather forecast --data weather --out next.csv'],
  async run(_args, options, io) {
    const weather = await import('@madang/weather');
    const { readNetwork } = await import('./read.ts');
    const model = String(options['model']);
    if (model !== 'federated' && model !== 'own' && model !== 'pooled')
      throw new CommandError(`--model is federated, own or pooled, not "${model}"`, 2);
    const [spellDays, share] = [Number(options['spellDays']), Number(options['spellShare'])];
    if (!Number.isInteger(spellDays) || spellDays < 1 || spellDays > 10)
      throw new CommandError('--spell-days wants a whole number from 1 to 10', 2);
    if (!(share > 0 && share < 0.5)) throw new CommandError('--spell-share wants a number between 0 and 0.5', 2);
    const { network, sources } = readNetwork(String(options['data']), options['trustUnits'] === true, io);
    const day = options['date'] ? weather.dayNumber(String(options['date'])) : network.first + network.days - 1;
    if (day === undefined) throw new CommandError(`--date wants a day such as 2008-12-31, not "${options['date']}"`, 2);
    const today = day - network.first;
    if (today < 0 || today >= network.days)
      throw new CommandError(
        `the data have no row of ${weather.dateOf(day)}; they end on ${weather.dateOf(network.first + network.days - 1)}`,
        1,
      );
    if (network.origins[today] === undefined)
      throw new CommandError(`the data have no row of ${weather.dateOf(day)}; choose a --date that has one`, 1);
    const unknown = network.series.filter(s => Number.isNaN(s.values[today])).map(s => s.column);
    if (unknown.length > 0)
      io.log(
        `missing: ${unknown.length} values of ${weather.dateOf(day)}, the day of the forecast; not filled, so forecast with what is known: ${unknown.slice(0, 12).join(', ')}${unknown.length > 12 ? ', …' : ''}`,
      );
    let p: ReturnType<typeof weather.prepareToday>;
    try {
      p = weather.prepareToday(network, today);
    } catch (error) {
      if (error instanceof RangeError) throw new CommandError(error.message, 1, { cause: error });
      throw error;
    }
    for (const s of summarise(p)) io.log(`gate: ${s.text}`);
    for (const line of notForecast(network, p, weather.isForecast)) io.log(line);
    const found = weather.forecast(p, model);
    const provenance = provenanceLine({
      command: 'madang weather forecast',
      units: 'column unit for mean and q05 to q95; 1 for chance_wet',
      inputs: sources,
      note: `${model} model, issued ${weather.dateOf(day)}, trained on ${p.trainEnd} days`,
      cite: citation(options['citation']),
    });
    const forecasts = p.targets.map((target, t) => ({ target, days: found[t].map((lead, l) => lead[l]) }));
    const rows = forecasts.flatMap(({ target, days }) =>
      days.map((d, l) => [
        network.stations[target.station].name,
        target.variable,
        target.unit,
        weather.dateOf(day + l + 1),
        l + 1,
        ...[weather.mean(d), ...[0.05, 0.25, 0.5, 0.75, 0.95].map(q => weather.quantile(d, q))].map(x =>
          Number(x.toFixed(4)),
        ),
        d.kind === 'rain' ? Number(d.wet.toFixed(4)) : '',
      ]),
    );
    if (options['out']) {
      const columns = [
        'station',
        'variable',
        'unit',
        'date',
        'lead_days',
        'mean',
        'q05',
        'q25',
        'q50',
        'q75',
        'q95',
        'chance_wet',
        'provenance',
      ];
      writeOrRefuse(String(options['out']), formatCsv(columns, withProvenance(rows, provenance)));
    }
    const spells = weather.spells(p, found, { days: spellDays, share }, random(`spells ${day}`));
    for (const line of spells.untold) io.log(line);
    const warned = spells.warned.map(({ startLeadDays, ...w }) => ({
      ...w,
      from: weather.dateOf(day + startLeadDays),
    }));
    const json = {
      ok: true,
      issued: weather.dateOf(day),
      model,
      forecasts: rows.map(([station, variable, unit, date, leadDays, m, q05, q25, q50, q75, q95, wet]) => ({
        station,
        variable,
        unit,
        date,
        leadDays,
        mean: m,
        q05,
        q25,
        q50,
        q75,
        q95,
        ...(wet === '' ? {} : { chanceWet: wet }),
      })),
      warnings: warned,
      provenance,
    };
    const first = rows.filter(x => x[1] === 'temp_mean' && Number(x[4]) <= 3);
    const text = [
      `Issued ${json.issued}, mean temperature in deg C (90 % interval):`,
      ...network.stations.map(
        s =>
          `${s.name.padEnd(14)} ${first
            .filter(x => x[0] === s.name)
            .map(x => `${Number(x[5]).toFixed(1)} (${Number(x[6]).toFixed(1)} to ${Number(x[10]).toFixed(1)})`)
            .join('   ')}`,
      ),
      ...(warned.length === 0
        ? ['No spell warnings.']
        : warned.map(
            w =>
              `${w.level.toUpperCase()} ${w.kind} spell at ${w.station} from ${w.from}, ${w.days} days beyond ${w.thresholdC} deg C: ${(100 * w.chance).toFixed(0)} %`,
          )),
    ].join('\n');
    return { json, text };
  },
};
