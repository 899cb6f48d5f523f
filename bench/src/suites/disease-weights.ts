// Are the weights of the disease stack more than luck? For each season with a hub's baseline, weights are chosen on all other seasons (those of
// the same winter left out, five earlier winters beside them) and scored on it, beside the weights that ship, which were chosen looking at all.
// The first run trains every member on every season (half an hour of processor time); forecasts are kept in MADANG_BENCH_CACHE, or the
// system's temporary folder. Delete that folder after a change of the members.
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { candidateMembers, weeklyMembers } from '@madang/disease';
import { chosen } from '../disease/choose.ts';
import { recorded } from '../disease/recorded.ts';
import { seasonSets } from '../disease/sets.ts';
import { ratios, scorable, weightsOf } from '../disease/weigh.ts';
import type { BenchSuite } from '../figure.ts';

const folder = join(process.env['MADANG_SHARED'] ?? '../shared', 'data/disease');
const cache = process.env['MADANG_BENCH_CACHE'] ?? join(tmpdir(), 'madang-bench-disease');

export const diseaseWeights: BenchSuite = async function* () {
  if (!existsSync(folder)) return;
  const all = seasonSets(folder).map(set =>
    scorable(
      set,
      recorded(set, cache, block => console.error(block)),
    ),
  );
  const names = candidateMembers().map(m => m.name);
  const say = (weights: readonly number[]) =>
    names.flatMap((n, k) => (weights[k] > 0 ? [`${weights[k]} ${n}`] : [])).join(', ');
  const ours = weightsOf(weeklyMembers(), candidateMembers());
  for (const s of all.filter(x => x.set.baseline)) {
    const others = all.filter(x => x.set.year !== s.set.year);
    const nested = {
      established: chosen(others, true, names.length),
      newcomer: chosen(others, false, names.length),
    };
    console.error(`${s.set.name}: established ${say(nested.established)}; newcomers ${say(nested.newcomer)}`);
    const score = ratios(s, nested);
    const reference = ratios(s, ours);
    for (const kind of ['pooled', 'place'] as const)
      yield {
        name: `${s.set.name}, weights chosen on other winters, ${kind === 'place' ? 'per place' : kind}`,
        unit: 'of the baseline',
        ours: score[kind],
        against: { name: 'the weights that ship', value: reference[kind] },
        smallerIsBetter: true,
        runs: 1,
      };
  }
};
