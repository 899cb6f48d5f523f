// Hashing and signatures by node:crypto (OpenSSL 3.5 in Node 24). RFC 8032, FIPS 204, FIPS 180-4.
// Trap: importing an ML-DSA key costs a third of a verification, so imported keys are kept beside the bytes they came from.
import {
  createPrivateKey,
  createPublicKey,
  hash,
  type KeyObject,
  randomBytes,
  sign as signNative,
  verify as verifyNative,
} from 'node:crypto';
import { TrustError } from '../error.ts';
import { type Crypto, type SignatureName, seedBytes, signatureBytes } from './port.ts';
import { isSmallOrder } from './small-order.ts';

const keyTypes = { ed25519: 'ed25519', mldsa44: 'ml-dsa-44', mldsa65: 'ml-dsa-65', mldsa87: 'ml-dsa-87' } as const;

/** A Uint8Array that is not a Buffer, so that both implementations return the same type. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

// Keyed by the array object, and checked against a copy of its content: a caller that reuses a buffer gets the right key.
const imported = new WeakMap<Uint8Array, { algorithm: SignatureName; copy: Buffer; key: KeyObject }>();

function publicKeyObject(algorithm: SignatureName, publicKey: Uint8Array): KeyObject {
  const known = imported.get(publicKey);
  if (known && known.algorithm === algorithm && known.copy.equals(publicKey)) return known.key;
  const copy = Buffer.from(publicKey);
  const key = createPublicKey({ key: copy, format: 'raw-public', asymmetricKeyType: keyTypes[algorithm] });
  imported.set(publicKey, { algorithm, copy, key });
  return key;
}

function privateKeyObject(algorithm: SignatureName, seed: Uint8Array): KeyObject {
  if (seed.length !== seedBytes) throw new TrustError('bad-key', `a seed has ${seedBytes} bytes, not ${seed.length}`);
  const format = algorithm === 'ed25519' ? 'raw-private' : 'raw-seed';
  const key = Buffer.from(seed.buffer, seed.byteOffset, seed.byteLength);
  return createPrivateKey({ key, format, asymmetricKeyType: keyTypes[algorithm] });
}

function fits(algorithm: SignatureName, signature: Uint8Array, publicKey: Uint8Array): boolean {
  const bytes = signatureBytes[algorithm];
  if (signature.length !== bytes.signature || publicKey.length !== bytes.publicKey) return false;
  return algorithm !== 'ed25519' || !(isSmallOrder(publicKey) || isSmallOrder(signature));
}

export const crypto: Crypto = {
  name: 'node',
  sha256: message => plain(hash('sha256', message, 'buffer')),
  randomBytes: length => plain(randomBytes(length)),
  publicKey: (algorithm, seed) =>
    plain(createPublicKey(privateKeyObject(algorithm, seed)).export({ format: 'raw-public' })),
  sign: (algorithm, message, seed) => plain(signNative(null, message, privateKeyObject(algorithm, seed))),
  verify(algorithm, signature, message, publicKey) {
    if (!fits(algorithm, signature, publicKey)) return false;
    try {
      return verifyNative(null, message, publicKeyObject(algorithm, publicKey), signature);
    } catch {
      return false;
    }
  },
  verifyBeside(algorithm, signature, message, publicKey) {
    return new Promise(resolve => {
      if (!fits(algorithm, signature, publicKey)) return resolve(false);
      try {
        const key = publicKeyObject(algorithm, publicKey);
        verifyNative(null, message, key, signature, (error, ok) => resolve(!error && ok));
      } catch {
        resolve(false);
      }
    });
  },
};
