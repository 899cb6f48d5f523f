import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { equalBytes, utf8 } from '../bytes/bytes.ts';
import { mergeSignatures } from '../checkpoint/merge.ts';
import { cosignCheckpoint, noteKeysFromSeed } from '../checkpoint/signer.ts';
import { openCheckpoint } from '../checkpoint/verifier.ts';
import { type BlobStore, memoryStore } from '../store/store.ts';
import { faultyStore } from '../testing/faulty-store.ts';
import { entries, entry, open, origin, signer } from '../testing/small-log.ts';
import { openLog } from './log.ts';
import { leafHash, rootFromLeaves, verifyConsistency, verifyInclusion } from './merkle.ts';
import { finalCheckpointPath, readTile } from './reader.ts';
import { verifyTiles } from './verify-tiles.ts';

test('an empty log publishes a checkpoint of size 0, once', async () => {
  const store = memoryStore();
  const log = await open(store);
  assert.equal(log.published, undefined);
  assert.throws(() => log.checkpoint(), { code: 'missing' });
  const { note, size } = await log.publish();
  assert.equal(size, 0);
  assert.deepEqual((await log.publish()).note, note);
  assert.deepEqual((await open(store)).checkpoint(), note);
});

test('entries, proofs and roots at sizes around tile edges', async () => {
  const store = memoryStore();
  const log = await open(store);
  const all = entries(66_000);
  const sizes = [1, 2, 255, 256, 257, 511, 512, 513, 1000, 65_535, 65_536, 65_537, 66_000];
  const roots: Uint8Array[] = [];
  for (const size of sizes) {
    assert.deepEqual(await log.append(all.slice(log.size, size)), {
      first: roots.length === 0 ? 0 : sizes[roots.length - 1],
    });
    const { root, note } = await log.publish();
    assert.deepEqual(root, log.root);
    assert.equal(openCheckpoint(note, signer.verifiers).size, size);
    roots.push(root);
    assert.deepEqual(root, rootFromLeaves(all.slice(0, size)));
  }
  for (const [i, size] of sizes.entries()) {
    for (const index of [0, size >> 1, size - 1]) {
      assert.deepEqual(await log.entry(index), all[index]);
      assert.ok(verifyInclusion(leafHash(all[index]), index, size, await log.inclusion(index, size), roots[i]));
    }
    for (let j = 0; j <= i; j++)
      assert.ok(verifyConsistency(sizes[j], size, await log.consistency(sizes[j], size), roots[j], roots[i]));
  }
  assert.equal((await verifyTiles(store, log.published!)).ok, true);
  await assert.rejects(log.inclusion(0, 66_001), { code: 'bad-proof' });
  await assert.rejects(log.entry(66_000), { code: 'bad-proof' });
});

test('any interleaving of appends, publications and restarts keeps every acknowledged entry', async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('append' as const), count: fc.nat(90) }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'publish' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'both' as const }) },
  );
  const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.boolean(), async (steps, canAppend) => {
    const { append, ...rest } = memoryStore();
    const store: BlobStore = canAppend ? { ...rest, append: append! } : rest;
    let log = await open(store);
    const expected: Uint8Array[] = [];
    const add = async (count: number) => {
      const added = entries(count, expected.length);
      const first = expected.length;
      expected.push(...added);
      assert.deepEqual(await log.append(added), { first });
    };
    for (const s of steps) {
      if (s.kind === 'append') await add(s.count);
      else if (s.kind === 'publish') await log.publish();
      else if (s.kind === 'restart') log = await open(store);
      else await Promise.all([add(7), log.publish(), add(3), log.publish()]);
      assert.equal(log.size, expected.length);
    }
    log = await open(store);
    const { root, size } = await log.publish();
    assert.equal(size, expected.length);
    assert.deepEqual(root, rootFromLeaves(expected));
    for (const i of [0, size >> 1, size - 1]) if (i >= 0 && size > 0) assert.deepEqual(await log.entry(i), expected[i]);
    const verified = await verifyTiles(store, { size, root });
    assert.deepEqual({ ok: verified.ok, beyond: verified.ok && verified.beyond }, { ok: true, beyond: [] });
    assert.equal((await store.list('journal/')).length, 0);
  });
  await fc.assert(property, { numRuns: process.env['SLOW'] ? 400 : 40 });
});

