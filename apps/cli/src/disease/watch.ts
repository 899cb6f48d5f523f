// madang disease watch: where the season stands at each place: reproduction number, chance of an unusually high week, peak to come.
import { type Command, CommandError } from '../command.ts';
import { hubNameOf, targetsOf } from './backtest.ts';
import { readChangeLog } from './files.ts';

export const watch: Command = {
  name: 'watch',
  summary: 'Where the season stands: reproduction number, early warning, peak to come, place by place',
  description: `With the table as known on a day: the reproduction number of the last five weeks (generation time of influenza, 95 % interval),
the probability that each of the coming weeks exceeds the place's own 90th percentile, and the peak week and size (10, 50, 90 %).`,
  options: [
    { flags: '--data <dir>', description: "a hub's folder with vintages.csv", required: true },
    { flags: '--also <dirs...>', description: 'further folders to learn from' },
    { flags: '--date <day>', description: 'as known on this day; the last of the change log when left out' },
    { flags: '--target <name>', description: 'one target; the first of the hub when left out' },
    { flags: '--seed <text>', description: 'seed', default: '1' },
  ],
  examples: ['madang disease watch --data data/respicast --date 2025-01-15 --target ILI'],
  async run(_, o, io) {
    const d = await import('@madang/disease');
    const hubName = await hubNameOf(String(o['data']));
    const hub = d.HUBS[hubName];
    const log = await readChangeLog(String(o['data']), hub);
    const target = targetsOf(o['target'], hub, new Set(log.names.map(n => n.target)), String(o['data']))[0];
    let day = log.knownFrom[log.knownFrom.length - 1];
    if (o['date'] !== undefined) {
      try {
        day = d.dayOf(String(o['date']));
      } catch (error) {
        throw new CommandError(`--date: ${(error as Error).message}`, 2, { cause: error });
      }
    }
    const logs = [log];
    for (const path of Array.isArray(o['also']) ? o['also'] : [])
      logs.push(await readChangeLog(path, d.HUBS[await hubNameOf(path)]));
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
