import assert from 'node:assert/strict';
import * as nodeCrypto from 'node:crypto';
import { test } from 'node:test';
import { PrivacyError } from '../error.ts';
import { nodeMask, webMask } from './mask.ts';

const mask = nodeMask(nodeCrypto);

test('both mask ciphers give the same stream for any chunk: what AES-256-GCM makes of zeros', async () => {
  const seed = new Uint8Array(32).fill(50);
  const web = webMask(globalThis.crypto.subtle);
  for (const chunk of [0, 1, 255, 2 ** 32 - 1]) {
    const streams = [mask(seed, chunk), web(seed, chunk)];
    for (const n of [16, 64, 4096, 21]) {
      const [a, b] = await Promise.all(streams.map(s => s.next(n)));
      assert.deepEqual(new Uint8Array(a), new Uint8Array(b));
    }
  }
  const whole = new Uint8Array(await mask(seed, 7).next(96));
  const parts = mask(seed, 7);
  for (const from of [0, 32, 64]) assert.deepEqual(new Uint8Array(await parts.next(32)), whole.slice(from, from + 32));
  assert.notDeepEqual(new Uint8Array(await mask(seed, 8).next(96)), whole);
  // NIST's GCM test case 14: key, nonce and plaintext all zero.
  const zeros = await mask(new Uint8Array(32), 0).next(16);
  assert.equal(Buffer.from(zeros).toString('hex'), 'cea7403d4d606b6e074ec5d3baf39d18');
  assert.throws(
    () => mask(new Uint8Array(16), 0),
    (e: unknown) => e instanceof PrivacyError && e.code === 'parameter',
  );
});
