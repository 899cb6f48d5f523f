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
import { nested, type Setting, type Sums } from '../disease/nested.ts';
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

/** Members are judged alone. The first value of a setting ships. */
const PULL: Setting = {
  name: 'pull of the shared ridge, periods',
  values: ['100', '50', '200', '400'],
  score: (set, value) =>
    scoreOf(set, [
      tunedMember(`pull of the shared ridge, periods ${value}`, { ...TUNED, penaltyPeriods: Number(value) }, STEPS),
    ]),
};

/** Draws of chance over which boosting is judged, the same for every value: fewer trees or bags are the first of more. */
const SEEDS = ['one', 'two', 'three'];

const seeded = (member: Member, seed: string): Member => ({ ...member, train: design => member.train(design, seed) });

/** Sums of several runs, place by place. */
function summed(runs: readonly Sums[]): Sums {
  const places = new Set(runs.flatMap(r => [...r.keys()]));
  const sum = (place: string, k: 0 | 1) => runs.reduce((t, r) => t + (r.get(place)?.[k] ?? 0), 0);
  return new Map(Array.from(places, place => [place, [sum(place, 0), sum(place, 1)]]));
}

/** Every second deadline: neighbouring ones are much alike, and boosting takes its time. */
const thinned = (set: SeasonSet): SeasonSet => ({ ...set, rounds: set.rounds.filter((_, k) => k % 2 === 0) });

const BOOSTING_SIZE: Setting = {
  name: 'boosting upon the ridge, trees and bags',
  values: ['70 6', '35 6', '140 6', '70 3', '70 12'],
  score: (set, value) => {
    const [trees, bags] = value.split(' ').map(Number);
    const plan = { ...BOOSTING, without: ['level'], upon: TUNED, trees, bags };
    return summed(SEEDS.map(seed => scoreOf(set, [seeded(boostingMember(`boosting ${value}, ${seed}`, plan), seed)])));
  },
};

const MEMORY: Setting = {
  name: 'recalibration, half-life and prior in weeks',
  values: ['6 6', '3 6', '12 6', '24 6', '6 3', '6 12', '12 3', '12 12'],
  score: (set, value) => {
    const [halfLife, prior] = value.split(' ').map(Number);
    return scoreOf(set, weeklyMembers(), { halfLife, prior });
  },
};

export const diseaseSettings: BenchSuite = async function* () {
  if (!existsSync(folder)) return;
  // Winters before the hubs would double the time of boosting; the linear setting can afford them.
  const all = seasonSets(folder);
  const hubs = all.filter(s => s.baseline);
  yield* nested([PULL], all);
  yield* nested([BOOSTING_SIZE], hubs.map(thinned));
  yield* nested([MEMORY], hubs);
};
