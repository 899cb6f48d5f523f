import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Refusal } from '../statement-type.ts';
import { AGGREGATORS, openedStudy, runRound, settledWorld, transcriptBody, type World } from '../testing/world.ts';

const code = (answer: unknown) => (answer as Refusal).code;
const ledger = (world: World, org: string) => world.state.ledgers[`d-${org}/person/2027`];
const release = (world: World, org: string, opening: string, rounds: readonly number[], dataset = `d-${org}`) =>
  world.act(org, 'steward', 'budget.release', { opening, dataset, rounds: [...rounds] });

test('an aggregator gone for good: each steward takes back its own unspent rounds, once', async () => {
  const world = await settledWorld();
  const { study, opening } = await openedStudy(world);
  await runRound(world, opening, 1);
  assert.equal(code(await release(world, 'alpha', opening, [2])), 'not-over');
  await world.must('alpha', 'researcher', 'study.fail', { study, code: 'aggregator-gone', why: 'agg-b is gone' });
  assert.equal(code(await release(world, 'alpha', opening, [1, 2])), 'wrong-rounds', 'round 1 is spent');
  assert.equal(code(await release(world, 'alpha', opening, [2], 'd-beta')), 'not-your-dataset');
  assert.equal(code(await release(world, 'alpha', 'ab'.repeat(32), [2])), 'unknown-opening');
  const byNode = await world.act('alpha', 'node', 'budget.release', { opening, dataset: 'd-alpha', rounds: [2] });
  assert.notEqual(typeof byNode, 'string', 'a node key is not the steward');
  assert.deepEqual(ledger(world, 'alpha'), { cap: 100_000, reserved: 20_000, spent: 20_000 });
  assert.equal(typeof (await release(world, 'alpha', opening, [2])), 'string');
  assert.deepEqual(ledger(world, 'alpha'), { cap: 100_000, reserved: 0, spent: 20_000 });
  assert.equal(ledger(world, 'beta').reserved, 20_000, 'others decide for themselves');
  assert.equal(code(await release(world, 'alpha', opening, [2])), 'already-returned');
  // The lost aggregator comes back and closes: what was taken back does not return twice.
  for (const [org] of AGGREGATORS) await world.must(org, 'aggregator', 'round.close', { opening, uncommitted: [2] });
  for (const org of ['alpha', 'beta', 'gamma', 'delta'])
    assert.deepEqual(ledger(world, org), { cap: 100_000, reserved: 0, spent: 20_000 });
  assert.equal(code(await release(world, 'beta', opening, [2])), 'already-returned');
});

test('an overdue study ends with it, so that nothing can be spent afterwards; a spent round stays spent', async () => {
  const world = await settledWorld();
  const { study, opening } = await openedStudy(world);
  const transcript = await world.must('agg-o', 'aggregator', 'round.transcript', transcriptBody(opening, 1), {
    signers: AGGREGATORS,
  });
  const commit = (org: string) =>
    world.act(org, 'aggregator', 'round.commit', { opening, round: 1, transcript, commitment: 'aa'.repeat(32) });
  assert.equal(typeof (await commit('agg-o')), 'string');
  await world.time(world.state.studies[study].opening!.revealUntil);
  assert.equal(code(await release(world, 'beta', opening, [1, 2])), 'not-over', 'the last second belongs to the study');
  await world.time(world.state.time + 1);
  assert.equal(typeof (await release(world, 'beta', opening, [1, 2])), 'string');
  const { stage, failure } = world.state.studies[study];
  assert.deepEqual([stage, failure?.code, failure?.by], ['failed', 'deadline-passed', 'beta']);
  assert.equal(code(await commit('agg-b')), 'study-over');
  assert.deepEqual(ledger(world, 'beta'), { cap: 100_000, reserved: 0, spent: 0 });
});