test('all who wait share one sync', async () => {
  const inner = memoryStore();
  let syncs = 0;
  const store: BlobStore = {
    ...inner,
    append(path, bytes) {
      syncs += 1;
      return inner.append!(path, bytes);
    },
  };
  const log = await open(store);
  const at = await Promise.all(entries(100).map(e => log.append([e])));
  assert.deepEqual(
    at.map(({ first }) => first),
    Array.from({ length: 100 }, (_, i) => i),
  );
  assert.ok(syncs <= 2, `${syncs} syncs`);
});

for (const kept of [0, 0.3, 1]) {
  test(`a full disk while appending (${kept * 100}% of the group stays behind): clear error, nothing lost, life goes on`, async () => {
    const store = faultyStore(memoryStore());
    store.keepOfFailedAppend = kept;
    let log = await open(store);
    await log.append(entries(300));
    store.allow(0);
    const failed = await Promise.allSettled([log.append([utf8('lost 1')]), log.append([utf8('lost 2')])]);
    for (const result of failed)
      assert.ok(result.status === 'rejected' && (result.reason as { code: string }).code === 'disk-full');
    await assert.rejects(log.append([utf8('lost 3')]), { code: 'disk-full' });
    assert.equal(log.size, 300);
    store.allow(Number.POSITIVE_INFINITY);
    assert.deepEqual(await log.append(entries(10, 300)), { first: 300 });
    // After a restart the same: acknowledged entries, no others.
    log = await open(store);
    assert.equal(log.size, 310);
    const { root } = await log.publish();
    assert.deepEqual(root, rootFromLeaves(entries(310)));
    assert.equal((await verifyTiles(store, { size: 310, root })).ok, true);
  });
}

test('a cosigned checkpoint of any published size can become final, and none after a later one', async () => {
  const store = memoryStore();
  const log = await open(store);
  const witness = noteKeysFromSeed('w', 'witness', new Uint8Array(32).fill(2));
  await log.append(entries(3));
  const three = await log.publish();
  const cosign = (note: Uint8Array) =>
    mergeSignatures(note, cosignCheckpoint(openCheckpoint(note, signer.verifiers), witness, 5));
  await log.append(entries(3, 3));
  const six = await log.publish();
  assert.equal(await log.storeFinal(cosign(three.note)), true);
  assert.equal(await log.storeFinal(cosign(six.note)), true);
  assert.equal(await log.storeFinal(cosign(three.note)), false);
  assert.equal(openCheckpoint((await store.read(finalCheckpointPath))!, signer.verifiers).size, 6);
});

test('the ML-DSA-44 signature states the time it was made, if the log has a clock', async () => {
  const log = await openLog({ store: memoryStore(), origin, signer, now: () => 1_790_000_000.9 });
  const { note } = await log.publish();
  const times = openCheckpoint(note, signer.verifiers).note.verified.map(({ time }) => time);
  assert.deepEqual(times, [undefined, 1_790_000_000]);
});

test('another log, other keys, a witness key', async () => {
  const store = memoryStore();
  await (await open(store)).publish();
  await assert.rejects(
    openLog({ store, origin: 'demo/other', signer: noteKeysFromSeed('demo/other', 'log', signer.seed) }),
    { code: 'wrong-log' },
  );
  await assert.rejects(openLog({ store, origin, signer: noteKeysFromSeed(origin, 'log', new Uint8Array(32)) }), {
    code: 'wrong-log',
  });
  await assert.rejects(openLog({ store, origin, signer: noteKeysFromSeed(origin, 'witness', signer.seed) }), {
    code: 'bad-key',
  });
});

test('an oversize entry is refused alone', async () => {
  const log = await open(memoryStore());
  const results = await Promise.allSettled([
    log.append([entry(0)]),
    log.append([new Uint8Array(65_536)]),
    log.append([new Uint8Array(65_535)]),
  ]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.equal(log.size, 2);
});

test('partial tiles of older checkpoints are cut from wider ones, and few files stay', async () => {
  const store = memoryStore();
  const log = await open(store);
  for (let i = 0; i < 300; i++) {
    await log.append([entry(i)]);
    await log.publish();
  }
  assert.ok((await store.list('tile/')).length < 10);
  const tile = await readTile(store, 'tile/0/000.p/17');
  assert.ok(equalBytes(tile!, (await store.read('tile/0/000'))!.subarray(0, 17 * 32)));
  assert.ok(await readTile(store, 'tile/entries/001.p/3'));
  assert.equal(await readTile(store, 'tile/entries/001.p/99'), undefined);
  assert.equal(await readTile(store, 'tile/../secret'), undefined);
});
