// madang disease forecast: this week's forecast from a hub's public repository, as a submission that the hub's own rules accept.
import { join } from 'node:path';
import type { ChangeLog, FinalForecast, HubRules, HubTasks, OutputRow } from '@madang/disease';
import { type Command, CommandError } from '../command.ts';
import { writeAtomically } from './forecast-file.ts';
import { logsOf, sourceOptions } from './live.ts';
import { nameOf, readSource } from './source.ts';

export const forecast: Command = {
  name: 'forecast',
  summary: "forecast the next deadline from a hub's repository and write a checked submission",
  description: `Reads a hub's repository as it is laid out upstream, from a folder or a base URL: hub-config/tasks.json, the newest target data, and the
dated tables that say what was known when (RespiCast: the ERVISS and FluID snapshots; FluSight: the archive of NHSN tables; else a hubverse
time series with as_of). Forecasts every place that the hub asks for, checks the result against its tasks.json, and writes the hubverse form.
Nothing that was published after the deadline is used, so a past --date replays that round.
--data adds a folder with a change log (vintages.csv): earlier revisions, and histories that the repository no longer has.`,
  options: [
    { flags: '--hub <name>', description: 'flusight or respicast', required: true },
    {
      flags: '--source <url|dir>',
      description: "the hub's repository: base URL of its files, or a folder",
      required: true,
    },
    { flags: '--data <dir>', description: 'folder with a change log of the same hub' },
    { flags: '--also <sources...>', description: 'further repositories (URL or folder) or change logs to learn from' },
    { flags: '--date <day>', description: 'deadline; the next one that takes submissions when left out' },
    { flags: '--weeks <n>', description: 'weeks of dated tables to fetch from a web address', default: '60' },
    { flags: '--team-model <name>', description: 'name of the submission', default: 'Madang-stack' },
    { flags: '--out <dir>', description: 'folder for the submission file', required: true },
    { flags: '--cache <dir>', description: "folder for copies of fetched files; by default in the user's cache" },
    { flags: '--seed <text>', description: 'seed', default: '1' },
  ],
  examples: [
    'madang disease forecast --hub flusight --source FluSight-forecast-hub --out model-output/Madang-stack',
    'madang disease forecast --hub respicast --source https://raw.githubusercontent.com/european-modelling-hubs/RespiCast-SyndromicIndicators/main --out out',
  ],
  async run(_, o, io) {
    const disease = await import('@madang/disease');
    const hubName = String(o['hub']);
    if (hubName !== 'respicast' && hubName !== 'flusight')
      throw new CommandError(`--hub takes flusight or respicast, not "${hubName}"`, 2);
    const hub = disease.HUBS[hubName];
    const source = String(o['source']);
    const options = sourceOptions(o, io);
    const tasksFile = await readSource(source, 'hub-config/tasks.json', options);
    const tasks = tasksFile && (await parseTasks(tasksFile.text, nameOf(source, 'hub-config/tasks.json')));
    const day = await deadline(o['date'], hub, tasks);
    const { logs, files, notes } = await logsOf(hubName, source, day, o, options);
    const open = tasks === undefined ? undefined : disease.nextRound(tasks, disease.dateOf(today()));
    if (tasks !== undefined && (open === undefined || day < disease.dayOf(open)))
      notes.push(
        `the hub takes no more submissions for ${disease.dateOf(day)}${open === undefined ? '' : `; the next open round is ${open}`}`,
      );
    const log = logs[0];
    const targets = hub.targets.filter(target => log.names.some(n => n.target === target));
    const progress = io.progress('targets', targets.length);
    const rows: OutputRow[] = [];
    const dataNotes: unknown[] = [];
    for (const target of targets) {
      const plan = { hub, target, logs, members: disease.weeklyMembers(), seed: String(o['seed']) };
      const done = disease.recalibrated(plan, disease.replayBlock(plan, [day]));
      const asked =
        tasks === undefined ? undefined : disease.askedPlaces(tasks, disease.OUTPUT_NAMES[hubName].targets[target]);
      const unasked = [...new Set(done.map(f => f.raw.location))].filter(p => asked && !asked.has(p));
      if (unasked.length > 0) notes.push(`${target}: the hub does not ask for ${unasked.join(', ')}; left out`);
      rows.push(
        ...(await outputRows(
          hubName,
          hub,
          target,
          done.filter(f => !unasked.includes(f.raw.location)),
        )),
      );
      dataNotes.push(...disease.dataNotes(log, target, day));
      progress.tick();
    }
    progress.done();
    const date = disease.dateOf(day);
    if (rows.length === 0)
      throw new CommandError(
        `nothing to forecast for ${date}: no place reported within the weeks before it (the last known week ends ${await lastWeek(log, hub)})`,
      );
    const checked = tasks !== undefined;
    const problems = checked ? disease.checkSubmission(tasks, rows) : [];
    const out = join(String(o['out']), `${date}-${o['teamModel']}.csv`);
    if (problems.length > 0) {
      const first = problems[0];
      return {
        json: { ok: false, problems: problems.slice(0, 50), count: problems.length },
        text: `${problems.length} problems with the hub's tasks.json; the first: row ${first.row}: ${first.problem}. Nothing was written.`,
        exit: 1,
      };
    }
    const columns = Object.keys(rows[0]);
    const { formatCsv } = await import('@madang/numerics');
    await writeAtomically(
      out,
      formatCsv(
        columns,
        rows.map(r => columns.map(c => r[c])),
      ),
    );
    return {
      json: { ok: true, date, out, rows: rows.length, checked, files, notes, dataNotes },
      text: [
        `${rows.length} rows for ${date}: ${out}${checked ? ", as the hub's tasks.json asks" : ' (the hub has no tasks.json to check against)'}`,
        `made from ${files.length} tables${files.some(f => f.stale) ? ', some of them older copies, since the source did not answer' : ''}`,
        ...notes,
      ].join('\n'),
    };
  },
};

