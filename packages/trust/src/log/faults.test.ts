// Disks that fail, files that are torn, changed or missing: nothing that was acknowledged is lost, nothing is signed twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../bytes/bytes.ts';
import { signCheckpoint } from '../checkpoint/signer.ts';
import { type BlobStore, memoryStore } from '../store/store.ts';
import { faultyStore } from '../testing/faulty-store.ts';
import { entries, entry, open, origin, signer } from '../testing/small-log.ts';
import { rootFromLeaves } from './merkle.ts';
import { checkpointPath } from './reader.ts';
import { verifyTiles } from './verify-tiles.ts';

test('nothing is acknowledged before it is on disk, and nothing is signed before its tiles are', async () => {
  const order: string[] = [];
  const inner = memoryStore();
  const slow = async (what: string, work: Promise<void>) => {
    await new Promise(resolve => setTimeout(resolve, 5));
    await work;
    order.push(what);
  };
  const store: BlobStore = {
    ...inner,
    append: (path, bytes) => slow('journal', inner.append!(path, bytes)),
    write: (path, bytes) => slow(path.startsWith('tile/') ? 'tile' : path, inner.write(path, bytes)),
  };
  const log = await open(store);
  await log.append(entries(3)).then(() => order.push('acknowledged'));
  await log.publish().then(() => order.push('published'));
  assert.deepEqual(order, ['journal', 'acknowledged', 'tile', 'tile', checkpointPath, 'published']);
});

test('a group on its way while a checkpoint is published is not dropped with the old journal', async () => {
  const inner = memoryStore();
  let release = () => {};
  let hold = false;
  const store: BlobStore = {
    ...inner,
    async append(path, bytes) {
      if (hold) await new Promise<void>(resolve => (release = resolve));
      await inner.append!(path, bytes);
    },
  };
  const log = await open(store);
  await log.append(entries(5));
  hold = true;
  const late = log.append(entries(2, 5));
  await new Promise(resolve => setImmediate(resolve));
  await log.publish();
  release();
  assert.deepEqual(await late, { first: 5 });
  hold = false;
  const reopened = await open(inner);
  assert.equal(reopened.size, 7);
  assert.deepEqual(await reopened.entry(6), entry(6));
});

test('a full disk while publishing, after any number of writes: no second root, and it can be published later', async () => {
  for (let writes = 0; writes < 8; writes++) {
    const store = faultyStore(memoryStore());
    let log = await open(store);
    await log.append(entries(200));
    const before = await log.publish();
    await log.append(entries(200, 200));
    store.allow(writes);
    const failed = await log.publish().then(
      () => undefined,
      error => error as { code: string },
    );
    if (!failed) break;
    assert.equal(failed.code, 'disk-full');
    assert.deepEqual(log.checkpoint(), before.note);
    store.allow(Number.POSITIVE_INFINITY);
    if (writes % 2 === 0) log = await open(store);
    await log.append(entries(1, 400));
    const { root } = await log.publish();
    assert.deepEqual(root, rootFromLeaves(entries(401)));
    assert.equal((await verifyTiles(store, { size: 401, root })).ok, true);
    assert.ok(writes < 7, 'the loop reached a publication without failure');
  }
});

test('a torn tail of the journal is cut: it was never acknowledged', async () => {
  const whole = memoryStore();
  const log = await open(whole);
  await log.append(entries(4));
  const [path] = await whole.list('journal/');
  const kept = (await whole.read(path))!;
  await log.append(entries(3, 4));
  const bytes = (await whole.read(path))!;
  for (let length = kept.length; length < bytes.length; length++) {
    const store = memoryStore(new Map([[path, bytes.subarray(0, length)]]));
    const torn = await open(store);
    assert.equal(torn.size, 4);
    await torn.append([utf8('next')]);
    assert.deepEqual(await (await open(store)).entry(4), utf8('next'));
  }
  // A file made longer whose content never came.
  const zeros = new Uint8Array(kept.length + 5000);
  zeros.set(kept);
  assert.equal((await open(memoryStore(new Map([[path, zeros]])))).size, 4);
});

test('a byte changed in an acknowledged journal stops the log; it does not shorten it quietly', async () => {
  const whole = memoryStore();
  const log = await open(whole);
  for (let i = 0; i < 3; i++) await log.append(entries(2, 2 * i));
  const [path] = await whole.list('journal/');
  const bytes = (await whole.read(path))!;
  for (let at = 0; at < bytes.length; at++) {
    const changed = Uint8Array.from(bytes);
    changed[at] ^= 1 + (at % 255);
    const opened = await open(memoryStore(new Map([[path, changed]]))).then(
      l => l.size,
      error => error.code,
    );
    assert.equal(opened, 'log-damaged', `byte ${at}`);
  }
});

test('a missing journal segment is a gap, not a shorter log', async () => {
  const { append: _, ...store } = memoryStore();
  const log = await open(store);
  for (let i = 0; i < 3; i++) await log.append(entries(2, 2 * i));
  const [, second] = await store.list('journal/');
  await store.remove(second);
  await assert.rejects(open(store), { code: 'log-damaged', message: /entry 4 where entry 2 is due/ });
});

test('a tile that contradicts the journal or the checkpoint stops the log', async () => {
  const store = memoryStore();
  const log = await open(store);
  await log.append(entries(5));
  await log.publish();
  await log.append(entries(5, 5));
  await store.write('tile/0/000.p/10', new Uint8Array(320));
  const reopened = await open(store);
  await assert.rejects(reopened.publish(), { code: 'log-damaged' });
  for (const path of ['tile/0/000.p/5', 'tile/entries/000.p/5']) {
    const good = (await store.read(path))!;
    await store.write(path, good.with(9, good[9] ^ 1));
    await assert.rejects(open(store), { code: 'log-damaged' });
    await store.remove(path);
    await assert.rejects(open(store), { code: 'log-damaged' });
    await store.write(path, good);
  }
});

test('never two roots for one size', async () => {
  const store = memoryStore();
  const log = await open(store);
  await log.append(entries(9));
  const notes = await Promise.all([log.publish(), log.publish(), log.publish()]);
  for (const { note } of notes) assert.deepEqual(note, notes[0].note);
  assert.deepEqual((await (await open(store)).publish()).note, notes[0].note);
  // A cosigned form must be of this very checkpoint.
  const forged = signCheckpoint({ origin, size: 9, root: new Uint8Array(32), extensions: [] }, signer, 0);
  await assert.rejects(log.storeFinal(forged), { code: 'bad-note' });
  const other = signCheckpoint({ origin: 'demo/other', size: 9, root: log.root, extensions: [] }, signer, 0);
  await assert.rejects(log.storeFinal(other), { code: 'bad-note' });
});
