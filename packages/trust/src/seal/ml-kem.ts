// ML-KEM alone as an HPKE KEM (draft-ietf-hpke-pq section 3). The secret key is the 64-byte seed.

import { TrustError } from '../error.ts';
import type { MlKemSize, Primitives } from '../primitives/primitives.ts';
import type { Kem } from './kem.ts';
import { deriveKeySeed } from './one-stage.ts';

const seedBytes = 64;

export function mlKem(size: MlKemSize): (using: Primitives, id: number) => Kem {
  return (using, id) => {
    const kem = using.mlKem(size);
    return {
      id,
      nEnc: kem.ciphertextBytes,
      nPk: kem.publicBytes,
      nSk: seedBytes,
      deriveSecretKey: ikm => deriveKeySeed(using, id, ikm, seedBytes),
      secret(seed) {
        if (seed.length !== seedBytes) {
          throw new TrustError('bad-key', `an ML-KEM secret key has ${seedBytes} bytes, this has ${seed.length}`);
        }
        return kem.secret(seed);
      },
      encapsulate: (publicKey, randomness) => kem.encapsulate(publicKey, randomness),
    };
  };
}
