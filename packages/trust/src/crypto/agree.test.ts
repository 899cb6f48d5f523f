// The two implementations of the seam must agree: keys, signatures in both directions, refusals, hashes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { crypto as noble } from './noble.ts';
import { crypto as node } from './node.ts';
import { type SignatureName, signatureBytes } from './port.ts';

const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
const messages = fc.uint8Array({ maxLength: 300 });
const algorithms: SignatureName[] = ['ed25519', 'mldsa44', 'mldsa65', 'mldsa87'];
const plain = (bytes: Uint8Array) => Uint8Array.from(bytes);

test('SHA-256 agrees', () => {
  fc.assert(fc.property(messages, m => assert.deepEqual(plain(node.sha256(m)), plain(noble.sha256(m)))));
});

for (const algorithm of algorithms) {
  test(`${algorithm}: each implementation verifies what the other signs`, () => {
    fc.assert(
      fc.property(seeds, messages, fc.nat(), (seed, message, at) => {
        const key = node.publicKey(algorithm, seed);
        assert.deepEqual(plain(key), plain(noble.publicKey(algorithm, seed)));
        assert.equal(key.length, signatureBytes[algorithm].publicKey);
        for (const [signer, verifier] of [
          [node, noble],
          [noble, node],
        ]) {
          const signature = signer.sign(algorithm, message, seed);
          assert.equal(signature.length, signatureBytes[algorithm].signature);
          assert.equal(verifier.verify(algorithm, signature, message, key), true);
          const flipped = Uint8Array.from(signature);
          flipped[at % flipped.length] ^= 1 << (at % 8);
          assert.equal(verifier.verify(algorithm, flipped, message, key), false);
          assert.equal(verifier.verify(algorithm, signature, Uint8Array.of(...message, 0), key), false);
        }
      }),
      { numRuns: 8 },
    );
  });
}

test('wrong lengths and impossible keys are refused, never thrown', async () => {
  for (const crypto of [node, noble]) {
    for (const algorithm of algorithms) {
      const { publicKey, signature } = signatureBytes[algorithm];
      const message = Uint8Array.of(1);
      const cases: [Uint8Array, Uint8Array][] = [
        [new Uint8Array(0), new Uint8Array(publicKey)],
        [new Uint8Array(signature), new Uint8Array(0)],
        [new Uint8Array(signature).fill(255), new Uint8Array(publicKey).fill(255)],
        [new Uint8Array(signature - 1), new Uint8Array(publicKey)],
      ];
      for (const [s, k] of cases) {
        assert.equal(crypto.verify(algorithm, s, message, k), false);
        assert.equal(await crypto.verifyBeside(algorithm, s, message, k), false);
      }
    }
  }
});

test('a key buffer that is reused for another key is not taken for the first one', () => {
  const [a, b] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const message = Uint8Array.of(7);
  const buffer = Uint8Array.from(node.publicKey('ed25519', a));
  assert.equal(node.verify('ed25519', node.sign('ed25519', message, a), message, buffer), true);
  buffer.set(node.publicKey('ed25519', b));
  assert.equal(node.verify('ed25519', node.sign('ed25519', message, a), message, buffer), false);
  assert.equal(node.verify('ed25519', node.sign('ed25519', message, b), message, buffer), true);
});
