// The rules against honest use and against attacks: each refusal names its reason, and a refused act changes nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cosignCheckpoint,
  formatNote,
  fromHex,
  openStatement,
  parseNote,
  signCheckpoint,
  signStatement,
  softwareSigner,
  TrustError,
  utf8,
} from '@madang/trust';
import { judgeFinality } from './finality.ts';
import { Replay, replay, stateDigest } from './replay.ts';
import type { Refusal } from './statement-type.ts';
import {
  approvedStudy,
  certify,
  foundedWorld,
  foundingBody,
  keyOf,
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

test('joining takes an invitation, a quorum of seats and the invited root key', async () => {
  const world = await foundedWorld();
  const candidates = [
    { org: 'gamma', name: 'G', seat: 'organisation', home: 'KE', roles: [], root: keyOf('gamma', 'root').keyId },
  ];
  const invitation = await world.must('alpha', 'root', 'member.invite', { candidates });
  const { encodePublicKey } = await import('@madang/trust');
  const root = encodePublicKey(keyOf('gamma', 'root').publicKey) as never;
  assert.equal(code(await world.act('gamma', 'root', 'member.join', { invitation, root })), 'no-quorum');
  await world.must('beta', 'root', 'member.admit', { invitation });
  assert.equal(
    code(await world.act('beta', 'root', 'member.admit', { invitation }, { until: START + 9 })),
    'already-admitted',
  );
  await world.must('agg-o', 'root', 'member.admit', { invitation });
  const other = encodePublicKey(keyOf('delta', 'root').publicKey) as never;
  assert.equal(code(await world.act('delta', 'root', 'member.join', { invitation, root: other })), 'not-invited');
  await world.must('gamma', 'root', 'member.join', { invitation, root });
  assert.equal(world.state.members['gamma'].left, undefined);
});

test('keys have one use, an end, and an owner', async () => {
  const world = await settledWorld();
  assert.equal(code(await world.act('alpha', 'node', 'study.propose', proposalBody())), 'wrong-key-use');
  assert.equal(
    code(
      await world.act('alpha', 'researcher', 'study.propose', proposalBody(), { signers: [['beta', 'researcher']] }),
    ),
    'wrong-signer',
  );
  assert.equal(
    code(await world.act('alpha', 'officer', 'member.admit', { invitation: 'ab'.repeat(32) })),
    'unknown-key',
  );
  await world.must('alpha', 'root', 'member.key-end', { key: keyOf('alpha', 'researcher').keyId, reason: 'rotated' });
  assert.equal(code(await world.act('alpha', 'researcher', 'study.propose', proposalBody())), 'key-ended');
  assert.equal(
    code(await world.act('beta', 'root', 'member.key-end', { key: keyOf('alpha', 'node').keyId, reason: 'lost' })),
    'unknown-key',
  );
  await assert.rejects(certify(world, 'beta', ['node']), /key-reused/);
});

test('a removed member says nothing more', async () => {
  const world = await settledWorld();
  await world.must('delta', 'root', 'member.leave', {});
  assert.equal(
    code(
      await world.act('delta', 'steward', 'dataset.budget', {
        dataset: 'd-delta',
        unit: 'person',
        period: '2027',
        capMicroRho: 1,
      }),
    ),
    'key-ended',
  );
  assert.equal(code(await world.act('alpha', 'root', 'member.leave', {})), 'last-witnesses');
});

test('a root key is replaced by both keys together', async () => {
  const world = await settledWorld();
  const { encodePublicKey } = await import('@madang/trust');
  const root = encodePublicKey(keyOf('gamma', 'officer').publicKey) as never;
  assert.equal(code(await world.act('gamma', 'root', 'member.root', { root })), 'both-must-sign');
  await world.must(
    'gamma',
    'root',
    'member.root',
    { root },
    {
      signers: [
        ['gamma', 'root'],
        ['gamma', 'officer'],
      ],
    },
  );
  assert.equal(world.state.members['gamma'].root, keyOf('gamma', 'officer').keyId);
});

test('stale, early, foreign and repeated statements are refused', async () => {
  const world = await settledWorld();
  const before = stateDigest(world.state);
  const body = { dataset: 'd-beta', unit: 'person', period: '2027', capMicroRho: 90_000 };
  assert.equal(code(await world.act('beta', 'steward', 'dataset.budget', body, { until: START - 1 })), 'too-late');
  assert.equal(
    code(await world.act('beta', 'steward', 'dataset.budget', body, { seen: { size: 3, root: 'ff'.repeat(32) } })),
    'other-history',
  );
  assert.equal(
    code(await world.act('beta', 'steward', 'dataset.budget', body, { seen: { size: 9999, root: 'ff'.repeat(32) } })),
    'not-fresh',
  );
  assert.equal(stateDigest(world.state), before);
  const bytes = await world.sign('beta', 'steward', 'dataset.budget', body);
  assert.equal(typeof world.take(bytes), 'string');
  assert.equal(code(world.take(bytes)), 'replayed');
  // The same act in another envelope (ML-DSA is hedged) is the same statement.
  const opened = openStatement(bytes);
  const again = await signStatement(opened.payload, [softwareSigner(keyOf('beta', 'steward'))]);
  assert.notDeepEqual(again, bytes);
  assert.equal(code(world.take(again)), 'replayed');
  await world.time(START + 8 * 86_400);
  const old = { size: 2, root: world.replay.past.rootAt(2)! };
  assert.equal(
    code(await world.act('beta', 'steward', 'dataset.budget', { ...body, capMicroRho: 91_000 }, { seen: old })),
    'not-fresh',
  );
});

test('a spoilt signature of either half is refused', async () => {
  const world = await settledWorld();
  const bytes = await world.sign('beta', 'steward', 'dataset.budget', {
    dataset: 'd-beta',
    unit: 'person',
    period: '2027',
    capMicroRho: 90_000,
  });
  const envelope = JSON.parse(new TextDecoder().decode(bytes));
  for (const half of [0, 1]) {
    const spoilt = structuredClone(envelope);
    const sig = Buffer.from(spoilt.signatures[half].sig, 'base64');
    sig[40] ^= 1;
    spoilt.signatures[half].sig = sig.toString('base64');
    assert.equal(code(world.take(utf8(JSON.stringify(spoilt)))), 'wrong-signature');
  }
  const single = { ...envelope, signatures: envelope.signatures.slice(0, 1) };
  assert.throws(
    () => world.take(utf8(JSON.stringify(single))),
    (e: TrustError) => e.code === 'one-signature-missing',
  );
});

test('unknown kinds, unknown members of a body and wrong types are named', async () => {
  const world = await settledWorld();
  assert.equal(code(await world.act('alpha', 'root', 'member.dance', {})), 'unknown-kind');
  const extra = await world.act('beta', 'steward', 'dataset.budget', {
    dataset: 'd-beta',
    unit: 'person',
    period: '2027',
    capMicroRho: 1,
    note: 'x',
  });
  assert.match((extra as Refusal).why, /body\.note/);
  const type = await world.act('beta', 'steward', 'dataset.budget', {
    dataset: 'd-beta',
    unit: 'person',
    period: '2027',
    capMicroRho: '1',
  });
  assert.match((type as Refusal).why, /capMicroRho: must be an integer/);
});

test('a compromised key puts its approvals out of force', async () => {
  const world = await settledWorld();
  const { study, approvals, ready } = await approvedStudy(world);
  await world.must('gamma', 'root', 'member.key-end', {
    key: keyOf('gamma', 'steward').keyId,
    reason: 'compromised',
    compromisedFrom: 0,
  });
  assert.notEqual(world.state.studies[study].approvals['gamma'].withdrawn, undefined);
  const body = { study, approvals, ready, contributeUntil: START + 1000, revealUntil: START + 2000 };
  assert.equal(code(await world.act('alpha', 'researcher', 'round.open', body)), 'approval-missing');
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
