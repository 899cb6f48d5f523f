import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { utf8 } from '../bytes/bytes.ts';
import { noteKeysFromSeed } from '../checkpoint/signer.ts';
import { openLog } from '../log/log.ts';
import { folderStore } from './folder.ts';
import { type BlobStore, memoryStore } from './store.ts';

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = tempFolder('madang-store-');
  await use(folder);
}

async function contract(store: BlobStore): Promise<void> {
  assert.equal(await store.read('a/b'), undefined);
  assert.deepEqual(await store.list(''), []);
  await store.write('a/b', utf8('one'));
  await store.write('a/b', utf8('two'));
  await store.write('a/c/d', utf8('three'));
  await store.write('ab', utf8('four'));
  assert.deepEqual(await store.read('a/b'), utf8('two'));
  await store.append!('log/1', utf8('x'));
  await store.append!('log/1', utf8('y'));
  assert.deepEqual(await store.read('log/1'), utf8('xy'));
  assert.deepEqual(await store.list(''), ['a/b', 'a/c/d', 'ab', 'log/1']);
  assert.deepEqual(await store.list('a'), ['a/b', 'a/c/d', 'ab']);
  assert.deepEqual(await store.list('a/'), ['a/b', 'a/c/d']);
  assert.deepEqual(await store.list('a/c/d'), ['a/c/d']);
  assert.equal(await store.read('a/c'), undefined); // a folder is not a blob
  await store.remove('a/b');
  await store.remove('a/b');
  assert.equal(await store.read('a/b'), undefined);
  for (const bad of [
    '../x',
    'a/../../x',
    '/etc/passwd',
    'a//b',
    '.',
    'a/.',
    '',
    'a b',
    'a\\b',
    'a\0',
    'a/',
    '..',
    '...',
  ]) {
    await assert.rejects(store.read(bad), { code: 'bad-path' }, bad);
    await assert.rejects(store.write(bad, utf8('')), { code: 'bad-path' }, bad);
    await assert.rejects(store.append!(bad, utf8('')), { code: 'bad-path' }, bad);
    await assert.rejects(store.remove(bad), { code: 'bad-path' }, bad);
  }
}

test('memory keeps the contract, and its own bytes', async () => {
  await contract(memoryStore());
  const store = memoryStore();
  const bytes = utf8('one');
  await store.write('a', bytes);
  bytes[0] = 0;
  (await store.read('a'))![1] = 0;
  assert.deepEqual(await store.read('a'), utf8('one'));
});

test('a folder keeps the contract', () => withFolder(folder => contract(folderStore(join(folder, 'new', 'store')))));

test('a folder named from here, or with dots, is the same folder', () =>
  withFolder(async folder => {
    await folderStore(folder).write('a/b', utf8('x'));
    for (const name of [
      relative(process.cwd(), folder),
      `${folder}/`,
      `${join(folder, 'a')}/..`,
      `./${relative(process.cwd(), folder)}`,
    ]) {
      assert.deepEqual(await folderStore(name).list(''), ['a/b'], name);
      assert.deepEqual(await folderStore(name).list('a/'), ['a/b'], name);
    }
    await assert.rejects(folderStore(folder).write('tmp/x', utf8('x')), { code: 'bad-path' });
  }));

test('many writers of new folders at once', () =>
  withFolder(async folder => {
    const store = folderStore(folder);
    const paths = Array.from({ length: 60 }, (_, i) => `tile/${i % 3}/x00${i % 7}/${100 + i}`);
    await Promise.all(paths.map(path => store.write(path, utf8(path))));
    assert.deepEqual(await store.list(''), [...paths].sort());
    assert.deepEqual(await readdir(join(folder, 'tmp')), []);
  }));

test('what an interrupted write left is never listed, and tidied', () =>
  withFolder(async folder => {
    const store = folderStore(folder);
    await store.write('a', utf8('a'));
    await writeFile(join(folder, 'tmp', 'left'), 'half');
    assert.deepEqual(await store.list(''), ['a']);
    await store.tidy!();
    assert.deepEqual(await store.list(''), ['a']);
    await assert.rejects(stat(join(folder, 'tmp')));
    await store.write('b', utf8('b'));
  }));

test('a failure names the path and keeps the old content', () =>
  withFolder(async folder => {
    const store = folderStore(folder);
    await writeFile(join(folder, 'file'), 'x');
    await assert.rejects(store.write('file/below', utf8('y')), { code: 'store-failed', message: /file\/below/ });
    await assert.rejects(store.append!('file/below', utf8('y')), { code: 'store-failed' });
    assert.deepEqual(await store.read('file'), utf8('x'));
    assert.deepEqual(await readdir(join(folder, 'tmp')), []);
  }));

test(
  'a disk that is really full (/dev/full): the append is refused, the log lives and loses nothing',
  {
    skip: existsSync('/dev/full') ? false : 'this system has no /dev/full',
  },
  () =>
    withFolder(async folder => {
      const signer = noteKeysFromSeed('demo/full', 'log', new Uint8Array(32));
      await mkdir(join(folder, 'journal'));
      const segment = join(folder, 'journal', '000000000001');
      const log = await openLog({ store: folderStore(folder), origin: 'demo/full', signer });
      await symlink('/dev/full', segment);
      await assert.rejects(log.append([utf8('lost')]), { code: 'disk-full', message: /disk is full.*Make room/ });
      assert.deepEqual(await log.append([utf8('kept')]), { first: 0 });
      await unlink(segment); // a device reads as endless zeros; a file that took nothing is empty
      const reopened = await openLog({ store: folderStore(folder), origin: 'demo/full', signer });
      assert.deepEqual(await reopened.entry(0), utf8('kept'));
    }),
);
