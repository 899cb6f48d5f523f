// madang disease watch: where the season stands at each place: reproduction number, chance of an unusually high week, peak to come.
import type { ChangeLog } from '@madang/disease';
import { type Command, CommandError, type Io, type Options } from '../command.ts';
import { readChangeLog } from './files.ts';
import { logsOf, sourceOptions } from './live.ts';
import { hubNameOf, targetsOf } from './season.ts';
import type { HubName } from './upstream-layout.ts';

export const watch: Command = {
  name: 'watch',
  summary: 'where the season stands: reproduction number, early warning, peak to come, place by place',
  description: `With the table as known on a day: the reproduction number of the last five weeks (generation time of influenza, 95 % interval),
the probability that each of the coming weeks exceeds the place's own 90th percentile, and the peak week and size (10, 50, 90 %).`,
  options: [
    { flags: '--data <dir>', description: "a hub's folder with vintages.csv" },
    {
      flags: '--source <url|dir>',
      description: "in its place, or behind it, the hub's repository as laid out upstream",
    },
    { flags: '--hub <name>', description: 'flusight or respicast: whose repository --source is' },
    { flags: '--also <sources...>', description: 'further change logs or repositories to learn from' },
    { flags: '--date <day>', description: 'as known on this day; today, or the last of the change log, when left out' },
    { flags: '--weeks <n>', description: 'weeks of dated tables to fetch from a web address', default: '60' },
    { flags: '--cache <dir>', description: "folder for copies of fetched files; by default in the user's cache" },
    { flags: '--target <name>', description: 'one target; the first of the hub when left out' },
    { flags: '--seed <text>', description: 'seed', default: '1' },
  ],
  examples: [
    'madang disease watch --data data/respicast --date 2025-01-15 --target ILI',
    'madang disease watch --hub flusight --source FluSight-forecast-hub',
  ],
  async run(_, o, io) {
    const d = await import('@madang/disease');
    const { hubName, day, logs } = await knownTo(o, io);
    const hub = d.HUBS[hubName];
    const log = logs[0];
    const target = targetsOf(
      o['target'],
      hub,
      new Set(log.names.map(n => n.target)),
      String(o['source'] ?? o['data']),
    )[0];
    const series = d.snapshot(log, day).filter(s => s.target === target);
    if (series.length === 0) throw new CommandError(`nothing of ${target} was known on ${d.dateOf(day)}`);
    const progress = io.progress('steps', 2);
    const raw = d.replayBlock({ hub, target, logs, members: d.weeklyMembers(), seed: String(o['seed']) }, [day]);
    progress.tick();
    const calendar = d.weeklyCalendar(t => d.excludedWeeks(t));
    const panel = d.makePanel(series, calendar);
    const week = (w: number) => d.dateOf(d.weekEnd(hub, w));
    const places = panel.places.map(place => {
      const s = series.find(x => x.location === place.location)!;
      const threshold = d.alertThreshold(s.values);
      const recent = d.reproductionNumbers(s.values, d.INFLUENZA).at(-1);
      const peak = d.peakForecast(panel, place, calendar);
      const warnings = raw
        .filter(f => f.location === place.location && threshold !== undefined)
        .map(f => ({
          date: week(f.week),
          probability: d.exceedance(
            f.increments.map(q => f.scale * d.fourthRoot.backward(f.lastZ + q)),
            threshold!,
          ),
        }));
      return {
        location: place.location,
        last: week(s.first + s.values.length - 1),
        value: s.values[s.values.length - 1],
        rt: recent && recent.at >= s.values.length - 1 ? { r: recent.r, low: recent.low, high: recent.high } : null,
        threshold: threshold ?? null,
        warnings,
        peak: peak ? { ...peak, period: peak.period.map(week) } : null,
      };
    });
    progress.done();
    const lines = places.map(p => {
      const rt = p.rt
        ? `R ${p.rt.r.toFixed(2)} (${p.rt.low.toFixed(2)} to ${p.rt.high.toFixed(2)})`
        : 'R not estimable';
      const w =
        p.warnings.length > 0
          ? `high weeks ${p.warnings.map(x => `${Math.round(100 * x.probability)} %`).join(' ')}`
          : '';
      const peak = p.peak ? `peak ${p.peak.period[1]} (${p.peak.period[0]} to ${p.peak.period[2]})` : '';
      return `${p.location.padEnd(8)}${rt.padEnd(24)}  ${w.padEnd(32)}  ${peak}`;
    });
    return { json: { target, date: d.dateOf(day), places }, text: lines.join('\n') };
  },
};

/** The logs that the options name, and the day: of a repository, or of a folder with a change log. */
async function knownTo(o: Options, io: Io): Promise<{ hubName: HubName; day: number; logs: readonly ChangeLog[] }> {
  const d = await import('@madang/disease');
  let day: number | undefined;
  if (o['date'] !== undefined) {
    try {
      day = d.dayOf(String(o['date']));
    } catch (error) {
      throw new CommandError(`--date: ${(error as Error).message}`, 2, { cause: error });
    }
  }
  if (o['source'] !== undefined) {
    const hubName = o['hub'];
    if (hubName !== 'respicast' && hubName !== 'flusight')
      throw new CommandError(`--source needs --hub flusight or respicast, not "${hubName ?? ''}"`, 2);
    const today = day ?? Math.floor(Date.now() / 86_400_000);
    return { hubName, day: today, ...(await logsOf(hubName, String(o['source']), today, o, sourceOptions(o, io))) };
  }
  if (o['data'] === undefined) throw new CommandError('give --data DIR, or --hub NAME --source URL or DIR', 2);
  const hubName = await hubNameOf(String(o['data']));
  const log = await readChangeLog(String(o['data']), d.HUBS[hubName]);
  const logs = [log];
  for (const path of Array.isArray(o['also']) ? o['also'] : [])
    logs.push(await readChangeLog(path, d.HUBS[await hubNameOf(path)]));
  return { hubName, day: day ?? log.knownFrom[log.knownFrom.length - 1], logs };
}
