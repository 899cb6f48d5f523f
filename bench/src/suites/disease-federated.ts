// What a federation loses without noise: the members that it trains from sums beside the stack that ships, which needs rows, on every season
// with a hub's baseline. The cost of noise is `madang disease federate`.
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { federatedMembers, type Member, weeklyMembers } from '@madang/disease';
import { recorded } from '../disease/recorded.ts';
import { type SeasonSet, seasonSets } from '../disease/sets.ts';
import { ratios, scorable, weightsOf } from '../disease/weigh.ts';
import type { BenchSuite } from '../figure.ts';

const folder = join(process.env['MADANG_SHARED'] ?? '../shared', 'data/disease');
const cache = process.env['MADANG_BENCH_CACHE'] ?? join(tmpdir(), 'madang-bench-disease');

const ratiosOf = (set: SeasonSet, members: readonly Member[]) =>
  ratios(
    scorable(
      set,
      recorded(set, cache, block => console.error(block), members),
    ),
    weightsOf(members),
  );

export const diseaseFederated: BenchSuite = async function* () {
  if (!existsSync(folder)) return;
  for (const set of seasonSets(folder).filter(s => s.baseline)) {
    const ours = ratiosOf(set, federatedMembers());
    const central = ratiosOf(set, weeklyMembers());
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
