// Writes the golden log of study.finish of rules 1: run once when it was adopted, never again (`node packages/charter/src/testing/make-golden-finish.ts FILE`).
import { writeFileSync } from 'node:fs';
import { joinBundle } from '@madang/trust';
import { stateDigest } from '../replay.ts';
import { AGGREGATORS, openedStudy, runRound, settledWorld } from './world.ts';

const world = await settledWorld();
const first = await openedStudy(world);
await runRound(world, first.opening, 1);
await world.must('alpha', 'researcher', 'study.finish', { opening: first.opening, after: 1 });
for (const [org] of AGGREGATORS)
  await world.must(org, 'aggregator', 'round.close', { opening: first.opening, uncommitted: [2] });
const second = await openedStudy(world, { title: 'Again', family: 'again' });
await runRound(world, second.opening, 1);
await world.must('agg-b', 'aggregator', 'study.finish', { opening: second.opening, after: 1 });

const [target] = process.argv.slice(2);
writeFileSync(target, joinBundle(world.entries));
console.log(JSON.stringify({ entries: world.entries.length, stateDigest: stateDigest(world.state) }, null, 2));
