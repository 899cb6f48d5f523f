import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Refusal } from '../statement-type.ts';
import { AGGREGATORS, openedStudy, runRound, settledWorld, transcriptBody } from '../testing/world.ts';

const code = (answer: unknown) => (answer as Refusal).code;

test('a study that is answered ends after its round; what it did not spend returns when the aggregators close', async () => {
  for (const [org, use] of [
    ['alpha', 'researcher'],
    ['agg-b', 'aggregator'],
  ] as const) {
    const world = await settledWorld();
    const { study, opening } = await openedStudy(world);
    const ledger = () => world.state.ledgers['d-alpha/person/2027'];
    await runRound(world, opening, 1);
    assert.deepEqual(ledger(), { cap: 100_000, reserved: 20_000, spent: 20_000 });
    await world.must(org, use, 'study.finish', { opening, after: 1 });
    const { stage, finishedAfter, failure } = world.state.studies[study];
    assert.deepEqual([stage, finishedAfter, failure], ['finished', 1, undefined]);
    const next = await world.act('agg-o', 'aggregator', 'round.transcript', transcriptBody(opening, 2), {
      signers: AGGREGATORS,
    });
    assert.equal(code(next), 'study-over');
    for (const [aggregator] of AGGREGATORS)
      await world.must(aggregator, 'aggregator', 'round.close', { opening, uncommitted: [2] });
    assert.deepEqual(ledger(), { cap: 100_000, reserved: 0, spent: 20_000 });
  }
});

test('nobody else ends it, nor before its results or past a round that has begun', async () => {
  const world = await settledWorld();
  const { study, opening } = await openedStudy(world);
  const finish = async (org: string, use: 'researcher' | 'aggregator' | 'steward', body: object) =>
    code(await world.act(org, use, 'study.finish', { opening, after: 1, ...body }));
  assert.equal(await finish('alpha', 'researcher', { opening: '00'.repeat(32) }), 'unknown-opening');
  assert.equal(await finish('alpha', 'researcher', {}), 'not-all-published');
  await runRound(world, opening, 1);
  assert.equal(await finish('beta', 'researcher', {}), 'not-entitled');
  assert.equal(await finish('alpha', 'researcher', { after: 2 }), 'not-all-published');
  assert.equal(await finish('alpha', 'researcher', { after: 0 }), 'bad-body');
  await world.must('agg-o', 'aggregator', 'round.transcript', transcriptBody(opening, 2), { signers: AGGREGATORS });
  assert.equal(await finish('alpha', 'researcher', {}), 'round-begun');
  await world.must('alpha', 'researcher', 'study.fail', { study, code: 'stopped-by-proposer', why: 'x' });
  assert.equal(await finish('alpha', 'researcher', {}), 'study-over');
});
