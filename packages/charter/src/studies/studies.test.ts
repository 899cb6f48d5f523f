// The rules of studies and their budgets against honest use and against attacks: each refusal names its reason, and a refused act changes nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Refusal } from '../statement-type.ts';
import {
  AGGREGATORS,
  approvedStudy,
  openedStudy,
  proposalBody,
  START,
  settledWorld,
  transcriptBody,
} from '../testing/world.ts';
import { shareCommitment } from './reveal.ts';

const code = (answer: Refusal | string) => (typeof answer === 'string' ? 'admitted' : answer.code);
const blind = 'ab'.repeat(32);
const share = 'cd'.repeat(32);

test('aggregators must be separate, shapes safe, minima reachable', async () => {
  const world = await settledWorld();
  const propose = async (change: Parameters<typeof proposalBody>[0]) =>
    code(await world.act('alpha', 'researcher', 'study.propose', proposalBody(change)));
  assert.equal(await propose({ aggregators: ['agg-o', 'alpha'] }), 'aggregators-not-separate');
  assert.equal(await propose({ aggregators: ['agg-o', 'agg-o'] }), 'aggregators-not-separate');
  assert.equal(await propose({ collector: 'agg-b' }), 'aggregators-not-separate');
  assert.equal(await propose({ minimum: 5 }), 'minimum-unreachable');
  assert.equal(await propose({ minimum: 2 }), 'bad-body');
  assert.equal(await propose({ datasets: ['d-nobody'] }), 'unknown-dataset');
  assert.equal(
    await propose({ shape: { encoding: 'prio3-sumvec', length: 1, maximum: 1, field: 64, proofs: 1, chunk: 1 } }),
    'unsafe-shape',
  );
});

test('a study runs from proposal to close, and the budget follows', async () => {
  const world = await settledWorld();
  const { study, opening } = await openedStudy(world);
  const ledger = () => world.state.ledgers['d-alpha/person/2027'];
  assert.deepEqual(ledger(), { cap: 100_000, reserved: 40_000, spent: 0 });
  for (const round of [1, 2]) {
    const transcript = await world.must('agg-o', 'aggregator', 'round.transcript', transcriptBody(opening, round), {
      signers: AGGREGATORS,
    });
    const commitment = shareCommitment(blind, share);
    await world.must('agg-o', 'aggregator', 'round.commit', { opening, round, transcript, commitment });
    assert.equal(
      code(
        await world.act('agg-o', 'aggregator', 'round.commit', {
          opening,
          round,
          transcript,
          commitment: 'ee'.repeat(32),
        }),
      ),
      'already-committed',
    );
    assert.equal(
      code(await world.act('agg-o', 'aggregator', 'round.reveal', { opening, round, blind, share })),
      'not-all-committed',
    );
    await world.must('agg-b', 'aggregator', 'round.commit', { opening, round, transcript, commitment });
    assert.equal(ledger().spent, 20_000 * round);
    assert.equal(
      code(await world.act('agg-b', 'aggregator', 'round.reveal', { opening, round, blind, share: 'aa'.repeat(32) })),
      'not-what-was-committed',
    );
    for (const [org] of AGGREGATORS)
      await world.must(org, 'aggregator', 'round.reveal', { opening, round, blind, share });
    await world.must('beta', 'researcher', 'study.result', {
      opening,
      round,
      transcript,
      result: 'ef'.repeat(32),
      contributors: 4,
    });
  }
  assert.equal(world.state.studies[study].stage, 'finished');
  for (const [org] of AGGREGATORS) await world.must(org, 'aggregator', 'round.close', { opening, uncommitted: [] });
  assert.deepEqual(ledger(), { cap: 100_000, reserved: 0, spent: 40_000 });
});

test('a failed study spends nothing and gives its reservation back', async () => {
  const world = await settledWorld();
  const { study, opening } = await openedStudy(world);
  assert.equal(
    code(await world.act('beta', 'researcher', 'study.fail', { study, code: 'stopped-by-proposer', why: 'x' })),
    'not-entitled',
  );
  await world.must('agg-o', 'aggregator', 'study.fail', { study, code: 'too-few-contributors', why: 'two of three' });
  assert.equal(
    code(await world.act('agg-o', 'aggregator', 'round.close', { opening, uncommitted: [1] })),
    'wrong-rounds',
  );
  for (const [org] of AGGREGATORS) await world.must(org, 'aggregator', 'round.close', { opening, uncommitted: [1, 2] });
  assert.deepEqual(world.state.ledgers['d-beta/person/2027'], { cap: 100_000, reserved: 0, spent: 0 });
});

test('a budget cannot be overdrawn, nor a cap fall below its use', async () => {
  const world = await settledWorld();
  const { study, approvals, ready } = await approvedStudy(world, { rounds: 6 });
  const open = { study, approvals, ready, contributeUntil: START + 1000, revealUntil: START + 2000 };
  assert.equal(code(await world.act('alpha', 'researcher', 'round.open', open)), 'budget-exceeded');
  await openedStudy(world, { title: 'Smaller', family: 'smaller', rounds: 3 });
  assert.equal(
    code(
      await world.act('alpha', 'steward', 'dataset.budget', {
        dataset: 'd-alpha',
        unit: 'person',
        period: '2027',
        capMicroRho: 59_999,
      }),
    ),
    'below-use',
  );
  const { study: other } = await approvedStudy(world, {
    title: 'No ledger',
    family: 'none',
    charges: [{ unit: 'household', period: '2027', sensitivitySquared: 1, variance: 25 }],
  });
  const s = world.state.studies[other];
  const body = {
    study: other,
    approvals: Object.values(s.approvals).map(a => a.id),
    ready: Object.values(s.ready).map(r => r.id),
    contributeUntil: START + 1000,
    revealUntil: START + 2000,
  };
  assert.equal(code(await world.act('alpha', 'researcher', 'round.open', body)), 'no-ledger');
});

test('transcripts: all aggregators, enough contributors, nobody isolated', async () => {
  const world = await settledWorld();
  const { opening } = await openedStudy(world);
  const at = (organisations: readonly string[], signers: readonly (readonly [string, 'aggregator'])[] = AGGREGATORS) =>
    world.act('agg-o', 'aggregator', 'round.transcript', transcriptBody(opening, 1, organisations), { signers });
  assert.equal(code(await at(['alpha', 'beta', 'gamma'], [['agg-o', 'aggregator']])), 'not-all-aggregators');
  assert.equal(code(await at(['alpha', 'beta'])), 'too-few-contributors');
  assert.equal(code(await at(['beta', 'alpha', 'gamma'])), 'not-invited');
  assert.equal(code(await at(['agg-b', 'alpha', 'beta', 'gamma'])), 'not-invited');
  const transcript = await world.must('agg-o', 'aggregator', 'round.transcript', transcriptBody(opening, 1), {
    signers: AGGREGATORS,
  });
  const commitment = shareCommitment(blind, share);
  for (const [org] of AGGREGATORS)
    await world.must(org, 'aggregator', 'round.commit', { opening, round: 1, transcript, commitment });
  // One organisation less in the next release of the family would show that organisation's part.
  const near = await world.act(
    'agg-o',
    'aggregator',
    'round.transcript',
    transcriptBody(opening, 2, ['alpha', 'beta', 'gamma']),
    { signers: AGGREGATORS },
  );
  assert.equal(code(near), 'isolates-a-partner');
});
