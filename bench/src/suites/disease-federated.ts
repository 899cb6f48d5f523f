// What a federation loses without noise: the members that it trains from sums beside the stack that ships, which needs rows, on every season
// with a hub's baseline. Forecasts are kept block by block: a run that was stopped goes on where it was. The cost of noise is `madang disease federate`.
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { federatedMembers, type Member, weeklyMembers } from '@madang/disease';
import { type Countdown, countdown } from '../disease/countdown.ts';
import { recorded } from '../disease/recorded.ts';
import { type SeasonSet, seasonSets } from '../disease/sets.ts';
import { ratios, scorable, weightsOf } from '../disease/weigh.ts';
import type { BenchSuite } from '../figure.ts';

const folder = join(process.env['MADANG_SHARED'] ?? '../shared', 'data/disease');
const cache = process.env['MADANG_BENCH_CACHE'] ?? join(tmpdir(), 'madang-bench-disease');

function ratiosOf(set: SeasonSet, members: readonly Member[], { tick, through }: Countdown) {
  const rows = recorded(set, cache, tick, members);
  through(set);
  return ratios(scorable(set, rows), weightsOf(members));
}

export const diseaseFederated: BenchSuite = async function* () {
  if (!existsSync(folder)) return;
  const sets = seasonSets(folder).filter(s => s.baseline);
  const clock = countdown([...sets, ...sets]);
  for (const set of sets) {
    const ours = ratiosOf(set, federatedMembers(), clock);
    const central = ratiosOf(set, weeklyMembers(), clock);
    for (const kind of ['pooled', 'place'] as const)
      yield {
        name: `${set.name}, members from sums, ${kind === 'place' ? 'per place' : kind}`,
        unit: 'of the baseline',
        ours: ours[kind],
        against: { name: 'the stack that ships', value: central[kind] },
        smallerIsBetter: true,
        runs: 1,
      };
  }
};
