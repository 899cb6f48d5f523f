// The internal interfaces of FIPS 203 and FIPS 204 (expanded keys, given randomness, no context prefix) as test vectors ask for
// them, over noble. The product uses seeds and hedged signatures only; OpenSSL offers none of this.
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import type { MlKemSize } from './primitives.ts';

export type MlDsaSize = 44 | 65 | 87;

export interface ExpandedKey {
  readonly publicKey: Uint8Array;
  /** In the standard's expanded form, not the seed. */
  readonly secretKey: Uint8Array;
}

const mlKems = { 512: ml_kem512, 768: ml_kem768, 1024: ml_kem1024 };
const mlDsas = { 44: ml_dsa44, 65: ml_dsa65, 87: ml_dsa87 };

/** ML-KEM.KeyGen_internal; the seed is d || z, 64 bytes. */
export function mlKemKey(size: MlKemSize, seed: Uint8Array): ExpandedKey {
  return mlKems[size].keygen(seed);
}

/** ML-KEM.Encaps_internal; throws on an encapsulation key that fails the modulus check. */
export function mlKemEncapsulate(size: MlKemSize, publicKey: Uint8Array, m: Uint8Array) {
  return mlKems[size].encapsulate(publicKey, m);
}

/** ML-KEM.Decaps; throws on a decapsulation key whose hash does not fit, or a ciphertext of another length. */
export function mlKemDecapsulate(size: MlKemSize, secretKey: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  return mlKems[size].decapsulate(ciphertext, secretKey);
}

/** ML-DSA.KeyGen_internal; the seed has 32 bytes. */
export function mlDsaKey(size: MlDsaSize, seed: Uint8Array): ExpandedKey {
  return mlDsas[size].keygen(seed);
}

/** How a message becomes what is signed: with a context (external interface), as it is (internal), or as the 64-byte mu. */
export type MlDsaInterface =
  | { readonly kind: 'external'; readonly context: Uint8Array }
  | { readonly kind: 'internal' }
  | { readonly kind: 'mu' };

/** Without `rnd` (32 bytes) the deterministic variant. */
export function mlDsaSign(
  size: MlDsaSize,
  by: MlDsaInterface,
  secretKey: Uint8Array,
  message: Uint8Array,
  rnd?: Uint8Array,
): Uint8Array {
  const extraEntropy = rnd ?? false;
  return by.kind === 'external'
    ? mlDsas[size].sign(message, secretKey, { context: by.context, extraEntropy })
    : mlDsas[size].internal.sign(message, secretKey, { extraEntropy, externalMu: by.kind === 'mu' });
}

/** False on anything that does not verify, also on wrong lengths. */
export function mlDsaVerify(
  size: MlDsaSize,
  by: MlDsaInterface,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    return by.kind === 'external'
      ? mlDsas[size].verify(signature, message, publicKey, { context: by.context })
      : mlDsas[size].internal.verify(signature, message, publicKey, { externalMu: by.kind === 'mu' });
  } catch {
    return false;
  }
}
