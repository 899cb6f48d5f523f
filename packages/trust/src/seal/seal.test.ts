import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TrustError } from '../error.ts';
import { primitives as native } from '../primitives/native.ts';
import { primitives as portable } from '../primitives/portable.ts';
import { hpkeSuite } from './hpke.ts';
import { generateSealKey, open, opener, seal, sealOverheadBytes, setupReceiver, setupSender } from './seal.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const refused = (run: () => unknown, code: string) =>
  assert.throws(run, (error: unknown) => error instanceof TrustError && error.code === code);

test('what was sealed opens, with the stated lengths', () => {
  const key = generateSealKey();
  assert.equal(key.publicKey.length, 1216);
  assert.equal(key.secretKey.length, 32);
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), fc.uint8Array({ maxLength: 3000 }), (info, aad, plaintext) => {
      const sealed = seal(key.publicKey, info, aad, plaintext);
      assert.equal(sealed.length, plaintext.length + sealOverheadBytes);
      assert.deepEqual(open(key.secretKey, info, aad, sealed), plaintext);
    }),
    { numRuns: 30 },
  );
});

test('the public key belongs to the secret key', () => {
  const key = generateSealKey();
  assert.deepEqual(generateSealKey(key.secretKey).publicKey, key.publicKey);
  assert.deepEqual(opener(key.secretKey).publicKey, key.publicKey);
});

test('another key, info, aad, or any changed byte does not open', () => {
  const key = generateSealKey();
  const sealed = seal(key.publicKey, bytes('round 1'), bytes('slip'), bytes('seven'));
  refused(() => open(generateSealKey().secretKey, bytes('round 1'), bytes('slip'), sealed), 'open-failed');
  refused(() => open(key.secretKey, bytes('round 2'), bytes('slip'), sealed), 'open-failed');
  refused(() => open(key.secretKey, bytes('round 1'), bytes('slap'), sealed), 'open-failed');
  for (let at = 0; at < sealed.length; at += at < 1100 ? 97 : 1) {
    const changed = sealed.slice();
    changed[at] ^= 1;
    refused(() => open(key.secretKey, bytes('round 1'), bytes('slip'), changed), 'open-failed');
  }
});

test('bytes too short to be sealed, and keys of a wrong length, are refused', () => {
  const key = generateSealKey();
  const none = new Uint8Array(0);
  for (const length of [0, 1, 1119, 1120, 1135]) {
    refused(() => open(key.secretKey, none, none, new Uint8Array(length)), 'open-failed');
  }
  refused(() => open(key.secretKey.subarray(1), none, none, new Uint8Array(2000)), 'bad-key');
  refused(() => seal(key.publicKey.subarray(1), none, none, none), 'bad-key');
  refused(() => generateSealKey(new Uint8Array(31)), 'bad-key');
});

test('a public key with coefficients above the modulus or a low-order point is refused', () => {
  const none = new Uint8Array(0);
  const high = generateSealKey().publicKey.slice();
  high.fill(0xff, 0, 3);
  refused(() => seal(high, none, none, none), 'bad-key');
  const low = generateSealKey().publicKey.slice();
  low.fill(0, 1184);
  refused(() => seal(low, none, none, none), 'bad-key');
});

test('a context opens in order only, and a forged message does not put it out of step', () => {
  const key = generateSealKey();
  const sender = setupSender(key.publicKey, bytes('mailbox'));
  const receiver = setupReceiver(key.secretKey, sender.enc, bytes('mailbox'));
  const [first, second] = ['a', 'b'].map(text => sender.seal(bytes('n'), bytes(text)));
  refused(() => receiver.open(bytes('n'), second), 'open-failed');
  assert.deepEqual(receiver.open(bytes('n'), first), bytes('a'));
  refused(() => receiver.open(bytes('n'), first), 'open-failed');
  assert.deepEqual(receiver.open(bytes('n'), second), bytes('b'));
  assert.deepEqual(sender.export(bytes('x'), 32), receiver.export(bytes('x'), 32));
  assert.notDeepEqual(sender.export(bytes('x'), 32), sender.export(bytes('y'), 32));
  refused(() => sender.export(bytes('x'), 65_536), 'bad-length');
  refused(() => sender.export(bytes('x'), 255 * 32 + 1), 'bad-length');
});

test('an error never shows the secret key', () => {
  const secret = bytes('a secret key that has 33 bytes!!!');
  try {
    generateSealKey(secret);
    assert.fail('33 bytes were taken');
  } catch (error) {
    const text = `${(error as Error).stack} ${JSON.stringify(error)}`;
    assert.ok(!text.includes('a secret key'));
    assert.ok(!text.includes(Buffer.from(secret).toString('hex')));
  }
});

const kems = [0x10, 0x11, 0x12, 0x20, 0x21, 0x40, 0x41, 0x42, 0x50, 0x51, 0x647a];

test('node:crypto and noble agree on every KEM: keys, and either opens what the other sealed', () => {
  for (const kem of kems) {
    const runs = kem === 0x647a || kem === 0x20 ? 5 : 1;
    const random = fc.uint8Array({ minLength: 66, maxLength: 66 });
    fc.assert(
      fc.property(random, fc.uint8Array(), (ikm, info) => {
        const both = [native, portable].map(using => hpkeSuite({ kem, kdf: 1, aead: 3 }, using));
        const [secretKey, twin] = both.map(suite => suite.kem.deriveSecretKey(ikm));
        assert.deepEqual(secretKey, twin);
        const [publicKey, twinPublic] = both.map(suite => suite.kem.secret(secretKey).publicKey);
        assert.deepEqual(publicKey, twinPublic);
        assert.equal(publicKey.length, both[0].kem.nPk);
        for (const [from, to] of [both, both.toReversed()]) {
          const sender = from.setupSender(publicKey, info);
          assert.equal(sender.enc.length, from.kem.nEnc);
          const receiver = to.setupReceiver(secretKey, sender.enc, info);
          assert.deepEqual(receiver.open(ikm, sender.seal(ikm, info)), info);
        }
      }),
      { numRuns: runs },
    );
  }
});

test('node:crypto and noble agree on every KDF and AEAD', () => {
  const ikm = bytes('keying material of some length');
  for (const kdf of [1, 2, 3, 0x10, 0x11, 0x12, 0x13]) {
    for (const aead of [1, 2, 3, 0xffff]) {
      const [a, b] = [native, portable].map(using => hpkeSuite({ kem: 0x20, kdf, aead }, using));
      const secretKey = a.kem.deriveSecretKey(ikm);
      const sender = a.setupSender(a.kem.secret(secretKey).publicKey, ikm);
      const receiver = b.setupReceiver(secretKey, sender.enc, ikm);
      if (aead === 0xffff) refused(() => sender.seal(ikm, ikm), 'unsupported');
      else for (let i = 0; i < 300; i++) assert.deepEqual(receiver.open(ikm, sender.seal(ikm, ikm)), ikm);
      for (const length of [0, 1, 1000]) assert.deepEqual(sender.export(ikm, length), receiver.export(ikm, length));
    }
  }
});

test('numbers outside the registries are refused', () => {
  refused(() => hpkeSuite({ kem: 0x9999, kdf: 1, aead: 1 }, native), 'unsupported');
  refused(() => hpkeSuite({ kem: 0x20, kdf: 0x99, aead: 1 }, native), 'unsupported');
  refused(() => hpkeSuite({ kem: 0x20, kdf: 1, aead: 0x99 }, native), 'unsupported');
});
