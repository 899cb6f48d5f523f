// KEMs of HPKE by their registered number: RFC 9180 section 7.1 and draft-ietf-hpke-pq.
import { TrustError } from '../error.ts';
import type { Encapsulation, Primitives } from '../primitives/primitives.ts';
import { dhKem } from './dh-kem.ts';
import { hybridKem } from './hybrid-kem.ts';
import { mlKem } from './ml-kem.ts';

/** A secret key that has been read once; `decapsulate` throws TrustError 'bad-key' or 'bad-length' on a malformed `enc`. */
export interface KemSecret {
  readonly publicKey: Uint8Array;
  decapsulate(enc: Uint8Array): Uint8Array;
}

/** One key encapsulation mechanism; lengths in bytes under RFC 9180's names. */
export interface Kem {
  readonly id: number;
  readonly nEnc: number;
  readonly nPk: number;
  readonly nSk: number;
  secret(secretKey: Uint8Array): KemSecret;
  /** RFC 9180 DeriveKeyPair: a serialized secret key from input keying material. */
  deriveSecretKey(ikm: Uint8Array): Uint8Array;
  /** `randomness` is for published vectors only: leave it out. */
  encapsulate(publicKey: Uint8Array, randomness?: Uint8Array): Encapsulation;
}

type MakeKem = (using: Primitives, id: number) => Kem;

const kems: Readonly<Record<number, MakeKem>> = {
  16: dhKem('p256', 'sha256'),
  17: dhKem('p384', 'sha384'),
  18: dhKem('p521', 'sha512'),
  32: dhKem('x25519', 'sha256'),
  33: dhKem('x448', 'sha512'),
  64: mlKem(512),
  65: mlKem(768),
  66: mlKem(1024),
  80: hybridKem(768, 'p256', 128, 'MLKEM768-P256'),
  81: hybridKem(1024, 'p384', 48, 'MLKEM1024-P384'),
  25722: hybridKem(768, 'x25519', 32, '\\.//^\\'),
};

/** X-Wing: ML-KEM-768 with X25519 (draft-connolly-cfrg-xwing-kem; MLKEM768-X25519 in draft-ietf-hpke-pq). */
export const xWing = 0x647a;

/** Throws TrustError 'unsupported' on a number that is not in the table. */
export function makeKem(using: Primitives, id: number): Kem {
  const make = kems[id];
  if (!make) throw new TrustError('unsupported', `HPKE KEM 0x${id.toString(16)} is not supported`);
  return make(using, id);
}
