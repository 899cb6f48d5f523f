import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { equalBytes, fromUtf8, utf8 } from '../bytes/bytes.ts';
import { mergeSignatures } from '../checkpoint/merge.ts';
import { cosignedAt, countCosignatures, quorum } from '../checkpoint/quorum.ts';
import { cosignCheckpoint, noteKeysFromSeed, signCheckpoint } from '../checkpoint/signer.ts';
import { openCheckpoint } from '../checkpoint/verifier.ts';
import { TrustError } from '../error.ts';
import { consistencyProof, emptyRoot, rootFromLeaves } from '../log/merkle.ts';
import { memoryStore } from '../store/store.ts';
import { faultyStore } from '../testing/faulty-store.ts';
import { formatAddCheckpoint, parseAddCheckpoint } from './request.ts';
import { openWitness, type WitnessAnswer, type WitnessOptions } from './witness.ts';

const seed = (byte: number) => new Uint8Array(32).fill(byte);
const log = noteKeysFromSeed('demo/log', 'log', seed(1));
const keys = noteKeysFromSeed('member-1', 'witness', seed(2));
const history = Array.from({ length: 40 }, (_, i) => utf8(`entry ${i}`));
const fork = history.map((entry, i) => (i === 3 ? utf8('forged') : entry));

const noteOf = (size: number, entries = history, signer = log) =>
  signCheckpoint(
    { origin: signer.name, size, root: rootFromLeaves(entries.slice(0, size)), extensions: [] },
    signer,
    0,
  );
const request = (old: number, size: number, entries = history) =>
  formatAddCheckpoint({
    oldSize: old,
    proof: old === 0 ? [] : consistencyProof(old, entries.slice(0, size)),
    note: noteOf(size, entries),
  });

function witness(more: Partial<WitnessOptions> = {}) {
  return openWitness({
    keys,
    store: memoryStore(),
    logOf: origin => (origin === log.name ? log.verifiers : undefined),
    now: () => 1000.7,
    ...more,
  });
}
function refused(answer: WitnessAnswer, status: number, code: string): void {
  assert.ok(!answer.ok, 'cosigned');
  assert.deepEqual([answer.status, answer.refusal.code], [status, code]);
  assert.ok(answer.refusal.why.length > 10);
}

test('it follows a log and its cosignatures verify', async () => {
  const w = witness();
  for (const [old, size] of [
    [0, 0],
    [0, 3],
    [3, 3],
    [3, 8],
    [8, 40],
  ]) {
    const answer = await w.addCheckpoint(request(old, size));
    assert.ok(answer.ok);
    const note = mergeSignatures(noteOf(size), answer.signatures);
    assert.deepEqual(countCosignatures(note, [{ id: 'one', vkeys: keys.vkeys }]).good, ['one']);
    assert.equal(openCheckpoint(fromUtf8(noteOf(size)) + fromUtf8(answer.body), keys.verifiers).size, size);
    const latest = (await w.latest(log.name))!;
    const recorded = openCheckpoint(latest, [...log.verifiers, ...keys.verifiers]);
    assert.equal(recorded.size, size);
    assert.deepEqual(recorded.note.verified.map(({ time }) => time).slice(-2), [1000, 1000]);
  }
});

test('asked again, it states where it stood at the present time and moves nothing', async () => {
  let time = 1000;
  const w = witness({ now: () => time });
  assert.equal(await w.restate(log.name), undefined);
  assert.ok((await w.addCheckpoint(request(0, 10))).ok);
  time = 5000;
  const note = (await w.restate(log.name))!;
  const known = { id: 'one', vkeys: keys.vkeys };
  assert.equal(openCheckpoint(note, log.verifiers).size, 10);
  assert.equal(cosignedAt(note, known), 5000);
  assert.equal(cosignedAt((await w.latest(log.name))!, known), 1000);
  assert.equal(cosignedAt(noteOf(10), known), undefined);
  const [line] = fromUtf8(note)
    .split('\n')
    .filter(l => l.startsWith('— member-1'));
  assert.equal(cosignedAt(fromUtf8(note).replace(`${line}\n`, ''), known), undefined, 'one signature of two');
  assert.ok((await w.addCheckpoint(request(10, 20))).ok);
});

