// madang disease backtest: replays a season deadline by deadline with only what was known then, and writes the forecasts.
import type { FinalForecast, HubRules } from '@madang/disease';
import { type Command, CommandError } from '../command.ts';
import { readChangeLog } from './files.ts';
import { MODEL, writeAtomically } from './forecast-file.ts';
import { roundsProgress, runBlocks, threadsOf } from './replay-pool.ts';
import type { WeeklyTask } from './replay-worker.ts';
import { blocksOf, foldersOf, type HubFolder, roundsByTarget, seasonLabel, seasonOf, targetsOf } from './season.ts';

export const backtest: Command = {
  name: 'backtest',
  summary: 'replay a season of a forecast hub, round by round, with only what was known at each deadline',
  description: `Reads the hub's change log (vintages.csv in --data), forecasts every place at every deadline of the season, and writes
the wide quantile form: model,target,origin_date,horizon,target_end_date,location,q0.01 … q0.99.

Deadlines come from the calendar: Wednesdays (respicast) or Saturdays (flusight) from 1 October to 31 May for which data were
known. No truth and no published forecast is read. An interrupted run goes on where it stopped; the same seed gives the same file.

Dengue, and any disease in a plain panel that --config describes, has no change log: the last 24 months (52 weeks) are forecast, each from
the periods before it, and scored against quantiles of the same time of year. A config is JSON:
  {"name": "malaria", "file": "malaria.csv", "time": "period", "period": "month", "group": "country", "location": "district",
   "value": "confirmed", "covariates": ["rain_mm", "ndvi"], "horizons": [1, 2, 3]}
time holds YYYY-MM, or with "period": "week" the last day of each week. Besides: "scale" ("log" or "fourth root"), "ceiling"
({"times": 4, "plus": 200} for counts), "replayed", "block". Only name, file, time, period, location and value must be there.`,
  options: [
    { flags: '--hub <name>', description: 'flusight, respicast or dengue' },
    { flags: '--config <file>', description: 'in its place: a disease of your own in a panel, JSON' },
    { flags: '--data <dir>', description: "the hub's folder", required: true },
    { flags: '--also <dirs...>', description: 'further folders to learn from' },
    { flags: '--season <label>', description: 'e.g. 2024/25; the newest season of the change log when left out' },
    {
      flags: '--target <name>',
      description: 'ILI, ARI or hosp, all of the hub when left out; dengue: panel (monthly) or national (weekly)',
    },
    { flags: '--out <file>', description: 'forecasts, CSV', required: true },
    { flags: '--seed <text>', description: 'seed of random features and start values', default: '1' },
    { flags: '--threads <n>', description: 'worker threads', default: '2' },
  ],
  examples: [
    'madang disease backtest --hub respicast --data data/respicast --season 2024/25 --target ILI --out ili.csv',
    'madang disease backtest --hub flusight --data data/flusight --also data/respicast --out flu.csv',
    'madang disease backtest --config malaria.json --data data/malaria --out malaria.csv',
  ],
  async run(_, o, io) {
    const started = performance.now();
    const hubName = o['hub'];
    if (o['config'] !== undefined && hubName !== undefined)
      throw new CommandError('give --hub or --config, not both: a config says all of its disease', 2);
    if (o['config'] !== undefined || hubName === 'dengue')
      return (await import('./backtest-panel.ts')).backtestPanel(o, io, started);
    if (hubName !== 'respicast' && hubName !== 'flusight')
      throw new CommandError(`--hub takes flusight, respicast or dengue, not "${hubName ?? ''}"`, 2);
    const { dataNotes, HUBS, recalibrated } = await import('@madang/disease');
    const hub = HUBS[hubName];
    const data = String(o['data']);
    const log = await readChangeLog(data, hub);
    const season = await seasonOf(o['season'], hub, log);
    const asked = targetsOf(o['target'], hub, new Set(log.names.map(n => n.target)), data);
    const folders: HubFolder[] = [{ path: data, hub: hubName }, ...(await foldersOf(o['also']))];
    const threads = threadsOf(o['threads']);
    const out = String(o['out']);
    const byTarget = await roundsByTarget(hub, season, log, asked);
    const targets = [...byTarget.keys()];
    const seed = String(o['seed']);
    const tasks = [...byTarget]
      .flatMap(([target, all]) => blocksOf(all).map(rounds => ({ target, rounds })))
      .map(
        (block, id): WeeklyTask => ({ kind: 'weekly', id, hub: hubName, folders, ...block, seed, members: 'stack' }),
      );
    const raw = await runBlocks(tasks, { threads, resume: `${out}.part`, progress: roundsProgress(io, tasks) });
    const logs = [log];
    const forecasts = targets.flatMap(target => {
      const own = raw.filter((_, id) => tasks[id].target === target).flat();
      return recalibrated({ hub, target, logs }, own).map(f => ({ target, f }));
    });
    await writeAtomically(out, await wideCsv(hub, forecasts));
    const seconds = (performance.now() - started) / 1000;
    const { dateOf } = await import('@madang/disease');
    const days = [...new Set([...byTarget.values()].flat())].sort((a, b) => a - b);
    const places = new Set(forecasts.map(x => x.f.raw.location)).size;
    return {
      json: {
        model: MODEL,
        hub: hubName,
        season: seasonLabel(season),
        targets,
        rounds: days.length,
        first: dateOf(days[0]),
        last: dateOf(days[days.length - 1]),
        places,
        forecasts: forecasts.length,
        out,
        seconds: Math.round(seconds * 10) / 10,
        notes: targets.flatMap(t => [
          ...log.notes.filter(n => n.target === t),
          ...dataNotes(log, t, days[days.length - 1]),
        ]),
      },
      text: `${forecasts.length} forecasts of ${places} places at ${days.length} deadlines, ${seconds.toFixed(1)} s: ${out}`,
    };
  },
};

/** The wide quantile form; values have six significant digits. */
async function wideCsv(
  hub: HubRules,
  forecasts: readonly { readonly target: string; readonly f: FinalForecast }[],
): Promise<string> {
  const { dateOf, LEVELS, weekEnd } = await import('@madang/disease');
  const { formatCsv } = await import('@madang/numerics');
  const columns = ['model', 'target', 'origin_date', 'horizon', 'target_end_date', 'location'];
  return formatCsv(
    [...columns, ...LEVELS.map(t => `q${t}`)],
    forecasts.map(({ target, f }) => [
      MODEL,
      target,
      dateOf(f.raw.originDay),
      f.raw.horizon,
      dateOf(weekEnd(hub, f.raw.week)),
      f.raw.location,
      ...Array.from(f.quantiles, q => Number(q.toPrecision(6))),
    ]),
  );
}
