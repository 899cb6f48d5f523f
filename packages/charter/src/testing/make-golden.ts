// Writes the golden log of rules 1: run once when a rules version is adopted, never again for that version (`node packages/charter/src/testing/make-golden.ts FILE`).
import { writeFileSync } from 'node:fs';
import { joinBundle } from '@madang/trust';
import { stateDigest } from '../replay.ts';
import { shareCommitment } from '../studies/reveal.ts';
import { AGGREGATORS, openedStudy, settledWorld, transcriptBody } from './world.ts';

const world = await settledWorld();
const { study, opening } = await openedStudy(world, { rounds: 1 });
const transcript = await world.must('agg-o', 'aggregator', 'round.transcript', transcriptBody(opening, 1), {
  signers: AGGREGATORS,
});
const blind = 'ab'.repeat(32);
const share = 'cd'.repeat(32);
for (const [org] of AGGREGATORS)
  await world.must(org, 'aggregator', 'round.commit', {
    opening,
    round: 1,
    transcript,
    commitment: shareCommitment(blind, share),
  });
for (const [org] of AGGREGATORS)
  await world.must(org, 'aggregator', 'round.reveal', { opening, round: 1, blind, share });
await world.must('alpha', 'researcher', 'study.result', {
  opening,
  round: 1,
  transcript,
  result: 'ef'.repeat(32),
  contributors: 4,
});
await world.must('alpha', 'node', 'forecast.publish', {
  opening,
  round: 1,
  target: 'ili',
  asOf: '2027-01-20',
  csv: '12'.repeat(32),
  rows: 23,
});
for (const [org] of AGGREGATORS) await world.must(org, 'aggregator', 'round.close', { opening, uncommitted: [] });
const second = await openedStudy(world, { title: 'Again', family: 'again' });
await world.must('alpha', 'researcher', 'study.fail', {
  study: second.study,
  code: 'stopped-by-proposer',
  why: 'a test',
});
for (const [org] of AGGREGATORS)
  await world.must(org, 'aggregator', 'round.close', { opening: second.opening, uncommitted: [1, 2] });
await world.time(world.state.time + 100);

const [target] = process.argv.slice(2);
writeFileSync(target, joinBundle(world.entries));
console.log(JSON.stringify({ entries: world.entries.length, study, stateDigest: stateDigest(world.state) }, null, 2));