test('the same log shown twice differently: the second history is refused', async () => {
  const w = witness();
  assert.ok((await w.addCheckpoint(request(0, 10))).ok);
  refused(await w.addCheckpoint(request(10, 20, fork)), 422, 'fork');
  refused(await w.addCheckpoint(formatAddCheckpoint({ oldSize: 10, proof: [], note: noteOf(10, fork) })), 422, 'fork');
  refused(await w.addCheckpoint(formatAddCheckpoint({ oldSize: 10, proof: [], note: noteOf(20) })), 422, 'fork');
  // It can go on with the history it knows.
  assert.ok((await w.addCheckpoint(request(10, 20))).ok);
});

test('a hub that shows half the witnesses another history finds a quorum for neither', async () => {
  const members = [11, 12, 13, 14].map(byte => noteKeysFromSeed(`member-${byte}`, 'witness', seed(byte)));
  const known = members.map(member => ({ id: member.name, vkeys: member.vkeys }));
  const ask = async (shown: readonly Uint8Array[], asked: typeof members) => {
    let note = noteOf(20, shown as Uint8Array[]);
    for (const member of asked) {
      const answer = await witness({ keys: member }).addCheckpoint(request(0, 20, shown as Uint8Array[]));
      assert.ok(answer.ok);
      note = mergeSignatures(note, answer.signatures);
    }
    return countCosignatures(note, known).good.length;
  };
  const [one, other] = [await ask(history, members.slice(0, 2)), await ask(fork, members.slice(2))];
  assert.ok(one < quorum(4) && other < quorum(4));
  assert.ok((await ask(history, members.slice(0, 3))) >= quorum(4));
});

test('rollback, wrong old sizes and wrong proofs are refused as the standard says', async () => {
  const w = witness();
  assert.ok((await w.addCheckpoint(request(0, 10))).ok);
  const stale = await w.addCheckpoint(request(0, 20));
  refused(stale, 409, 'old-size');
  assert.ok(!stale.ok && stale.size === 10 && fromUtf8(stale.body) === '10\n');
  refused(await w.addCheckpoint(request(5, 20)), 409, 'old-size');
  refused(await w.addCheckpoint(formatAddCheckpoint({ oldSize: 10, proof: [], note: noteOf(5) })), 400, 'old-size');
  const emptyFork = signCheckpoint({ origin: log.name, size: 0, root: seed(9), extensions: [] }, log, 0);
  refused(
    await witness().addCheckpoint(formatAddCheckpoint({ oldSize: 0, proof: [], note: emptyFork })),
    422,
    'wrong-root',
  );
  refused(
    await witness().addCheckpoint(formatAddCheckpoint({ oldSize: 0, proof: [emptyRoot()], note: noteOf(4) })),
    422,
    'wrong-proof',
  );
});

test('unknown logs and missing or wrong log signatures are refused', async () => {
  const w = witness();
  const stranger = noteKeysFromSeed('demo/other', 'log', seed(5));
  refused(
    await w.addCheckpoint(formatAddCheckpoint({ oldSize: 0, proof: [], note: noteOf(4, history, stranger) })),
    404,
    'unknown-log',
  );
  const impostor = noteKeysFromSeed('demo/log', 'log', seed(5));
  refused(
    await w.addCheckpoint(formatAddCheckpoint({ oldSize: 0, proof: [], note: noteOf(4, history, impostor) })),
    403,
    'bad-signature',
  );
  const half = fromUtf8(noteOf(4)).split('\n').slice(0, -2).join('\n');
  refused(
    await w.addCheckpoint(formatAddCheckpoint({ oldSize: 0, proof: [], note: `${half}\n` })),
    403,
    'bad-signature',
  );
  assert.equal(await w.latest(log.name), undefined);
});

