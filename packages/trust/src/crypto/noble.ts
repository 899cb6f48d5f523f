// Hashing and signatures in plain JavaScript (noble), for browsers and as the twin of node.ts. RFC 8032, FIPS 204, FIPS 180-4.
// Trap: noble's default Ed25519 verification is ZIP-215, which takes more than RFC 8032; strict verification is asked for here.
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { randomBytes } from '@noble/hashes/utils.js';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { TrustError } from '../error.ts';
import { type Crypto, type SignatureName, seedBytes, signatureBytes } from './port.ts';

const mlDsa = { mldsa44: ml_dsa44, mldsa65: ml_dsa65, mldsa87: ml_dsa87 };

function checkSeed(seed: Uint8Array): void {
  if (seed.length !== seedBytes) throw new TrustError('bad-key', `a seed has ${seedBytes} bytes, not ${seed.length}`);
}

function verify(algorithm: SignatureName, signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  const bytes = signatureBytes[algorithm];
  if (signature.length !== bytes.signature || publicKey.length !== bytes.publicKey) return false;
  try {
    return algorithm === 'ed25519'
      ? ed25519.verify(signature, message, publicKey, { zip215: false })
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
