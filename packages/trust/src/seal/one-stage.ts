// One-stage KDFs of HPKE: SHAKE and TurboSHAKE (draft-ietf-hpke-hpke section 4, draft-ietf-hpke-pq section 5; RFC 9861).
// Trap: here the label carries its length and the output length comes after it, unlike HKDF's labelled form.
import { turboshake128, turboshake256 } from '@noble/hashes/sha3-addons.js';
import { concat, utf8 } from '../bytes/bytes.ts';
import type { Primitives } from '../primitives/primitives.ts';
import { i2osp2 } from './i2osp.ts';

export type XofName = 'shake128' | 'shake256' | 'turboshake128' | 'turboshake256';

/** Byte 0x1f ends the message of TurboSHAKE unless a protocol says otherwise (RFC 9861 section 2). */
const turboDomain = 0x1f;

function xof(using: Primitives, name: XofName, message: Uint8Array, length: number): Uint8Array {
  // OpenSSL refuses an output of no bytes.
  if (length === 0) return new Uint8Array(0);
  switch (name) {
    case 'shake128':
      return using.shake128(message, length);
    case 'shake256':
      return using.shake256(message, length);
    case 'turboshake128':
      return turboshake128(message, { D: turboDomain, dkLen: length });
    case 'turboshake256':
      return turboshake256(message, { D: turboDomain, dkLen: length });
  }
}

/** LabeledDerive; `length` in bytes, at most 65,535. */
export function labeledDerive(
  using: Primitives,
  name: XofName,
  suiteId: Uint8Array,
  ikm: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array {
  const text = utf8(label);
  const message = concat(ikm, utf8('HPKE-v1'), suiteId, i2osp2(text.length), text, i2osp2(length), context);
  return xof(using, name, message, length);
}

/** The secret key of `length` bytes that a KEM with SHAKE256 derives from input of any length (draft-ietf-hpke-pq section 3). */
export function deriveKeySeed(using: Primitives, kemId: number, ikm: Uint8Array, length: number): Uint8Array {
  const suiteId = concat(utf8('KEM'), i2osp2(kemId));
  return labeledDerive(using, 'shake256', suiteId, ikm, 'DeriveKeyPair', new Uint8Array(0), length);
}
