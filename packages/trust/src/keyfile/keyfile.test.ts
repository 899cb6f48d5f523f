import assert from 'node:assert/strict';
import { chmod, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { toBase64, toHex } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';
import { generateHybridKey, hybridKeyFromSeed } from '../keys/hybrid.ts';
import { readKeyFile, readLockedKey, type StoredKey, writeKeyFile } from './keyfile.ts';

const folder = tempFolder('madang-keyfile-');

const hybrid = generateHybridKey();
const key: StoredKey = { use: 'hybrid', publicPart: hybrid.keyId, secret: hybrid.seed };
const passphrase = 'correct horse battery';
let files = 0;
const fresh = () => join(folder, `key-${files++}.json`);
const has = (code: string) => (error: unknown) => {
  assert.ok(error instanceof TrustError, String(error));
  assert.equal(error.code, code);
  const shown = inspect(error, { depth: 9 });
  for (const secret of [toBase64(hybrid.seed), toHex(hybrid.seed), passphrase]) assert.ok(!shown.includes(secret));
  return true;
};

test('an encrypted key comes back, and its file has no secret in it', async () => {
  const path = fresh();
  await writeKeyFile(path, key, passphrase);
  const text = await readFile(path, 'utf8');
  assert.ok(!text.includes(toBase64(hybrid.seed)));
  assert.equal(JSON.parse(text).secret.N, 2 ** 17);
  const read = await readKeyFile(path, 'hybrid', async () => passphrase);
  assert.deepEqual(hybridKeyFromSeed(read.secret).publicKey, hybrid.publicKey);
  assert.equal(read.publicPart, hybrid.keyId);
  await assert.rejects(readKeyFile(path, 'hybrid', 'correct horse batterx'), has('key-passphrase'));
  await assert.rejects(readKeyFile(path, 'hybrid'), has('key-passphrase'));
  await assert.rejects(readKeyFile(path, 'seal', passphrase), has('key-file'));
});

test('a changed public part or ciphertext does not open', async () => {
  const path = fresh();
  await writeKeyFile(path, key, passphrase);
  const text = await readFile(path, 'utf8');
  const nonce = JSON.parse(text).secret.nonce as string;
  for (const [from, to] of [
    [hybrid.keyId, 'somebody else'],
    [nonce, toBase64(new Uint8Array(12))],
  ]) {
    await writeFile(path, text.replace(from, to));
    await assert.rejects(readKeyFile(path, 'hybrid', passphrase), has('key-passphrase'));
  }
});

test('a plain key is read with mode 0600 alone, and the refusal says what to do', async () => {
  const path = fresh();
  await writeKeyFile(path, key);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  let asked = false;
  const read = await readKeyFile(path, 'hybrid', () => {
    asked = true;
    return '';
  });
  assert.deepEqual(read.secret, hybrid.seed);
  assert.equal(asked, false, 'no passphrase is asked for a plain key');
  await chmod(path, 0o400);
  assert.ok(await readLockedKey(path));
  for (const mode of [0o640, 0o604, 0o620, 0o601, 0o644, 0o777]) {
    await chmod(path, mode);
    await assert.rejects(readKeyFile(path, 'hybrid'), (error: Error) => {
      assert.match(error.message, /chmod 600/);
      return has('key-mode')(error);
    });
  }
  const link = fresh();
  await symlink(path, link);
  await assert.rejects(readLockedKey(link), has('key-mode'));
});

test('a key is never written over, and a missing one is named', async () => {
  const path = fresh();
  await writeKeyFile(path, key);
  const before = await readFile(path, 'utf8');
  await assert.rejects(writeKeyFile(path, { ...key, secret: new Uint8Array(32) }), has('key-exists'));
  assert.equal(await readFile(path, 'utf8'), before);
  await assert.rejects(readKeyFile(fresh(), 'hybrid'), has('key-missing'));
  await assert.rejects(writeKeyFile(join(folder, 'no', 'where'), key), has('key-missing'));
  await assert.rejects(readLockedKey(folder), has('key-file'));
});

test('short passphrases and secrets of no length are refused on writing', async () => {
  await assert.rejects(writeKeyFile(fresh(), key, 'short'), has('key-passphrase'));
  await assert.rejects(writeKeyFile(fresh(), { ...key, secret: new Uint8Array(0) }), has('bad-length'));
  await assert.rejects(writeKeyFile(fresh(), { ...key, secret: new Uint8Array(5000) }), has('bad-length'));
});

test('a damaged file is refused, its text never shown, and a costly one not computed', async () => {
  const path = fresh();
  await writeKeyFile(path, key);
  const plain = await readFile(path, 'utf8');
  await writeKeyFile(fresh(), key, passphrase);
  const box = JSON.parse(await readFile(join(folder, `key-${files - 1}.json`), 'utf8'));
  const secret = (change: object) => JSON.stringify({ ...box, secret: { ...box.secret, ...change } });
  for (const text of [
    '',
    'null',
    '[]',
    `${plain}x`,
    plain.slice(0, -8),
    toBase64(hybrid.seed),
    plain.replace('"madangKeyFile": 1', '"madangKeyFile": 2'),
    plain.replace(/"plain": "/, '"plain": "!'),
    plain.replace('"use"', '"user"'),
    JSON.stringify({ ...box, secret: 1 }),
    secret({ kdf: 'none' }),
    secret({ N: 2 ** 30 }),
    secret({ N: 1024 }),
    secret({ N: 2 ** 17 + 1 }),
    secret({ r: 1024 }),
    secret({ p: 1000 }),
    secret({ salt: '' }),
    secret({ nonce: 'AAAA' }),
    secret({ ciphertext: undefined }),
    'x'.repeat(70_000),
  ]) {
    await writeFile(path, text);
    await assert.rejects(readKeyFile(path, 'hybrid', passphrase), has('key-file'), text.slice(0, 60));
  }
});
