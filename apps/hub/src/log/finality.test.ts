// Witnesses that lie, that are slow, and a clock that is set: none of them keeps the log from becoming final.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSignatureLine, type PublishedCheckpoint, parseNote, signaturesBy } from '@madang/trust';
import { hubApp } from '../http/app.ts';
import { Fixture } from '../testing/fixture.ts';

const invite = (f: Fixture, i: number) =>
  f.statement('alpha', 'member.invite', {
    candidates: [{ org: `m-${i}`, name: 'M', seat: 'bank', home: 'DE', roles: [], root: 'ab'.repeat(32) }],
  });

test('a witness that sends broken lines in the name of others, or of the log, spoils nothing but its own', async () => {
  const f = new Fixture();
  await f.founded();
  const { size, note } = f.hub.log.published as PublishedCheckpoint;
  const broken = (key: { name: string; keyId: number }) =>
    formatSignatureLine({ name: key.name, keyId: key.keyId, signature: new Uint8Array(72) });
  const others = ['beta', 'gamma'].flatMap(org => f.witnesses.get(org)!.verifiers.map(broken));
  const own = f.lines('alpha', note);
  const lies = [...own, ...f.logNotes.verifiers.map(broken), ...others].join('\n');
  assert.equal(await f.hub.cosign('alpha', size, lies), undefined);
  await f.cosign(['beta', 'gamma']);
  assert.equal(f.hub.finality.final?.size, size);
  const { signatures } = parseNote(f.hub.finality.final!.note);
  assert.equal(signatures.length, f.logNotes.verifiers.length + 6);
  for (const v of f.witnesses.get('alpha')!.verifiers) assert.equal(signaturesBy(v, signatures).length, 1);
  await f.hub.close();
});

test('witnesses that need longer than a checkpoint is on offer make it final all the same, under a flood', async () => {
  const f = new Fixture();
  await f.founded();
  const slow = f.hub.finality.offered!;
  for (let i = 0; i < 100; i++) {
    await f.client().submit(await invite(f, i));
    if (i % 20 !== 19) continue;
    f.clock += 3;
    assert.ok(f.hub.finality.renew());
  }
  assert.notEqual(f.hub.finality.offered!.size, slow.size);
  await f.cosign(['alpha', 'beta', 'gamma'], slow.note);
  assert.equal(f.hub.finality.final?.size, slow.size);
  await f.hub.close();
});

test('a clock that is set back keeps no checkpoint on offer for as long', async () => {
  const f = new Fixture();
  await f.founded();
  const { size } = f.hub.finality.offered!;
  await f.client().submit(await invite(f, 1));
  f.clock -= 3600;
  assert.ok(f.hub.finality.renew());
  assert.ok(f.hub.finality.offered!.size > size);
  await f.hub.close();
});

test('a clock that jumps ahead writes nothing that the log could not take back; members that are on time set it free', async () => {
  const f = new Fixture();
  await f.founded();
  await f.cosign(['alpha', 'beta', 'gamma', 'delta']);
  const { size } = f.hub.log;
  const right = f.clock;
  f.clock += 10 * 365 * 86_400;
  f.set = f.clock - right;
  await assert.rejects(f.client().submit(await invite(f, 1)), /after a step of its clock 2 members must say/);
  assert.deepEqual([f.hub.log.size, f.hub.state.time], [size, right]);
  // Members answer at their own time: while ours is another one, that does not count.
  const wrong = f.clock;
  f.clock = right;
  const words = ['alpha', 'gamma'].map(org => [org, f.restated(org, f.hub.finality.final!.note)] as const);
  f.clock = wrong;
  for (const [org, word] of words) await f.hub.hear(org, word, {});
  assert.ok(f.hub.recall.holding);
  const { question } = f.hub.recall;
  f.clock = right + 40;
  f.set = 0;
  await assert.rejects(f.client().submit(await invite(f, 2)), /after a step/);
  assert.ok(f.hub.recall.question > question, 'asks again');
  for (const org of ['alpha', 'gamma']) await f.hub.hear(org, f.restated(org, f.hub.finality.final!.note), {});
  assert.equal((await f.client().submit(await invite(f, 3))).index, size);
  await f.hub.close();
});

test('cosignatures without a size are no answer', async () => {
  const f = new Fixture();
  await f.founded();
  for (const body of ['', 'alpha', 'alpha\nmany\nx', 'alpha\n-1\nx', `alpha\n${'9'.repeat(30)}\nx`]) {
    const answer = await hubApp(f.hub).request('http://hub.test/v1/cosignatures', { method: 'POST', body });
    assert.equal(answer.status, 400, body);
  }
  await f.hub.close();
});
