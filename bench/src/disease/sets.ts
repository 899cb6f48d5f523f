// The seasons on which the stack's weights are judged: those with a hub's published baseline, and earlier European ones from final values
// (each week known on the Friday after it, never revised), which no setting was chosen on.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ChangeLog,
  changeLog,
  dateOf,
  dayOf,
  HUBS,
  type HubRules,
  LEVELS,
  type LogRow,
  readForecasts,
  readScores,
  readTruth,
  roundsOf,
  weekEnd,
  weekEnding,
  wis,
} from '@madang/disease';
import { parseCsv } from '@madang/numerics';

/** One season of one target. */
export interface SeasonSet {
  readonly name: string;
  /** First year: sets of the same one are chosen without each other. */
  readonly year: number;
  readonly hub: HubRules;
  readonly target: string;
  readonly logs: readonly ChangeLog[];
  readonly rounds: readonly number[];
  /** Deadlines that share one training. */
  readonly block: number;
  /** Truth by `location\tdate`. */
  readonly truth: ReadonlyMap<string, number>;
  /** WIS of the hub's baseline by `deadline\tlocation\tdate`; none for seasons that no hub asked for. */
  readonly baseline?: ReadonlyMap<string, number>;
}

/** Seasons before the hubs that are replayed from final values: the pandemic is left out. */
const EARLIER = [2018, 2022];

export function seasonSets(folder: string): SeasonSet[] {
  const read = (path: string) => parseCsv(readFileSync(path, 'utf8'), path);
  const out: SeasonSet[] = [];
  const logs = new Map(Object.values(HUBS).map(hub => [hub.name, logOf(join(folder, hub.name, 'vintages.csv'), hub)]));
  for (const hub of Object.values(HUBS)) {
    const own = join(folder, hub.name);
    const scored = join(own, 'scoring_truth.csv');
    for (const file of readdirSync(own).sort()) {
      const m = /^(?:forecasts|peer_scores)_(\d{4})-(\d\d)\.csv$/.exec(file);
      if (!m || (file.startsWith('peer') && existsSync(join(own, file.replace('peer_scores', 'forecasts'))))) continue;
      const season = `${m[1]}/${m[2]}`;
      const log = logs.get(hub.name)!;
      for (const target of hub.targets) {
        const truth = new Map(
          readTruth(read(existsSync(scored) ? scored : join(own, 'truth.csv')))
            .filter(t => t.target === target && (t.season === undefined || t.season === season))
            .map(t => [`${t.location}\t${t.date}`, t.value]),
        );
        const baseline = baselineOf(read(join(own, file)), file, target, truth);
        if (baseline.size === 0) continue;
        const at = log.series.findIndex(s => log.names[s].target === target);
        out.push({
          name: `${target} ${season}`,
          year: Number(m[1]),
          hub,
          target,
          logs: [log, ...(hub === HUBS.flusight ? [logs.get('respicast')!] : [])],
          rounds: roundsOf(hub, Number(m[1]), log.knownFrom[at], log.knownFrom[log.knownFrom.length - 1]),
          block: 8,
          truth,
          baseline,
        });
      }
    }
  }
  return [...out, ...earlierSets(join(folder, 'respicast', 'truth.csv'), read)];
}

function logOf(path: string, hub: HubRules): ChangeLog {
  const t = parseCsv(readFileSync(path, 'utf8'), path);
  const targets = t.has('target') ? t.text('target') : undefined;
  const [locations, dates, known] = ['location', 'date', 'as_of'].map(c => t.text(c));
  const values = t.numbers('value');
  return changeLog(
    dates.map((date, i) => ({
      target: targets?.[i] ?? hub.targets[0],
      location: locations[i],
      period: weekEnding(dayOf(date)),
      knownFrom: dayOf(known[i]) + hub.publicationDays,
      value: values[i],
    })),
  );
}

function baselineOf(table: ReturnType<typeof parseCsv>, file: string, target: string, truth: SeasonSet['truth']) {
  const out = new Map<string, number>();
  const isBaseline = (model: string) => /baseline/i.test(model);
  if (file.startsWith('peer')) {
    for (const s of readScores(table))
      if (s.target === target && isBaseline(s.model))
        out.set(`${s.originDate}\t${s.location}\t${s.targetEndDate}`, s.wis);
    return out;
  }
  for (const f of readForecasts(table, file).forecasts) {
    const y = truth.get(`${f.location}\t${f.targetEndDate}`);
    if (f.target !== target || !isBaseline(f.model) || y === undefined) continue;
    out.set(`${f.originDate}\t${f.location}\t${f.targetEndDate}`, wis(LEVELS, f.quantiles, y));
  }
  return out;
}

function earlierSets(path: string, read: (path: string) => ReturnType<typeof parseCsv>): SeasonSet[] {
  const hub = HUBS.respicast;
  const t = read(path);
  const [targets, locations, dates] = ['target', 'location', 'date'].map(c => t.text(c));
  const rows: LogRow[] = Array.from(t.numbers('value'), (value, i) => {
    const period = weekEnding(dayOf(dates[i]));
    return { target: targets[i], location: locations[i], period, knownFrom: weekEnd(hub, period) + 5, value };
  });
  const log = changeLog(rows);
  return EARLIER.flatMap(year =>
    hub.targets.map(target => ({
      name: `${target} ${year}/${(year + 1) % 100}`,
      year,
      hub,
      target,
      logs: [log],
      // Of two deadlines one, and long blocks: neighbouring ones are much alike.
      rounds: roundsOf(hub, year, log.knownFrom[0], log.knownFrom[log.knownFrom.length - 1]).filter(
        (_, k) => k % 2 === 0,
      ),
      block: 9,
      truth: new Map(
        rows.filter(r => r.target === target).map(r => [`${r.location}\t${dateOf(weekEnd(hub, r.period))}`, r.value]),
      ),
    })),
  );
}
