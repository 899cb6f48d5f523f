import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Refusal } from '../statement-type.ts';
import { AGGREGATORS, openedStudy, runRound, settledWorld, transcriptBody } from '../testing/world.ts';

const code = (answer: unknown) => (answer as Refusal).code;
const shown = (opening: string, round: number) => ({ opening, round, theirs: 'aa'.repeat(32), ours: 'bb'.repeat(32) });

test('a round whose transcripts differ has no result, spends nothing, and the next one goes on', async () => {
  const world = await settledWorld();
  const { study, opening } = await openedStudy(world);
  const ledger = () => world.state.ledgers['d-alpha/person/2027'];
  const id = await world.must('agg-b', 'aggregator', 'round.differ', shown(opening, 1));
  const { differ } = world.state.studies[study].opening!.rounds['1'];
  assert.deepEqual(differ, { id, by: 'agg-b', theirs: 'aa'.repeat(32), ours: 'bb'.repeat(32) });
  const late = await world.act('agg-o', 'aggregator', 'round.transcript', transcriptBody(opening, 1), {
    signers: AGGREGATORS,
  });
  assert.equal(code(late), 'round-differs');
  assert.equal(code(await world.act('agg-o', 'aggregator', 'round.differ', shown(opening, 1))), 'round-differs');
  await runRound(world, opening, 2);
  assert.equal(world.state.studies[study].stage, 'finished');
  for (const [org] of AGGREGATORS) await world.must(org, 'aggregator', 'round.close', { opening, uncommitted: [1] });
  assert.deepEqual(ledger(), { cap: 100_000, reserved: 0, spent: 20_000 });
});

test('in the last round the study ends: finished with the results it has, failed without any', async () => {
  const one = await settledWorld();
  const first = await openedStudy(one);
  await runRound(one, first.opening, 1);
  await one.must('agg-o', 'aggregator', 'round.differ', shown(first.opening, 2));
  assert.equal(one.state.studies[first.study].stage, 'finished');

  const none = await settledWorld();
  const second = await openedStudy(none);
  await none.must('agg-o', 'aggregator', 'round.differ', shown(second.opening, 1));
  await none.must('agg-b', 'aggregator', 'round.differ', shown(second.opening, 2));
  const { stage, failure } = none.state.studies[second.study];
  assert.deepEqual([stage, failure?.code, failure?.by], ['failed', 'transcripts-differ', 'agg-b']);
});

test('an answered study may end after a round without a result', async () => {
  const world = await settledWorld();
  const { study, opening } = await openedStudy(world, { rounds: 3 });
  await world.must('agg-o', 'aggregator', 'round.differ', shown(opening, 1));
  await runRound(world, opening, 2);
  await world.must('alpha', 'researcher', 'study.finish', { opening, after: 2 });
  assert.equal(world.state.studies[study].finishedAfter, 2);
});

test('nobody else shows transcripts, not of a settled round, nor before its turn', async () => {
  const world = await settledWorld();
  const { opening } = await openedStudy(world);
  const act = async (org: string, use: 'aggregator' | 'researcher', body: object) =>
    code(await world.act(org, use, 'round.differ', { ...shown(opening, 1), ...body }));
  assert.equal(await act('alpha', 'researcher', {}), 'wrong-key-use');
  assert.equal(await act('agg-o', 'aggregator', { opening: '00'.repeat(32) }), 'unknown-opening');
  assert.equal(await act('agg-o', 'aggregator', { round: 3 }), 'unknown-round');
  assert.equal(await act('agg-o', 'aggregator', { round: 2 }), 'not-its-turn');
  assert.equal(await act('agg-o', 'aggregator', { theirs: 'bb'.repeat(32) }), 'same-transcript');
  await world.must('agg-o', 'aggregator', 'round.transcript', transcriptBody(opening, 1), { signers: AGGREGATORS });
  assert.equal(await act('agg-o', 'aggregator', {}), 'round-has-transcript');
  await world.must('alpha', 'researcher', 'study.fail', {
    study: world.state.openings[opening],
    code: 'stopped-by-proposer',
    why: 'a test',
  });
  assert.equal(await act('agg-o', 'aggregator', {}), 'study-over');
});
