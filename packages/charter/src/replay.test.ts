// A log as a whole under the rules: founding, entries that are none, a change of the root, finality, entries dropped or out of order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cosignCheckpoint, formatNote, fromHex, parseNote, signCheckpoint, TrustError } from '@madang/trust';
import { judgeFinality } from './finality.ts';
import { Replay, replay, stateDigest } from './replay.ts';
import type { Refusal } from './statement-type.ts';
import {
  foundedWorld,
  foundingBody,
  logNotes,
  openedStudy,
  proposalBody,
  START,
  settledWorld,
  World,
  witnessOf,
} from './testing/world.ts';

const code = (answer: Refusal | string) => (typeof answer === 'string' ? 'admitted' : answer.code);

test('a log is founded once, by all its founders', async () => {
  const world = new World();
  const missing = await world.act('alpha', 'root', 'root.found', foundingBody(), { signers: [['alpha', 'root']] });
  assert.equal(code(missing), 'founder-missing');
  const founded = await foundedWorld();
  assert.deepEqual(Object.keys(founded.state.members).sort(), ['agg-b', 'agg-o', 'alpha', 'beta']);
  assert.equal(founded.state.root?.witnesses.length, 4);
  const again = await founded.act(
    'alpha',
    'root',
    'root.found',
    { ...foundingBody(), time: START + 1 },
    {
      signers: [
        ['alpha', 'root'],
        ['agg-o', 'root'],
        ['agg-b', 'root'],
        ['beta', 'root'],
      ],
    },
  );
  assert.equal(code(again), 'already-founded');
});

test('an inadmissible entry blocks the log until a quorum voids it, and is named for ever', async () => {
  const world = await settledWorld();
  const forged = await world.sign('alpha', 'node', 'study.propose', proposalBody());
  const fault = world.replay.push(forged);
  assert.equal(fault?.code, 'wrong-key-use');
  world.entries.push(forged);
  const index = fault!.index;
  assert.equal(
    code(
      await world.act('beta', 'steward', 'dataset.budget', {
        dataset: 'd-beta',
        unit: 'person',
        period: '2027',
        capMicroRho: 1,
      }),
    ),
    'log-blocked',
  );
  assert.equal(replay(world.entries).ok, false);
  const leaf = world.replay.past.leaf(index);
  assert.equal(code(await world.act('alpha', 'root', 'log.void', { index, leaf: 'aa'.repeat(32) })), 'nothing-to-void');
  for (const org of ['alpha', 'beta', 'gamma', 'delta', 'agg-o'])
    await world.must(org, 'root', 'log.void', { index, leaf });
  const result = replay(world.entries);
  assert.ok(result.ok);
  assert.deepEqual(
    result.voided.map(v => v.index),
    [index],
  );
  assert.equal(
    code(
      await world.act('beta', 'steward', 'dataset.budget', {
        dataset: 'd-beta',
        unit: 'person',
        period: '2027',
        capMicroRho: 50_000,
      }),
    ),
    'admitted',
  );
});

test('a root changes by a quorum of seats, and an unknown version stops a replay', async () => {
  const world = await settledWorld();
  for (const org of ['gamma', 'delta'])
    await world.must(org, 'root', 'member.key', {
      keys: [{ use: 'replay-witness', key: { ...witnessOf(org).vkeys }, until: world.state.time + 86_400 }],
    });
  const { noteKeyId } = await import('./members/keys.ts');
  const root = world.state.root!;
  const members = Object.keys(world.state.members);
  const body = {
    previous: root.id,
    rules: 2,
    operator: 'hub',
    logKey: world.state.keys[root.logKey].key as never,
    logNotes: { ...logNotes.vkeys },
    witnesses: members.map(org => ({ org, key: noteKeyId(witnessOf(org).vkeys) })),
  };
  const proposal = await world.must('alpha', 'root', 'root.propose', body);
  for (const org of ['beta', 'gamma', 'delta']) await world.must(org, 'root', 'root.agree', { proposal });
  assert.equal(world.state.root?.id, root.id);
  await world.must('agg-o', 'root', 'root.agree', { proposal });
  assert.equal(world.state.root?.witnesses.length, 6);
  await assert.rejects(world.act('agg-b', 'root', 'root.agree', { proposal }), /rules 2 are in force/);
});

test('finality takes a quorum of witnesses and both seat classes', async () => {
  const world = await foundedWorld();
  const root = fromHex(world.replay.past.rootAt(1)!);
  const checkpoint = { origin: 'test/log', size: 1, root, extensions: [] };
  const signed = signCheckpoint(checkpoint, logNotes, START);
  const cosigned = (orgs: readonly string[]) => {
    const { text, signatures } = parseNote(signed);
    return formatNote({
      text,
      signatures: [...signatures, ...orgs.flatMap(o => cosignCheckpoint(checkpoint, witnessOf(o), START))],
    });
  };
  assert.equal(judgeFinality(world.state, cosigned(['alpha', 'agg-o'])).final, false);
  assert.equal(judgeFinality(world.state, cosigned(['alpha', 'agg-o', 'beta'])).final, true);
  const fork = signCheckpoint({ ...checkpoint, origin: 'other/log' }, logNotes, START);
  assert.throws(() => judgeFinality(world.state, fork), TrustError);
});

test('dropping or reordering entries of a log is seen by the rules', async () => {
  const world = await settledWorld();
  await openedStudy(world);
  const dropped = world.entries.filter((_, i) => i !== 2);
  assert.equal(replay(dropped).ok, false);
  const swapped = [...world.entries];
  [swapped[3], swapped[9]] = [swapped[9], swapped[3]];
  assert.equal(replay(swapped).ok, false);
  const fresh = new Replay();
  for (const e of world.entries) assert.equal(fresh.push(e), undefined);
  assert.equal(stateDigest(fresh.state), stateDigest(world.state));
  assert.equal(fresh.past.rootAt(world.entries.length), world.replay.past.rootAt(world.entries.length));
});
