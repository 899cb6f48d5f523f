// Sealing as the product uses it: HPKE base mode with X-Wing, HKDF-SHA256 and ChaCha20-Poly1305. ChaCha20-Poly1305, since it
// runs in constant time in plain JavaScript too, where AES needs tables; with AES instructions both cost the same here.
import { primitives } from '#primitives';
import { concat } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';
import type { Primitives } from '../primitives/primitives.ts';
import { hpkeSuite, type Receiver, type Sender } from './hpke.ts';
import { xWing } from './kem.ts';

const ids = { kem: xWing, kdf: 0x0001, aead: 0x0003 };
const suite = hpkeSuite(ids, primitives);
const tagBytes = 16;

/** Bytes that sealing adds: the encapsulation (1,120) and the tag (16). */
export const sealOverheadBytes = suite.kem.nEnc + tagBytes;

export interface SealKeyPair {
  /** 1,216 bytes: ML-KEM-768 key, X25519 key. */
  readonly publicKey: Uint8Array;
  /** 32 bytes; everything else is derived from it. */
  readonly secretKey: Uint8Array;
}

/** A new X-Wing key pair from the system's random source, or the one that belongs to a given secret key. */
export function generateSealKey(secretKey: Uint8Array = primitives.randomBytes(suite.kem.nSk)): SealKeyPair {
  return { publicKey: suite.kem.secret(secretKey).publicKey, secretKey };
}

/**
 * Seals `plaintext` to a public key: encapsulation, then ciphertext. `info` names the protocol and the context of the key
 * schedule; `aad` is bound to this message; neither is sent. Throws TrustError 'bad-key' on a malformed public key.
 */
export function seal(publicKey: Uint8Array, info: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const sender = suite.setupSender(publicKey, info);
  return concat(sender.enc, sender.seal(aad, plaintext));
}

/** Opens what `seal` made. Throws TrustError 'open-failed' whatever of key, info, aad or bytes is not the one it was sealed with. */
export function open(secretKey: Uint8Array, info: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array {
  return opener(secretKey).open(info, aad, sealed);
}

/** Reads a secret key once, to open many: reading costs more than opening. */
export interface Opener {
  readonly publicKey: Uint8Array;
  open(info: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array;
}

export function opener(secretKey: Uint8Array): Opener {
  const secret = suite.kem.secret(secretKey);
  const { nEnc } = suite.kem;
  return {
    publicKey: secret.publicKey,
    open(info, aad, sealed) {
      if (sealed.length < sealOverheadBytes) {
        throw new TrustError(
          'open-failed',
          `sealed bytes are at least ${sealOverheadBytes}, these are ${sealed.length}`,
        );
      }
      return receiver(secret, sealed.subarray(0, nEnc), info).open(aad, sealed.subarray(nEnc));
    },
  };
}

/** Many messages under one encapsulation, and exported secrets: RFC 9180 section 5. */
export function setupSender(publicKey: Uint8Array, info: Uint8Array): Sender {
  return suite.setupSender(publicKey, info);
}

/** The other end of `setupSender`. Throws TrustError 'open-failed' on an encapsulation that cannot be one. */
export function setupReceiver(secretKey: Uint8Array, enc: Uint8Array, info: Uint8Array): Receiver {
  return receiver(suite.kem.secret(secretKey), enc, info);
}

function receiver(secret: ReturnType<typeof suite.kem.secret>, enc: Uint8Array, info: Uint8Array): Receiver {
  try {
    return suite.setupReceiver(secret, enc, info);
  } catch (cause) {
    throw new TrustError('open-failed', 'the encapsulation is malformed', { cause });
  }
}

/** HPKE by registered numbers, on the primitives of this platform or on others; the product uses `seal`. */
export function hpke(kem: number, kdf: number, aead: number, using: Primitives = primitives) {
  return hpkeSuite({ kem, kdf, aead }, using);
}
