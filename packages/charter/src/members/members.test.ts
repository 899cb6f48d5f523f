// Who belongs to a hub and with which keys: joining, leaving, removal, keys of one use, a root key replaced.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Refusal } from '../statement-type.ts';
import { approvedStudy, certify, foundedWorld, keyOf, proposalBody, START, settledWorld } from '../testing/world.ts';

const code = (answer: Refusal | string) => (typeof answer === 'string' ? 'admitted' : answer.code);

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
