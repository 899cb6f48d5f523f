// What a statement must be before its own rule is asked: fresh, of this log, signed by both halves, of a known kind and form.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStatement, signStatement, softwareSigner, type TrustError, utf8 } from '@madang/trust';
import { stateDigest } from './replay.ts';
import type { Refusal } from './statement-type.ts';
import { keyOf, START, settledWorld } from './testing/world.ts';

const code = (answer: Refusal | string) => (typeof answer === 'string' ? 'admitted' : answer.code);

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
