// madang disease forecast: this week's forecast from a hub's public repository, as a submission that the hub's own rules accept.
import { join } from 'node:path';
import type { ChangeLog, FinalForecast, HubRules, LogRow, OutputRow } from '@madang/disease';
import { type Command, CommandError } from '../command.ts';
import { hubNameOf, writeAtomically } from './backtest.ts';
import { readChangeLog } from './files.ts';
import { readSource, type SourceOptions } from './source.ts';

/** Where the newest table of each target lies upstream, with its columns. */
const UPSTREAM = {
  respicast: [
    { target: 'ILI', path: 'target-data/latest-ILI_incidence.csv', date: 'truth_date' },
    { target: 'ARI', path: 'target-data/latest-ARI_incidence.csv', date: 'truth_date' },
  ],
  flusight: [{ target: 'hosp', path: 'target-data/target-hospital-admissions.csv', date: 'date' }],
} as const;

export const forecast: Command = {
  name: 'forecast',
  summary: "Forecast the next deadline from a hub's repository and write a checked submission",
  description: `Reads the newest target data of a hub laid out as upstream (hubverse: target-data, hub-config) from a folder or a base URL, forecasts
every place for the deadline, checks the result against hub-config/tasks.json where the hub has one, and writes the hubverse long form.
--data adds a folder with a change log (vintages.csv): earlier revisions, and histories that the newest table no longer has.`,
  options: [
    { flags: '--hub <name>', description: 'flusight or respicast', required: true },
    {
      flags: '--source <url|dir>',
      description: "the hub's repository: base URL of its files, or a folder",
      required: true,
    },
    { flags: '--data <dir>', description: 'folder with a change log of the same hub' },
    { flags: '--also <dirs...>', description: 'further folders with change logs to learn from' },
    { flags: '--date <day>', description: 'deadline; the next one from today when left out' },
    { flags: '--team-model <name>', description: 'name of the submission', default: 'Madang-stack' },
    { flags: '--out <dir>', description: 'folder for the submission file', required: true },
    { flags: '--cache <dir>', description: 'folder for copies of fetched files' },
    { flags: '--seed <text>', description: 'seed', default: '1' },
  ],
  examples: ['madang disease forecast --hub flusight --source FluSight-forecast-hub --out model-output/Madang-stack'],
  async run(_, o, io) {
    const disease = await import('@madang/disease');
    const hubName = String(o['hub']);
    if (hubName !== 'respicast' && hubName !== 'flusight')
      throw new CommandError(`--hub takes flusight or respicast, not "${hubName}"`, 2);
    const hub = disease.HUBS[hubName];
    const day = await deadline(o['date'], hub);
    const options: SourceOptions = { cache: text(o['cache']), log: io.log };
    const source = String(o['source']);
    const files: { path: string; sha256: string; stale: boolean }[] = [];
    const newest: LogRow[] = [];
    for (const u of UPSTREAM[hubName]) {
      const file = await readSource(source, u.path, options);
      if (!file) continue;
      files.push({ path: u.path, sha256: file.sha256, stale: file.stale });
      newest.push(...(await rowsOf(file.text, u, join(source, u.path), day)));
    }
    if (newest.length === 0)
      throw new CommandError(
        `${source}: none of ${UPSTREAM[hubName].map(u => u.path).join(', ')} is there; is it a ${hubName} repository?`,
        3,
      );
    const log = await joined(text(o['data']), hub, newest);
    const also: ChangeLog[] = [];
    for (const path of Array.isArray(o['also']) ? o['also'] : [])
      also.push(await readChangeLog(path, disease.HUBS[await hubNameOf(path)]));
    const progress = io.progress('targets', UPSTREAM[hubName].length);
    const rows: OutputRow[] = [];
    const notes: unknown[] = [];
    for (const target of hub.targets) {
      if (!log.names.some(n => n.target === target)) continue;
      const members = disease.weeklyMembers();
      const plan = { hub, target, logs: [log, ...also], members, seed: String(o['seed']) };
      const done = disease.recalibrated(plan, disease.replayBlock(plan, [day]));
      rows.push(...(await outputRows(hubName, hub, target, done)));
      notes.push(...disease.dataNotes(log, target, day));
      progress.tick();
    }
    progress.done();
    const tasks = await readSource(source, 'hub-config/tasks.json', options);
    const checked = tasks !== undefined;
    const problems = tasks ? disease.checkSubmission(JSON.parse(tasks.text), rows) : [];
    const date = disease.dateOf(day);
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
      json: { ok: true, date, out, rows: rows.length, checked, files, notes },
      text: `${rows.length} rows for ${date}: ${out}${checked ? ", as the hub's tasks.json asks" : ' (the hub has no tasks.json to check against)'}`,
    };
  },
};

const text = (v: unknown) => (typeof v === 'string' ? v : undefined);

async function deadline(option: unknown, hub: HubRules): Promise<number> {
  const { dayOf, weekday } = await import('@madang/disease');
  if (option !== undefined) {
    try {
      return dayOf(String(option));
    } catch (error) {
      throw new CommandError(`--date: ${(error as Error).message}`, 2, { cause: error });
    }
  }
  let day = Math.floor(Date.now() / 86_400_000);
  while (weekday(day) !== hub.roundWeekday) day += 1;
  return day;
}

async function rowsOf(
  csv: string,
  u: { readonly target: string; readonly date: string },
  name: string,
  day: number,
): Promise<LogRow[]> {
  const { parseCsv } = await import('@madang/numerics');
  const { dayOf, weekOf } = await import('@madang/disease');
  const table = parseCsv(csv, name);
  const dates = table.text(u.date);
  const locations = table.text('location');
  // Tables written by R say NA where nothing is known.
  const values = table.text('value').map((v, i) => {
    const x = v === '' || v === 'NA' ? Number.NaN : Number(v);
    if (v !== '' && v !== 'NA' && !(x >= 0))
      throw new CommandError(`${name}, row ${i + 2}, column "value": "${v}" is not a number of 0 or more`);
    return x;
  });
  return locations.map((location, i) => {
    try {
      return { target: u.target, location, period: weekOf(dayOf(dates[i])), knownFrom: day, value: values[i] };
    } catch (error) {
      throw new CommandError(`${name}, row ${i + 2}, column "${u.date}": ${(error as Error).message}`, 1, {
        cause: error,
      });
    }
  });
}

/** The newest table as the last word of a change log; without one, as its only word. */
async function joined(folder: string | undefined, hub: HubRules, newest: readonly LogRow[]): Promise<ChangeLog> {
  const { changeLog } = await import('@madang/disease');
  if (folder === undefined) return changeLog(newest);
  const old = await readChangeLog(folder, hub);
  const rows: LogRow[] = Array.from(old.series, (s, i) => ({
    ...old.names[s],
    period: old.period[i],
    knownFrom: old.knownFrom[i],
    value: old.value[i],
  }));
  return changeLog([...rows.filter(r => r.knownFrom <= newest[0].knownFrom), ...newest]);
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
