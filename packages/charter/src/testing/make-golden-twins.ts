// Writes the golden log of evidence in `round.transcript` of rules 1: run once when it was adopted, never again (`node packages/charter/src/testing/make-golden-twins.ts FILE`).
import { writeFileSync } from 'node:fs';
import { joinBundle } from '@madang/trust';
import { stateDigest } from '../replay.ts';
import { AGGREGATORS, type Body, openedStudy, settledWorld, transcriptBody } from './world.ts';

const world = await settledWorld();
const { opening } = await openedStudy(world);
const rejected: Body[] = [
  { evidence: '1e'.repeat(32), org: 'alpha', reason: 'two-slips' },
  { org: 'zeta', reason: 'no-contribution' },
];
const body = { ...transcriptBody(opening, 1, ['beta', 'delta', 'gamma']), rejected };
await world.must('agg-o', 'aggregator', 'round.transcript', body, { signers: AGGREGATORS });

const [target] = process.argv.slice(2);
writeFileSync(target, joinBundle(world.entries));
console.log(JSON.stringify({ entries: world.entries.length, stateDigest: stateDigest(world.state) }, null, 2));
