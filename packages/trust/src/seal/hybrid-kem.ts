// ML-KEM together with a curve: X-Wing (draft-connolly-cfrg-xwing-kem) and its siblings on P-256 and P-384
// (draft-irtf-cfrg-concrete-hybrid-kems, draft-ietf-hpke-pq). Both must be broken to break it. Trap: the hash takes the curve's
// ciphertext and key but not ML-KEM's, whose own hash binds them.

import { concat, utf8 } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';
import type { CurveName, DhSecret, MlKemSize, Primitives } from '../primitives/primitives.ts';
import { isScalar } from './dh-kem.ts';
import type { Kem } from './kem.ts';
import { deriveKeySeed } from './one-stage.ts';

const secretBytes = 32;
const pqSeedBytes = 64;
const pqRandomBytes = 32;

/** `groupSeed`: bytes from which one scalar is drawn by rejection; X25519 takes any 32. */
export function hybridKem(
  size: MlKemSize,
  curve: CurveName,
  groupSeed: number,
  label: string,
): (using: Primitives, id: number) => Kem {
  return (using, id) => {
    const pq = using.mlKem(size);
    const dh = using.dh(curve);

    const groupSecret = (seed: Uint8Array): DhSecret => {
      for (let at = 0; at + dh.secretBytes <= seed.length; at += dh.secretBytes) {
        const scalar = seed.subarray(at, at + dh.secretBytes);
        if (curve === 'x25519' || isScalar(scalar, () => dh.secret(scalar))) return dh.secret(scalar);
      }
      throw new TrustError('bad-key', 'no scalar came out of this seed');
    };
    const combine = (pqSecret: Uint8Array, dhSecret: Uint8Array, dhEnc: Uint8Array, dhPublic: Uint8Array) =>
      using.sha3_256(concat(pqSecret, dhSecret, dhEnc, dhPublic, utf8(label)));

    return {
      id,
      nEnc: pq.ciphertextBytes + dh.publicBytes,
      nPk: pq.publicBytes + dh.publicBytes,
      nSk: secretBytes,
      deriveSecretKey: ikm => deriveKeySeed(using, id, ikm, secretBytes),
      secret(secretKey) {
        checkLength('secret key', secretKey, secretBytes);
        const expanded = using.shake256(secretKey, pqSeedBytes + groupSeed);
        const ownPq = pq.secret(expanded.subarray(0, pqSeedBytes));
        const ownDh = groupSecret(expanded.subarray(pqSeedBytes));
        return {
          publicKey: concat(ownPq.publicKey, ownDh.publicKey),
          decapsulate(enc) {
            checkLength('encapsulation', enc, pq.ciphertextBytes + dh.publicBytes);
            const dhEnc = enc.subarray(pq.ciphertextBytes);
            return combine(
              ownPq.decapsulate(enc.subarray(0, pq.ciphertextBytes)),
              ownDh.shared(dhEnc),
              dhEnc,
              ownDh.publicKey,
            );
          },
        };
      },
      encapsulate(publicKey, randomness) {
        checkLength('public key', publicKey, pq.publicBytes + dh.publicBytes);
        const dhPublic = publicKey.subarray(pq.publicBytes);
        const ephemeral = groupSecret(randomness?.subarray(pqRandomBytes) ?? using.randomBytes(groupSeed));
        const ours = pq.encapsulate(publicKey.subarray(0, pq.publicBytes), randomness?.subarray(0, pqRandomBytes));
        return {
          sharedSecret: combine(ours.sharedSecret, ephemeral.shared(dhPublic), ephemeral.publicKey, dhPublic),
          enc: concat(ours.enc, ephemeral.publicKey),
        };
      },
    };
  };
}

function checkLength(what: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) {
    throw new TrustError('bad-key', `a hybrid ${what} has ${length} bytes, this has ${bytes.length}`);
  }
}
