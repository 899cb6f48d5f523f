// Are the settings of the disease members more than luck? Three that matter most (the pull of the shared ridge, the size of boosting, the
// memory of the recalibration) are chosen for each season on other winters only and scored on it, beside what ships, which was chosen
// looking at all. Members are judged alone, the recalibration on the stack. Forecasts are kept as `disease-weights` keeps them.
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BOOSTING,
  boostingMember,
  type Member,
  type Recalibration,
  STEPS,
  TUNED,
  tunedMember,
  weeklyMembers,
} from '@madang/disease';
import { nested, type Setting } from '../disease/nested.ts';
import { recorded } from '../disease/recorded.ts';
import { type SeasonSet, seasonSets } from '../disease/sets.ts';
import { scorable, scored, weightsOf } from '../disease/weigh.ts';
import type { BenchSuite } from '../figure.ts';

const folder = join(process.env['MADANG_SHARED'] ?? '../shared', 'data/disease');
const cache = process.env['MADANG_BENCH_CACHE'] ?? join(tmpdir(), 'madang-bench-disease');

const scoreOf = (set: SeasonSet, members: readonly Member[], plan?: Recalibration) =>
  scored(
    scorable(
      set,
      recorded(set, cache, block => console.error(block), members),
    ),
    weightsOf(members),
    plan,
  );

/** A setting of one member, judged alone; the first value ships. */
const ofMember = (
  name: string,
  values: readonly number[],
  member: (name: string, value: number) => Member,
): Setting => ({
  name,
  values: values.map(String),
  score: (set, value) => scoreOf(set, [member(`${name} ${value}`, Number(value))]),
});

const SETTINGS: readonly Setting[] = [
  ofMember('pull of the shared ridge, periods', [100, 50, 200, 400], (name, penaltyPeriods) =>
    tunedMember(name, { ...TUNED, penaltyPeriods }, STEPS),
  ),
  ofMember('trees of boosting upon the ridge', [70, 35, 140], (name, trees) =>
    boostingMember(name, { ...BOOSTING, without: ['level'], upon: TUNED, trees }),
  ),
  {
    name: 'recalibration, half-life and prior in weeks',
    values: ['6 6', '3 6', '12 6', '24 6', '6 3', '6 12', '12 3', '12 12'],
    score: (set, value) => {
      const [halfLife, prior] = value.split(' ').map(Number);
      return scoreOf(set, weeklyMembers(), { halfLife, prior });
    },
  },
];

export const diseaseSettings: BenchSuite = async function* () {
  if (!existsSync(folder)) return;
  // Winters before the hubs would double the time of boosting; the linear setting can afford them.
  const all = seasonSets(folder);
  const hubs = all.filter(s => s.baseline);
  yield* nested(SETTINGS.slice(0, 1), all);
  yield* nested(SETTINGS.slice(1), hubs);
};
