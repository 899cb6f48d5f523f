// DHKEM (RFC 9180 sections 4.1 and 7.1.3). Trap: P-521 secret keys are drawn with the top seven bits cleared.

import { concat, utf8 } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';
import type { CurveName, HashName, Primitives } from '../primitives/primitives.ts';
import { hashBytes, labeledExpand, labeledExtract } from './hkdf.ts';
import { i2osp2 } from './i2osp.ts';
import type { Kem } from './kem.ts';

const none = new Uint8Array(0);

export function dhKem(curve: CurveName, hash: HashName): (using: Primitives, id: number) => Kem {
  return (using, id) => {
    const dh = using.dh(curve);
    const suiteId = concat(utf8('KEM'), i2osp2(id));
    const nSecret = hashBytes[hash];

    const sharedSecret = (dhValue: Uint8Array, kemContext: Uint8Array): Uint8Array => {
      const prk = labeledExtract(using, hash, suiteId, none, 'eae_prk', dhValue);
      return labeledExpand(using, hash, suiteId, prk, 'shared_secret', kemContext, nSecret);
    };

    const deriveSecretKey = (ikm: Uint8Array): Uint8Array => {
      const prk = labeledExtract(using, hash, suiteId, none, 'dkp_prk', ikm);
      if (curve === 'x25519' || curve === 'x448') {
        return labeledExpand(using, hash, suiteId, prk, 'sk', none, dh.secretBytes);
      }
      for (let counter = 0; counter < 256; counter++) {
        const candidate = labeledExpand(using, hash, suiteId, prk, 'candidate', Uint8Array.of(counter), dh.secretBytes);
        if (curve === 'p521') candidate[0] &= 0x01;
        if (isScalar(candidate, () => dh.secret(candidate))) return candidate;
      }
      throw new TrustError('bad-key', 'no secret key came out of this keying material');
    };

    return {
      id,
      nEnc: dh.publicBytes,
      nPk: dh.publicBytes,
      nSk: dh.secretBytes,
      deriveSecretKey,
      secret(secretKey) {
        const own = dh.secret(secretKey);
        return {
          publicKey: own.publicKey,
          decapsulate: enc => sharedSecret(own.shared(enc), concat(enc, own.publicKey)),
        };
      },
      encapsulate(publicKey, randomness) {
        const ephemeral = dh.secret(deriveSecretKey(randomness ?? using.randomBytes(dh.secretBytes)));
        const enc = ephemeral.publicKey;
        return { sharedSecret: sharedSecret(ephemeral.shared(publicKey), concat(enc, publicKey)), enc };
      },
    };
  };
}

/** Whether the curve takes these bytes as a scalar: zero and anything from the order up is refused. */
export function isScalar(candidate: Uint8Array, read: () => unknown): boolean {
  if (candidate.every(byte => byte === 0)) return false;
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
