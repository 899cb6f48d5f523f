// HKDF (RFC 5869) and its labelled forms in HPKE (RFC 9180 section 4). Trap: an absent salt is HashLen zero bytes, which HMAC's
// key padding makes the same as an empty key.

import { concat, utf8 } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';
import type { HashName, Primitives } from '../primitives/primitives.ts';
import { i2osp2 } from './i2osp.ts';

export const hashBytes: Record<HashName, number> = { sha256: 32, sha384: 48, sha512: 64 };

const version = utf8('HPKE-v1');

export function hkdfExtract(using: Primitives, hash: HashName, salt: Uint8Array, ikm: Uint8Array): Uint8Array {
  return using.hmac(hash, salt, ikm);
}

/** `length` in bytes, at most 255 times the hash's length (TrustError 'bad-length' above). */
export function hkdfExpand(
  using: Primitives,
  hash: HashName,
  prk: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  const step = hashBytes[hash];
  if (!(length >= 0 && length <= 255 * step)) {
    throw new TrustError('bad-length', `HKDF gives at most ${255 * step} bytes, ${length} were asked for`);
  }
  const out = new Uint8Array(length);
  let block: Uint8Array = new Uint8Array(0);
  for (let at = 0, counter = 1; at < length; at += step, counter++) {
    block = using.hmac(hash, prk, concat(block, info, Uint8Array.of(counter)));
    out.set(block.subarray(0, length - at), at);
  }
  return out;
}

export function labeledExtract(
  using: Primitives,
  hash: HashName,
  suiteId: Uint8Array,
  salt: Uint8Array,
  label: string,
  ikm: Uint8Array,
): Uint8Array {
  return hkdfExtract(using, hash, salt, concat(version, suiteId, utf8(label), ikm));
}

export function labeledExpand(
  using: Primitives,
  hash: HashName,
  suiteId: Uint8Array,
  prk: Uint8Array,
  label: string,
  info: Uint8Array,
  length: number,
): Uint8Array {
  const labeledInfo = concat(i2osp2(length), version, suiteId, utf8(label), info);
  return hkdfExpand(using, hash, prk, labeledInfo, length);
}
