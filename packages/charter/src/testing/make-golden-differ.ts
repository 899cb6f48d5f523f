// Writes the golden log of round.differ of rules 1: run once when it was adopted, never again (`node packages/charter/src/testing/make-golden-differ.ts FILE`).
import { writeFileSync } from 'node:fs';
import { joinBundle } from '@madang/trust';
import { stateDigest } from '../replay.ts';
import { AGGREGATORS, openedStudy, runRound, settledWorld } from './world.ts';

const world = await settledWorld();
const shown = (opening: string, round: number) => ({ opening, round, theirs: 'aa'.repeat(32), ours: 'bb'.repeat(32) });
const first = await openedStudy(world);
await world.must('agg-b', 'aggregator', 'round.differ', shown(first.opening, 1));
await runRound(world, first.opening, 2);
for (const [org] of AGGREGATORS)
  await world.must(org, 'aggregator', 'round.close', { opening: first.opening, uncommitted: [1] });
const second = await openedStudy(world, { title: 'Again', family: 'again', rounds: 1 });
await world.must('agg-o', 'aggregator', 'round.differ', shown(second.opening, 1));

const [target] = process.argv.slice(2);
writeFileSync(target, joinBundle(world.entries));
console.log(JSON.stringify({ entries: world.entries.length, stateDigest: stateDigest(world.state) }, null, 2));
