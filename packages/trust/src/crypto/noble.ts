// Hashing and signatures in plain JavaScript (noble), for browsers and as the twin of node.ts. RFC 8032, FIPS 204, FIPS 180-4.
// Trap: noble verifies Ed25519 by the cofactored equation, OpenSSL by the other one of RFC 8032 section 5.1.7. A signer who wants to
// can make a signature that only one of them takes, and then a browser and a server would judge one log differently. So OpenSSL's
// equation is written out here, with its reading of keys; agree.test.ts holds both together with such signatures.
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { randomBytes } from '@noble/hashes/utils.js';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { concat, equalBytes, toHex } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';
import { type Crypto, type SignatureName, seedBytes, signatureBytes } from './port.ts';
import { isSmallOrder } from './small-order.ts';

const mlDsa = { mldsa44: ml_dsa44, mldsa65: ml_dsa65, mldsa87: ml_dsa87 };

function checkSeed(seed: Uint8Array): void {
  if (seed.length !== seedBytes) throw new TrustError('bad-key', `a seed has ${seedBytes} bytes, not ${seed.length}`);
}

const { Point } = ed25519;
const order = Point.Fn.ORDER;

/** S < L, neither A nor R of small order, and the encoding of [S]B - [k]A is R byte for byte, with k = SHA-512(R || A || M) mod L. Throws on a key that is no point. */
function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  if (s >= order || isSmallOrder(publicKey) || isSmallOrder(r)) return false;
  const a = Point.fromBytes(publicKey, true);
  const k = littleEndian(sha512(concat(r, publicKey, message))) % order;
  return equalBytes(Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k)).toBytes(), r);
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(Uint8Array.from(bytes).reverse())}`);
}

function verify(algorithm: SignatureName, signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  const bytes = signatureBytes[algorithm];
  if (signature.length !== bytes.signature || publicKey.length !== bytes.publicKey) return false;
  try {
    return algorithm === 'ed25519'
      ? verifyEd25519(signature, message, publicKey)
      : mlDsa[algorithm].verify(signature, message, publicKey);
  } catch {
    return false;
  }
}

export const crypto: Crypto = {
  name: 'noble',
  sha256: message => sha256(message),
  randomBytes: length => randomBytes(length),
  publicKey(algorithm, seed) {
    checkSeed(seed);
    return algorithm === 'ed25519' ? ed25519.getPublicKey(seed) : mlDsa[algorithm].keygen(seed).publicKey;
  },
  sign(algorithm, message, seed) {
    checkSeed(seed);
    if (algorithm === 'ed25519') return ed25519.sign(message, seed);
    return mlDsa[algorithm].sign(message, mlDsa[algorithm].keygen(seed).secretKey);
  },
  verify,
  verifyBeside: async (algorithm, signature, message, publicKey) => verify(algorithm, signature, message, publicKey),
};
