// The two implementations of the seam must agree: keys, signatures in both directions, refusals, hashes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { concat, toHex } from '../bytes/bytes.ts';
import { crypto as noble } from './noble.ts';
import { crypto as node } from './node.ts';
import { type SignatureName, signatureBytes } from './port.ts';
import { isSmallOrder } from './small-order.ts';

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

const { Point } = ed25519;
const order = Point.Fn.ORDER;
const number = (bytes: Uint8Array) => BigInt(`0x${toHex(Uint8Array.from(bytes).reverse())}`);
const scalarBytes = (n: bigint) => Uint8Array.from({ length: 32 }, (_, i) => Number((n >> BigInt(8 * i)) & 255n));

/** The eight points of small order. */
function smallOrderPoints() {
  for (let i = 0; ; i++) {
    // A point outside the prime-order subgroup, times L, has small order; of order 8 it generates all eight.
    const bytes = sha512(Uint8Array.of(i)).slice(0, 32);
    bytes[31] &= 127;
    try {
      const small = Point.fromBytes(bytes)
        .multiplyUnsafe(order - 1n)
        .add(Point.fromBytes(bytes));
      const four = small.add(small).add(small).add(small);
      if (!four.equals(Point.ZERO)) return Array.from({ length: 8 }, (_, n) => small.multiplyUnsafe(BigInt(n)));
    } catch {
      // not a point; try the next
    }
  }
}

test('Ed25519 signatures made to divide verifiers divide none: points of small order in key and signature', () => {
  const small = smallOrderPoints();
  assert.equal(new Set(small.map(point => toHex(point.toBytes()))).size, 8);
  assert.ok(small.every(point => isSmallOrder(point.toBytes())));
  let accepted = 0;
  let onlyByCofactor = 0;
  for (const secret of [0n, 12345678901234567890n]) {
    for (const inKey of small) {
      for (const inSignature of small) {
        for (const message of [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)]) {
          const key = Point.BASE.multiplyUnsafe(secret).add(inKey).toBytes();
          const r = Point.BASE.multiplyUnsafe(987654321n).add(inSignature).toBytes();
          const k = number(sha512(concat(r, key, message))) % order;
          const signature = concat(r, scalarBytes((987654321n + k * secret) % order));
          const answers = [node, noble].map(crypto => crypto.verify('ed25519', signature, message, key));
          assert.equal(answers[0], answers[1]);
          if (answers[0]) accepted += 1;
          else if (ed25519.verify(signature, message, key, { zip215: true })) onlyByCofactor += 1;
        }
      }
    }
  }
  assert.ok(
    accepted > 10 && onlyByCofactor > 100,
    `${accepted} accepted, ${onlyByCofactor} by the cofactored equation only`,
  );
});

test('Ed25519 keys and scalars written in another form are judged alike, and none is accepted', () => {
  const p = 2n ** 255n - 19n;
  const message = Uint8Array.of(9);
  const good = noble.sign('ed25519', message, new Uint8Array(32).fill(5));
  const goodKey = noble.publicKey('ed25519', new Uint8Array(32).fill(5));
  const bothSay = (signature: Uint8Array, key: Uint8Array) =>
    [node, noble].map(crypto => crypto.verify('ed25519', signature, message, key));
  assert.deepEqual(bothSay(good, goodKey), [true, true]);
  const s = number(good.subarray(32));
  for (const multiple of [1n, 2n, 7n]) {
    assert.deepEqual(bothSay(concat(good.subarray(0, 32), scalarBytes(s + multiple * order)), goodKey), [false, false]);
  }
  // y = p to p + 18 are second encodings of y = 0 to 18.
  for (let y = 0n; y < 19n; y++) {
    for (const sign of [0, 128]) {
      for (const value of [y, p + y]) {
        const key = scalarBytes(value);
        key[31] |= sign;
        assert.equal(isSmallOrder(key), isPointOfSmallOrder(key));
        assert.deepEqual(bothSay(concat(Point.BASE.multiplyUnsafe(77n).toBytes(), scalarBytes(77n)), key), [
          false,
          false,
        ]);
        assert.deepEqual(bothSay(concat(key, scalarBytes(0n)), key), [false, false]);
      }
    }
  }
});

function isPointOfSmallOrder(encoding: Uint8Array): boolean {
  try {
    return Point.fromBytes(encoding, true).isSmallOrder();
  } catch {
    return false;
  }
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