test('the record is on disk before the answer; when the disk fails nothing is cosigned', async () => {
  const store = faultyStore(memoryStore());
  const w = witness({ store });
  assert.ok((await w.addCheckpoint(request(0, 5))).ok);
  store.allow(0);
  await assert.rejects(w.addCheckpoint(request(5, 9)), { code: 'disk-full' });
  store.allow(Number.POSITIVE_INFINITY);
  assert.ok((await w.addCheckpoint(request(5, 9))).ok);
  // A restart reads the same record.
  refused(await witness({ store }).addCheckpoint(request(5, 20)), 409, 'old-size');
});

test('two requests at once are taken one after the other: no rollback', async () => {
  for (const sizes of [
    [10, 30],
    [30, 10],
  ]) {
    const w = witness();
    assert.ok((await w.addCheckpoint(request(0, 5))).ok);
    const answers = await Promise.all(sizes.map(size => w.addCheckpoint(request(5, size))));
    assert.deepEqual(
      answers.map(({ ok }) => ok),
      [true, false],
    );
    assert.equal(openCheckpoint((await w.latest(log.name))!, log.verifiers).size, sizes[0]);
  }
});

test('a refusal by the rules keeps it from cosigning, and it may try again', async () => {
  let refusal: { code: string; why: string } | undefined = {
    code: 'not-a-member',
    why: 'entry 7 is signed by a key that has ended',
  };
  const seen: [number, number | undefined][] = [];
  const w = witness({
    beforeCosign: async (checkpoint, old) => {
      seen.push([checkpoint.size, old?.size]);
      return refusal;
    },
  });
  refused(await w.addCheckpoint(request(0, 8)), 422, 'not-a-member');
  assert.equal(await w.latest(log.name), undefined);
  refusal = undefined;
  assert.ok((await w.addCheckpoint(request(0, 8))).ok);
  assert.ok((await w.addCheckpoint(request(8, 9))).ok);
  assert.deepEqual(seen, [
    [8, undefined],
    [8, undefined],
    [9, 8],
  ]);
});

test('restored from a backup, it stops at its own cosignature over more than it remembers', async () => {
  const w = witness(); // remembers nothing
  const own = cosignCheckpoint(openCheckpoint(noteOf(20), log.verifiers), keys, 500);
  const note = mergeSignatures(noteOf(20), own);
  refused(await w.addCheckpoint(formatAddCheckpoint({ oldSize: 0, proof: [], note })), 409, 'witness-behind');
  assert.equal(await w.latest(log.name), undefined);
  // One that remembers it goes on.
  const healthy = witness();
  assert.ok((await healthy.addCheckpoint(request(0, 20))).ok);
  assert.ok((await healthy.addCheckpoint(formatAddCheckpoint({ oldSize: 20, proof: [], note }))).ok);
});

test('request bodies come back, and malformed ones are refused without harm', async () => {
  const body = request(3, 8);
  const parsed = parseAddCheckpoint(body);
  assert.deepEqual(formatAddCheckpoint(parsed), body);
  const text = fromUtf8(body);
  for (const bad of [
    '',
    'old 3\n',
    text.replace('old 3', 'old 03'),
    text.replace('old 3', 'Old 3'),
    text.replace('\n\n', '\n'),
    text.replace('\n', '\nAAAA\n'),
    text.replace('\n', `\n${'?'.repeat(44)}\n`),
    `old 3\n${`${'A'.repeat(43)}=\n`.repeat(64)}\n${fromUtf8(noteOf(8))}`,
  ]) {
    const answer = await witness().addCheckpoint(utf8(bad));
    assert.ok(!answer.ok && answer.status === 400, bad.slice(0, 30));
  }
  const w = witness();
  assert.ok((await w.addCheckpoint(request(0, 3))).ok);
  await fc.assert(
    fc.asyncProperty(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const changed = Uint8Array.from(body);
      changed[at] ^= flip;
      const before = (await w.latest(log.name))!;
      const answer = await w.addCheckpoint(changed).catch(error => assert.ok(error instanceof TrustError));
      assert.ok(!answer?.ok);
      assert.ok(equalBytes((await w.latest(log.name))!, before));
    }),
    { numRuns: 200 },
  );
});
