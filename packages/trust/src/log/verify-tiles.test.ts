import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { utf8 } from '../bytes/bytes.ts';
import { noteKeysFromSeed } from '../checkpoint/signer.ts';
import { type BlobStore, memoryStore } from '../store/store.ts';
import { openLog } from './log.ts';
import { rootFromLeaves } from './merkle.ts';
import { joinBundle, splitBundle } from './tiles.ts';
import { verifyTiles } from './verify-tiles.ts';

const signer = noteKeysFromSeed('demo/log', 'log', new Uint8Array(32).fill(1));

async function logOf(size: number): Promise<{ store: BlobStore; size: number; root: Uint8Array }> {
  const store = memoryStore();
  const log = await openLog({ store, origin: 'demo/log', signer });
  const all = Array.from({ length: size }, (_, i) => utf8(`e${i}`));
  await log.append(all.slice(0, size - 1));
  await log.publish(); // leaves a narrower partial tile behind
  await log.append(all.slice(size - 1));
  return { store, ...(await log.publish()) };
}

async function copy(store: BlobStore): Promise<BlobStore> {
  const blobs = new Map<string, Uint8Array>();
  for (const path of await store.list('')) blobs.set(path, (await store.read(path))!);
  return memoryStore(blobs);
}

let good: Awaited<ReturnType<typeof logOf>>;
before(async () => {
  good = await logOf(700);
});

test('a whole log verifies, and its entries are handed on in order', async () => {
  const seen: number[] = [];
  const verified = await verifyTiles(good.store, good, {
    onBundle(first, entries) {
      seen.push(first, entries.length);
      assert.deepEqual(entries[0], utf8(`e${first}`));
      return undefined;
    },
  });
  assert.equal(verified.ok, true);
  assert.deepEqual(seen, [0, 256, 256, 256, 512, 188]);
  const stopped = await verifyTiles(good.store, good, {
    onBundle: first => (first === 256 ? { at: 'entry 300', reason: 'a rule' } : undefined),
  });
  assert.deepEqual(stopped, { ok: false, fault: { at: 'entry 300', reason: 'a rule' } });
});

test('an empty log verifies', async () => {
  assert.equal((await verifyTiles(memoryStore(), { size: 0, root: rootFromLeaves([]) })).ok, true);
  assert.equal((await verifyTiles(memoryStore(), { size: 0, root: new Uint8Array(32) })).ok, false);
});

test('a byte changed in any file is found, and the file or its partner is named', async () => {
  const paths = await good.store.list('tile/');
  assert.ok(paths.includes('tile/0/002.p/187'), 'an older partial tile is among them');
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.nat(), fc.integer({ min: 1, max: 255 }), async (path, at, flip) => {
      const store = await copy(good.store);
      const bytes = (await store.read(path))!;
      bytes[at % bytes.length] ^= flip;
      await store.write(path, bytes);
      const verified = await verifyTiles(store, good);
      assert.ok(!verified.ok);
      // Full tiles, bundles and leftovers are blamed exactly. An edge tile can only be shown to contradict its neighbour.
      if (path !== 'tile/0/002.p/188' && path !== 'tile/1/000.p/2')
        assert.ok(verified.fault.at.startsWith(path), `${path}: ${verified.fault.at}`);
      assert.ok(verified.fault.reason.length > 10);
    }),
    { numRuns: process.env['SLOW'] ? 3000 : 150 },
  );
});

test('every byte of a small log, one after the other', async () => {
  const small = await logOf(4);
  for (const path of await small.store.list('tile/')) {
    const bytes = (await small.store.read(path))!;
    for (let at = 0; at < bytes.length; at++) {
      const store = await copy(small.store);
      await store.write(path, bytes.with(at, bytes[at] ^ 0x40));
      assert.equal((await verifyTiles(store, small)).ok, false, `${path} byte ${at}`);
    }
  }
});

test('entries dropped, swapped, added or replaced are found', async () => {
  const changes: Record<string, (entries: Uint8Array[]) => unknown> = {
    dropped: entries => entries.splice(5, 1),
    swapped: entries => ([entries[5], entries[6]] = [entries[6], entries[5]]),
    added: entries => entries.push(utf8('more')),
    replaced: entries => (entries[5] = utf8('e6')),
    'lost at the end': entries => entries.pop(),
    emptied: entries => entries.splice(0),
  };
  for (const [name, change] of Object.entries(changes)) {
    for (const path of ['tile/entries/000', 'tile/entries/002.p/188']) {
      const store = await copy(good.store);
      const entries = splitBundle((await store.read(path))!);
      change(entries);
      await store.write(path, joinBundle(entries));
      const verified = await verifyTiles(store, good);
      assert.ok(!verified.ok && verified.fault.at.startsWith(path), `${name} in ${path}`);
    }
  }
});

test('a file that is missing or does not belong is named', async () => {
  for (const path of ['tile/0/000', 'tile/0/002.p/188', 'tile/1/000.p/2', 'tile/entries/001']) {
    const store = await copy(good.store);
    await store.remove(path);
    assert.deepEqual(await verifyTiles(store, good), { ok: false, fault: { at: path, reason: 'the file is missing' } });
  }
  for (const path of ['tile/readme', 'tile/0/000.p/256', 'tile/0/0', 'tile/64x']) {
    const store = await copy(good.store);
    await store.write(path, Uint8Array.of(1));
    const verified = await verifyTiles(store, good);
    assert.ok(!verified.ok && verified.fault.at === path);
  }
});

test('a checkpoint that is not of these tiles is found: another root, another size', async () => {
  const forked = await verifyTiles(good.store, { size: 700, root: new Uint8Array(32) });
  assert.ok(!forked.ok && forked.fault.at === 'checkpoint');
  const shorter = await verifyTiles(good.store, { size: 699, root: good.root });
  assert.ok(!shorter.ok);
  const longer = await verifyTiles(good.store, { size: 701, root: good.root });
  assert.ok(!longer.ok);
});

test('files written beyond the checkpoint are named, not taken for checked', async () => {
  const { store } = good;
  const before = rootFromLeaves(Array.from({ length: 699 }, (_, i) => utf8(`e${i}`)));
  const verified = await verifyTiles(store, { size: 699, root: before });
  assert.ok(verified.ok);
  assert.deepEqual(verified.beyond, ['tile/0/002.p/188', 'tile/entries/002.p/188']);
});
