// madang disease claim: the same model trained alone at each place and together over all, on the same rounds, with the losers named.

import type { Pair, RawForecast } from '@madang/disease';
import { type Command, CommandError } from '../command.ts';
import { readChangeLog } from './files.ts';
import { roundsProgress, runBlocks, threadsOf } from './replay-pool.ts';
import type { WeeklyTask } from './replay-worker.ts';
import { blocksOf, foldersOf, hubNameOf, roundsByTarget, seasonLabel, seasonOf, targetsOf } from './season.ts';

export const claim: Command = {
  name: 'claim',
  summary: 'training together against training alone: both on the same rounds, by place, with intervals',
  description: `Replays a season twice: with ridge and analogues trained at each place on its own rows alone, own features and own climatology
included, and with these together with the ridge of all places, corrected at each. Scores both against the values known
after the season. ratio: geometric mean over places of WIS together / alone, below 1 is better; interval: 90 %, bootstrap over blocks
of four weeks and over places. Forecasts more than six weeks beyond a place's last known value are left out: no model of either kind is trained
for them; places left with none are named. Places with less than three seasons of history at most of their rounds are newcomers and shown apart.`,
  options: [
    { flags: '--data <dir>', description: "the hub's folder, with vintages.csv", required: true },
    { flags: '--also <dirs...>', description: 'further folders that the shared model learns from' },
    { flags: '--season <label>', description: 'e.g. 2024/25; the newest with ten deadlines when left out' },
    { flags: '--target <name>', description: 'one target; all of the hub when left out' },
    { flags: '--seed <text>', description: 'seed', default: '1' },
    { flags: '--threads <n>', description: 'worker threads', default: '2' },
  ],
  examples: ['madang disease claim --data data/respicast --target ILI'],
  async run(_, o, io) {
    const { claimOf, dayOf, fourthRoot, HUBS, snapshot, STEPS } = await import('@madang/disease');
    const data = String(o['data']);
    const hubName = await hubNameOf(data);
    const hub = HUBS[hubName];
    const log = await readChangeLog(data, hub);
    const season = await seasonOf(o['season'], hub, log, 10);
    const asked = targetsOf(o['target'], hub, new Set(log.names.map(n => n.target)), data);
    const own = [{ path: data, hub: hubName }];
    const all = [...own, ...(await foldersOf(o['also']))];
    const byTarget = await roundsByTarget(hub, season, log, asked);
    const targets = [...byTarget.keys()];
    const deadlines = new Set([...byTarget.values()].flat());
    const common = { kind: 'weekly', hub: hubName, seed: String(o['seed']) } as const;
    // Each block twice, one after the other: together, then alone.
    const tasks = [...byTarget]
      .flatMap(([target, days]) => blocksOf(days).map(rounds => ({ ...common, target, rounds })))
      .flatMap((block, b): WeeklyTask[] => [
        { ...block, id: 2 * b, folders: all, members: 'together' },
        { ...block, id: 2 * b + 1, folders: own, members: 'alone' },
      ]);
    const raw = await runBlocks(tasks, { threads: threadsOf(o['threads']), progress: roundsProgress(io, tasks) });
    // Truth: the table three weeks after the season's last possible target, or as far as the log goes.
    const known = new Map(snapshot(log, dayOf(`${season + 1}-07-15`)).map(s => [`${s.target}\t${s.location}`, s]));
    const pairs: Pair[] = [];
    const uncompared = new Set<string>();
    for (const [i, task] of tasks.entries()) {
      if (task.members !== 'together') continue;
      const alone = new Map(raw[i + 1].map(f => [keyOf(f), f]));
      for (const g of raw[i]) {
        const l = alone.get(keyOf(g));
        const s = known.get(`${task.target}\t${g.location}`);
        const truth = s?.values[g.week - s.first];
        if (!l || g.location === 'US' || truth === undefined || Number.isNaN(truth)) continue;
        if (Number.isNaN(l.increments[0]) || Number.isNaN(g.increments[0])) continue;
        uncompared.add(`${task.target} ${g.location}`);
        if (g.step > STEPS) continue;
        const values = (f: RawForecast) => f.increments.map(q => f.scale * fourthRoot.backward(f.lastZ + q));
        pairs.push({
          target: task.target,
          location: g.location,
          originDay: g.originDay,
          scale: g.scale,
          local: values(l),
          global: values(g),
          truth,
          newcomer: g.history < LEAST_HISTORY,
        });
      }
    }
    // A place is a newcomer when it was one at most of its rounds: a log may bring a long history in the middle of a season.
    const rounds = Map.groupBy(pairs, p => `${p.target}\t${p.location}`);
    for (const p of pairs) uncompared.delete(`${p.target} ${p.location}`);
    const silent = [...uncompared].sort();
    const fixed = [...rounds.values()].flatMap(own => {
      const newcomer = 2 * own.filter(p => p.newcomer).length > own.length;
      return own.map(p => ({ ...p, newcomer }));
    });
    try {
      const result = claimOf(fixed, String(o['seed']));
      return {
        json: { season: seasonLabel(season), targets, rounds: deadlines.size, ...result, silent },
        text: table(result.statement, { ...result, silent }),
      };
    } catch (error) {
      if (error instanceof RangeError) throw new CommandError(error.message, 3, { cause: error });
      throw error;
    }
  },
};

/** Weeks of known values below which a place is a newcomer: about three seasons. */
const LEAST_HISTORY = 150;

const keyOf = (f: RawForecast) => `${f.originDay}\t${f.location}\t${f.horizon}`;

function table(
  statement: string,
  c: { places: readonly Row[]; newcomers: readonly Row[]; silent: readonly string[] },
): string {
  const line = (p: Row) =>
    `${p.target.padEnd(5)}${p.location.padEnd(8)}${p.ratio.toFixed(3)}  ${p.interval[0].toFixed(3)} to ${p.interval[1].toFixed(3)}  ${p.verdict}`;
  const lines = [statement, '', 'together / alone, 90 % interval', ...c.places.map(line)];
  if (c.newcomers.length > 0) lines.push('', 'newcomers', ...c.newcomers.map(line));
  if (c.silent.length > 0)
    lines.push('', `not compared, silent for more than six weeks at every deadline: ${c.silent.join(', ')}`);
  return lines.join('\n');
}

interface Row {
  readonly target: string;
  readonly location: string;
  readonly ratio: number;
  readonly interval: readonly [number, number];
  readonly verdict: string;
}
