// What a member or a stranger could send to stop everybody else: names that every object answers to, keys that are none, a second study that races the first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hybridKeyFromSeed, type Json, openStatement, signStatement, softwareSigner } from '@madang/trust';
import { Replay } from './replay.ts';
import { isRefusal } from './statement-type.ts';
import {
  AGGREGATORS,
  type Body,
  foundedWorld,
  openedStudy,
  proposalBody,
  settledWorld,
  transcriptBody,
  type World,
  witnessOf,
} from './testing/world.ts';

async function refused(world: World, ...act: Parameters<World['act']>): Promise<string> {
  const answer = await world.act(...act);
  if (typeof answer === 'string') assert.fail(`${act[2]} was admitted`);
  return answer.code;
}

/** The length of a key's base64 and none of its padding: a byte too many. */
const oneByteMore = { ed25519: 'A'.repeat(44), mldsa65: 'A'.repeat(2604) };
const stranger = softwareSigner(hybridKeyFromSeed(new Uint8Array(32).fill(9)));

test('a key of another length than its name says is refused, also where a stranger brings it', async () => {
  const world = await foundedWorld();
  const key: Json = { use: 'node', key: oneByteMore, until: world.state.time + 1000 };
  assert.equal(await refused(world, 'alpha', 'root', 'member.key', { keys: [key] }), 'bad-body');
  const body = { invitation: 'ab'.repeat(32), root: oneByteMore };
  const bytes = await signStatement({ kind: 'member.join', org: 'stranger', body }, [stranger]);
  const verdict = world.replay.consider(openStatement(bytes));
  assert.ok(isRefusal(verdict) && verdict.code === 'bad-body');

  // A hub that took it all the same stops nobody who replays its log.
  const witness = new Replay();
  const faults = await witness.pushAll([...world.entries, bytes]);
  assert.deepEqual(
    faults.map(f => [f.index, f.code]),
    [[world.entries.length, 'bad-body']],
  );
});

test('a handle that every object has as a property names nobody', async () => {
  const world = await settledWorld();
  const changes: Body[] = [{ aggregators: ['constructor', 'agg-b'] }, { collector: 'constructor' }];
  for (const change of changes)
    assert.equal(await refused(world, 'alpha', 'researcher', 'study.propose', proposalBody(change)), 'bad-body');
});

test('a witness key that nobody can read never comes near a witness list, and no witness is on it twice', async () => {
  const world = await settledWorld();
  const until = world.state.time + 1000;
  const { vkeys } = witnessOf('gamma');
  for (const key of [
    { ...vkeys, mldsa44: 'none' },
    { ed25519: vkeys.mldsa44, mldsa44: vkeys.ed25519 },
  ])
    assert.equal(
      await refused(world, 'gamma', 'root', 'member.key', { keys: [{ use: 'replay-witness', key, until }] }),
      'bad-body',
    );
  const current = world.state.root!;
  const witnesses = [...current.witnesses, current.witnesses[0]].map(w => ({ ...w }));
  const proposal: Body = {
    previous: current.id,
    rules: 1,
    operator: 'hub',
    logKey: world.state.keys[current.logKey].key as unknown as Json,
    logNotes: { ...current.logNotes },
    witnesses,
  };
  assert.equal(await refused(world, 'alpha', 'root', 'root.propose', proposal), 'not-a-witness');
  const logNotes = { ...vkeys };
  assert.equal(await refused(world, 'alpha', 'root', 'root.propose', { ...proposal, logNotes }), 'bad-body');
});

test('two studies of a family side by side cannot release sets that differ by one partner', async () => {
  const world = await settledWorld();
  const first = await openedStudy(world, { rounds: 1 });
  const second = await openedStudy(world, { rounds: 1, title: 'How many, again' });
  await world.must('agg-o', 'aggregator', 'round.transcript', transcriptBody(first.opening, 1), {
    signers: AGGREGATORS,
  });
  // The first round is not spent yet; both would be a moment later.
  const without = transcriptBody(second.opening, 1, ['alpha', 'beta', 'gamma']);
  assert.equal(
    await refused(world, 'agg-o', 'aggregator', 'round.transcript', without, { signers: AGGREGATORS }),
    'isolates-a-partner',
  );
  // A study that ended before it committed has released nothing and never will.
  await world.must('alpha', 'researcher', 'study.fail', { study: first.study, code: 'stopped-by-proposer', why: 'x' });
  await world.must('agg-o', 'aggregator', 'round.transcript', without, { signers: AGGREGATORS });
});
