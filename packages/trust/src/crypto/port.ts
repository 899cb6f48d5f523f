// The seam between this package and cryptography: hashing and signatures, synchronous, with two implementations that must agree.
// package.json maps `#crypto` to node.ts (node:crypto) in Node and to noble.ts elsewhere.

export type SignatureName = 'ed25519' | 'mldsa44' | 'mldsa65' | 'mldsa87';

/** Lengths in bytes. The secret key is always the 32-byte seed (RFC 8032; FIPS 204 xi). */
export const signatureBytes: Readonly<
  Record<SignatureName, { readonly publicKey: number; readonly signature: number }>
> = {
  ed25519: { publicKey: 32, signature: 64 },
  mldsa44: { publicKey: 1312, signature: 2420 },
  mldsa65: { publicKey: 1952, signature: 3309 },
  mldsa87: { publicKey: 2592, signature: 4627 },
};

export const seedBytes = 32;

export interface Crypto {
  readonly name: 'node' | 'noble';
  sha256(message: Uint8Array): Uint8Array;
  /** From the system's generator. */
  randomBytes(length: number): Uint8Array;
  publicKey(algorithm: SignatureName, seed: Uint8Array): Uint8Array;
  /** Ed25519 is deterministic; ML-DSA is hedged: two signatures of one message differ. */
  sign(algorithm: SignatureName, message: Uint8Array, seed: Uint8Array): Uint8Array;
  /** False on a signature or key of the wrong length or form; never throws on what a stranger sent. */
  verify(algorithm: SignatureName, signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
  /** The same answer, computed beside this thread where the platform can. */
  verifyBeside(
    algorithm: SignatureName,
    signature: Uint8Array,
    message: Uint8Array,
    publicKey: Uint8Array,
  ): Promise<boolean>;
}
