// Writes the golden log of budget.release of rules 1: run once when it was adopted, never again (`node packages/charter/src/testing/make-golden-release.ts FILE`).
import { writeFileSync } from 'node:fs';
import { joinBundle } from '@madang/trust';
import { stateDigest } from '../replay.ts';
import { AGGREGATORS, openedStudy, runRound, settledWorld } from './world.ts';

const world = await settledWorld();
const release = (org: string, opening: string, rounds: number[]) =>
  world.must(org, 'steward', 'budget.release', { opening, dataset: `d-${org}`, rounds });
const first = await openedStudy(world);
await runRound(world, first.opening, 1);
await world.must('alpha', 'researcher', 'study.fail', { study: first.study, code: 'aggregator-gone', why: 'a test' });
await release('alpha', first.opening, [2]);
for (const [org] of AGGREGATORS)
  await world.must(org, 'aggregator', 'round.close', { opening: first.opening, uncommitted: [2] });
const second = await openedStudy(world, { title: 'Again', family: 'again' });
await world.time(world.state.studies[second.study].opening!.revealUntil + 1);
await release('beta', second.opening, [1, 2]);
await release('gamma', second.opening, [1, 2]);

const [target] = process.argv.slice(2);
writeFileSync(target, joinBundle(world.entries));
console.log(JSON.stringify({ entries: world.entries.length, stateDigest: stateDigest(world.state) }, null, 2));