const today = () => Math.floor(Date.now() / 86_400_000);

async function deadline(option: unknown, hub: HubRules, tasks: HubTasks | undefined): Promise<number> {
  const { dateOf, dayOf, nextRound, weekday } = await import('@madang/disease');
  if (option !== undefined) {
    try {
      return dayOf(String(option));
    } catch (error) {
      throw new CommandError(`--date: ${(error as Error).message}`, 2, { cause: error });
    }
  }
  let day = today();
  const listed = tasks === undefined ? undefined : nextRound(tasks, dateOf(day));
  if (listed !== undefined) return dayOf(listed);
  if (tasks !== undefined)
    throw new CommandError(
      `the hub's tasks.json lists no round that takes submissions on ${dateOf(day)}; give --date for one of its past rounds`,
      3,
    );
  while (weekday(day) !== hub.roundWeekday) day += 1;
  return day;
}

async function parseTasks(json: string, name: string): Promise<HubTasks> {
  const { hubTasks } = await import('@madang/disease');
  try {
    return hubTasks(JSON.parse(json));
  } catch (error) {
    const { message } = error as Error;
    throw new CommandError(`${name}: ${error instanceof SyntaxError ? `not JSON (${message})` : message}`, 1, {
      cause: error,
    });
  }
}

async function lastWeek(log: ChangeLog, hub: HubRules): Promise<string> {
  const { dateOf, weekEnd } = await import('@madang/disease');
  return dateOf(
    weekEnd(
      hub,
      log.period.reduce((m, p) => Math.max(m, p), 0),
    ),
  );
}

async function outputRows(
  hubName: 'respicast' | 'flusight',
  hub: HubRules,
  target: string,
  forecasts: readonly FinalForecast[],
): Promise<OutputRow[]> {
  const { dateOf, LEVELS, OUTPUT_NAMES, weekEnd } = await import('@madang/disease');
  const names = OUTPUT_NAMES[hubName];
  return forecasts.flatMap(f =>
    LEVELS.map((level, k) => ({
      [names.round]: dateOf(f.raw.originDay),
      target: names.targets[target],
      horizon: f.raw.horizon,
      target_end_date: dateOf(weekEnd(hub, f.raw.week)),
      location: f.raw.location,
      output_type: 'quantile',
      output_type_id: level,
      value: Number(f.quantiles[k].toPrecision(6)),
    })),
  );
}
