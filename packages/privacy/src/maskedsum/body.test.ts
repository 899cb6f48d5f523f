import assert from 'node:assert/strict';
import * as nodeCrypto from 'node:crypto';
import { test } from 'node:test';
import { PrivacyError } from '../error.ts';
import { nodeBody } from './body.ts';

const body = nodeBody(nodeCrypto);
const key = new Uint8Array(32).fill(7);

test('a chunk opens to what was sealed, in place too, and is what the Web Cryptography API makes of it', async () => {
  const subtle = globalThis.crypto.subtle;
  const web = await subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
  for (const length of [0, 1, 16, 65_536, 200_003]) {
    const plain = new Uint8Array(nodeCrypto.randomBytes(length));
    const sealed = plain.slice();
    const tag = body.seal(key, 258, sealed, sealed);
    const iv = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2);
    const theirs = new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv }, web, plain));
    assert.deepEqual(new Uint8Array([...sealed, ...tag]), theirs);
    const opened = new Uint8Array(length);
    assert.ok(body.open(key, 258, sealed, tag, opened));
    assert.deepEqual(opened, plain);
    assert.ok(body.open(key, 258, sealed, tag, sealed));
    assert.deepEqual(sealed, plain);
  }
});

test('any changed byte, another key, another place or a cut tag does not open and leaves zeros', () => {
  const plain = new Uint8Array(1000).fill(5);
  const sealed = new Uint8Array(1000);
  const tag = body.seal(key, 3, plain, sealed);
  const into = new Uint8Array(1000);
  const refused = (...[k, i, s, t]: [Uint8Array, number, Uint8Array, Uint8Array]) => {
    into.fill(9);
    assert.equal(body.open(k, i, s, t, into), false);
  };
  for (let at = 0; at < 1000; at += 37) {
    refused(key, 3, sealed.with(at, sealed[at] ^ 1), tag);
    assert.deepEqual(into, new Uint8Array(1000));
  }
  for (let at = 0; at < 16; at++) refused(key, 3, sealed, tag.with(at, tag[at] ^ 128));
  refused(key.with(0, 8), 3, sealed, tag);
  refused(key, 4, sealed, tag);
  refused(key, 3, sealed, tag.subarray(0, 12));
  refused(key, 3, sealed.subarray(0, 999), tag);
  assert.throws(() => body.seal(key.subarray(1), 0, plain, sealed), PrivacyError);
  assert.throws(() => body.seal(key, 0, plain, new Uint8Array(10)), /does not fit 10/);
});
