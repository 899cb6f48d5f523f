// The primitives that sealing needs, as one small interface with two implementations that must agree: native.ts (node:crypto)
// and portable.ts (noble). `#primitives` in package.json picks one; signatures have their own seam.
import { TrustError } from '../error.ts';

export type HashName = 'sha256' | 'sha384' | 'sha512';
export type AeadName = 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';
export type CurveName = 'x25519' | 'x448' | 'p256' | 'p384' | 'p521';
export type MlKemSize = 512 | 768 | 1024;

/** A secret key that has been read once and can be used many times (reading costs more than using, natively). */
export interface DhSecret {
  readonly publicKey: Uint8Array;
  /** Throws on a point that the curve refuses and on an all-zero result (RFC 7748 section 6). */
  shared(peer: Uint8Array): Uint8Array;
}

/** Diffie-Hellman on one curve. Public keys are raw (X25519, X448) or uncompressed points; shared secrets are the x coordinate. */
export interface Dh {
  readonly secretBytes: number;
  readonly publicBytes: number;
  /** Throws on a wrong length and on a scalar outside 1..order-1. */
  secret(secretKey: Uint8Array): DhSecret;
}

export interface MlKemSecret {
  readonly publicKey: Uint8Array;
  /** A wrong ciphertext of the right length gives a pseudorandom secret, never an error (implicit rejection). */
  decapsulate(ciphertext: Uint8Array): Uint8Array;
}

export interface Encapsulation {
  readonly sharedSecret: Uint8Array;
  readonly enc: Uint8Array;
}

/** FIPS 203 with the 64-byte seed d || z as the secret key. */
export interface MlKem {
  readonly publicBytes: number;
  readonly ciphertextBytes: number;
  secret(seed: Uint8Array): MlKemSecret;
  /** Throws on a public key that fails the modulus check. `m` (32 bytes) is for published vectors; native refuses it. */
  encapsulate(publicKey: Uint8Array, m?: Uint8Array): Encapsulation;
}

export interface Primitives {
  readonly name: 'native' | 'portable';
  hash(hash: HashName, message: Uint8Array): Uint8Array;
  hmac(hash: HashName, key: Uint8Array, message: Uint8Array): Uint8Array;
  sha3_256(message: Uint8Array): Uint8Array;
  shake256(message: Uint8Array, bytes: number): Uint8Array;
  shake128(message: Uint8Array, bytes: number): Uint8Array;
  dh(curve: CurveName): Dh;
  mlKem(size: MlKemSize): MlKem;
  /** Ciphertext with the 16-byte tag at its end. */
  aeadSeal(aead: AeadName, key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** Undefined when the tag does not fit. */
  aeadOpen(
    aead: AeadName,
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
    ciphertext: Uint8Array,
  ): Uint8Array | undefined;
  randomBytes(bytes: number): Uint8Array;
}

/** Lengths in bytes: secret key (RFC 9180 Nsk), public key. */
export const curveBytes: Record<CurveName, { readonly secret: number; readonly public: number }> = {
  x25519: { secret: 32, public: 32 },
  x448: { secret: 56, public: 56 },
  p256: { secret: 32, public: 65 },
  p384: { secret: 48, public: 97 },
  p521: { secret: 66, public: 133 },
};

/** FIPS 203 table 3, lengths in bytes. */
export const mlKemBytes: Record<MlKemSize, { readonly public: number; readonly ciphertext: number }> = {
  512: { public: 800, ciphertext: 768 },
  768: { public: 1184, ciphertext: 1088 },
  1024: { public: 1568, ciphertext: 1568 },
};

/** Runs `work`; whatever a library throws becomes `bad-key`, without the bytes that caused it. */
export function refusing<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new TrustError('bad-key', `${what} was refused`, { cause });
  }
}

/** Throws a RangeError. */
export function checkLength(bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new RangeError(`${bytes.length} bytes, not ${length}`);
}
