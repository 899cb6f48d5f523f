import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { utf8 } from '../bytes/bytes.ts';
import { sha256 } from '../crypto/index.ts';
import { fingerprintWords } from './fingerprint.ts';
import {
  decodePublicKey,
  encodePublicKey,
  generateHybridKey,
  hybridKeyFromSeed,
  keyId,
  softwareSigner,
  verifyHybrid,
} from './hybrid.ts';

const seed = (byte: number) => new Uint8Array(32).fill(byte);

test('a seed always gives the same key, and its halves have different seeds', () => {
  const key = hybridKeyFromSeed(seed(1));
  assert.deepEqual(hybridKeyFromSeed(seed(1)), key);
  assert.equal(key.keyId, keyId(key.publicKey));
  // Kept by hand: a change of labels would make every stored key another key.
  assert.equal(key.keyId, 'e8cb4e94396038548628d6233f0b5aff202e50a8cc6858b689ee724e1a906035');
  assert.notEqual(hybridKeyFromSeed(seed(2)).keyId, key.keyId);
  assert.notEqual(generateHybridKey().keyId, generateHybridKey().keyId);
  assert.throws(() => hybridKeyFromSeed(new Uint8Array(31)), { code: 'bad-key' });
});

test('the id covers both halves', () => {
  const [a, b] = [hybridKeyFromSeed(seed(1)), hybridKeyFromSeed(seed(2))];
  const mixed = { ed25519: a.publicKey.ed25519, mldsa65: b.publicKey.mldsa65 };
  assert.notEqual(keyId(mixed), a.keyId);
  assert.notEqual(keyId(mixed), b.keyId);
});

test('both signatures must verify', async () => {
  const [a, b] = [hybridKeyFromSeed(seed(1)), hybridKeyFromSeed(seed(2))];
  const message = utf8('label\nmessage');
  const [fromA, fromB] = [await softwareSigner(a).sign(message), await softwareSigner(b).sign(message)];
  assert.equal(verifyHybrid(fromA, message, a.publicKey), true);
  assert.equal(verifyHybrid(fromA, utf8('label\nmessagf'), a.publicKey), false);
  assert.equal(verifyHybrid({ ...fromA, ed25519: fromB.ed25519 }, message, a.publicKey), false);
  assert.equal(verifyHybrid({ ...fromA, mldsa65: fromB.mldsa65 }, message, a.publicKey), false);
  assert.equal(verifyHybrid({ ...fromA, mldsa65: new Uint8Array(0) }, message, a.publicKey), false);
});

test('public keys as JSON', () => {
  const { publicKey } = hybridKeyFromSeed(seed(1));
  assert.deepEqual(decodePublicKey(encodePublicKey(publicKey)), {
    ed25519: Uint8Array.from(publicKey.ed25519),
    mldsa65: Uint8Array.from(publicKey.mldsa65),
  });
  assert.throws(() => decodePublicKey({ ...encodePublicKey(publicKey), ed25519: 'AAAA' }), { code: 'bad-key' });
  assert.throws(() => decodePublicKey({ ...encodePublicKey(publicKey), mldsa65: '?' }), { code: 'bad-text' });
  for (const odd of ['AAAA', null, {}, { ed25519: 1, mldsa65: 2 }])
    assert.throws(() => decodePublicKey(odd as never), { code: 'bad-key' });
});

test('fingerprints are eight proquints', () => {
  // The paper's own examples: 127.0.0.1 is lusab-babad, 63.84.220.193 is gutih-tugad.
  const digest = new Uint8Array(32);
  digest.set([127, 0, 0, 1, 63, 84, 220, 193]);
  assert.deepEqual(fingerprintWords(digest), ['lusab', 'babad', 'gutih', 'tugad', 'babab', 'babab', 'babab', 'babab']);
  assert.throws(() => fingerprintWords(new Uint8Array(20)), { code: 'bad-length' });
});

test('different first halves give different words', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (a, b) => {
      const words = [fingerprintWords(sha256(a)).join(' '), fingerprintWords(sha256(b)).join(' ')];
      assert.equal(words[0] === words[1], Buffer.from(a).equals(Buffer.from(b)));
      assert.match(
        words[0],
        /^([bdfghjklmnprstvz][aiou]){2}[bdfghjklmnprstvz]( ([bdfghjklmnprstvz][aiou]){2}[bdfghjklmnprstvz]){7}$/,
      );
    }),
  );
});
