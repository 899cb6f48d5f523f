// Hybrid signing keys for statements: Ed25519 (RFC 8032) and ML-DSA-65 (FIPS 204), both of which must verify.
// Trap: the two halves are one key. Its id is the hash of both, so neither half can be swapped for another.
import { crypto } from '#crypto';
import { concat, fromBase64, toBase64, toHex, utf8 } from '../bytes/bytes.ts';
import { seedBytes, signatureBytes } from '../crypto/port.ts';
import { TrustError } from '../error.ts';

/** 32 and 1,952 bytes. Never changed after it was made. */
export interface HybridPublicKey {
  readonly ed25519: Uint8Array;
  readonly mldsa65: Uint8Array;
}

/** 64 and 3,309 bytes. */
export interface HybridSignature {
  readonly ed25519: Uint8Array;
  readonly mldsa65: Uint8Array;
}

/** A whole key pair; `seed` (32 bytes) is the secret and all that needs keeping. */
export interface HybridKey {
  readonly keyId: string;
  readonly publicKey: HybridPublicKey;
  readonly seed: Uint8Array;
}

/** Public key as JSON, base64. */
export interface EncodedPublicKey {
  readonly ed25519: string;
  readonly mldsa65: string;
}

/** Whoever can sign with a hybrid key: a file, a passkey, later a hardware module. `message` starts with its own label. */
export interface Signer {
  readonly keyId: string;
  readonly publicKey: HybridPublicKey;
  sign(message: Uint8Array): Promise<HybridSignature>;
}

const idLabel = utf8('madang hybrid key id v1\n');
const halfLabel = {
  ed25519: utf8('madang hybrid key v1 ed25519\n'),
  mldsa65: utf8('madang hybrid key v1 mldsa65\n'),
};

/** 64 hexadecimal digits: SHA-256 of a label and both public keys. */
export function keyId(key: HybridPublicKey): string {
  checkLengths(key);
  return toHex(crypto.sha256(concat(idLabel, key.ed25519, key.mldsa65)));
}

/** A fresh key from the system's generator. */
export function generateHybridKey(): HybridKey {
  return hybridKeyFromSeed(crypto.randomBytes(seedBytes));
}

/** The key that 32 secret bytes stand for. Each half has its own seed, hashed from these. Throws `bad-key` on another length. */
export function hybridKeyFromSeed(seed: Uint8Array): HybridKey {
  const publicKey = {
    ed25519: crypto.publicKey('ed25519', halfSeed('ed25519', seed)),
    mldsa65: crypto.publicKey('mldsa65', halfSeed('mldsa65', seed)),
  };
  return { keyId: keyId(publicKey), publicKey, seed: Uint8Array.from(seed) };
}

function halfSeed(half: 'ed25519' | 'mldsa65', seed: Uint8Array): Uint8Array {
  if (seed.length !== seedBytes) throw new TrustError('bad-key', `a seed has ${seedBytes} bytes, not ${seed.length}`);
  return crypto.sha256(concat(halfLabel[half], seed));
}

/** A signer over a key in memory. */
export function softwareSigner(key: HybridKey): Signer {
  const ed25519 = halfSeed('ed25519', key.seed);
  const mldsa65 = halfSeed('mldsa65', key.seed);
  return {
    keyId: key.keyId,
    publicKey: key.publicKey,
    async sign(message) {
      return {
        ed25519: crypto.sign('ed25519', message, ed25519),
        mldsa65: crypto.sign('mldsa65', message, mldsa65),
      };
    },
  };
}

/** True only if both signatures verify. */
export function verifyHybrid(signature: HybridSignature, message: Uint8Array, key: HybridPublicKey): boolean {
  return (
    crypto.verify('ed25519', signature.ed25519, message, key.ed25519) &&
    crypto.verify('mldsa65', signature.mldsa65, message, key.mldsa65)
  );
}

export function encodePublicKey(key: HybridPublicKey): EncodedPublicKey {
  checkLengths(key);
  return { ed25519: toBase64(key.ed25519), mldsa65: toBase64(key.mldsa65) };
}

/** Throws `bad-key` on another shape or a wrong length, `bad-text` on bad base64. */
export function decodePublicKey(key: EncodedPublicKey): HybridPublicKey {
  // Keys come out of files that anybody wrote.
  if (typeof key?.ed25519 !== 'string' || typeof key.mldsa65 !== 'string')
    throw new TrustError('bad-key', 'a public key is an object of two base64 texts, ed25519 and mldsa65');
  const decoded = { ed25519: fromBase64(key.ed25519), mldsa65: fromBase64(key.mldsa65) };
  checkLengths(decoded);
  return decoded;
}

function checkLengths(key: HybridPublicKey): void {
  for (const half of ['ed25519', 'mldsa65'] as const) {
    const expected = signatureBytes[half].publicKey;
    if (key[half].length !== expected) {
      throw new TrustError('bad-key', `the ${half} public key has ${key[half].length} bytes, not ${expected}`);
    }
  }
}
