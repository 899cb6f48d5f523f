// HPKE base mode (RFC 9180 sections 5 and 6; one-stage key schedule of draft-ietf-hpke-hpke). Trap: a receiver's counter moves
// only when a message opened, so that a forged one cannot put it out of step.

import { concat, utf8 } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';
import type { AeadName, HashName, Primitives } from '../primitives/primitives.ts';
import { hashBytes, labeledExpand, labeledExtract } from './hkdf.ts';
import { i2osp2 } from './i2osp.ts';
import { type Kem, makeKem } from './kem.ts';
import { labeledDerive, type XofName } from './one-stage.ts';

type Kdf =
  | { readonly kind: 'two-stage'; readonly hash: HashName; readonly nh: number }
  | { readonly kind: 'one-stage'; readonly xof: XofName; readonly nh: number };

/** RFC 9180 section 7.2 and draft-ietf-hpke-pq section 5; `nh` in bytes. */
const kdfs: Readonly<Record<number, Kdf>> = {
  1: { kind: 'two-stage', hash: 'sha256', nh: hashBytes.sha256 },
  2: { kind: 'two-stage', hash: 'sha384', nh: hashBytes.sha384 },
  3: { kind: 'two-stage', hash: 'sha512', nh: hashBytes.sha512 },
  16: { kind: 'one-stage', xof: 'shake128', nh: 32 },
  17: { kind: 'one-stage', xof: 'shake256', nh: 64 },
  18: { kind: 'one-stage', xof: 'turboshake128', nh: 32 },
  19: { kind: 'one-stage', xof: 'turboshake256', nh: 64 },
};

interface Aead {
  readonly name: AeadName | undefined;
  readonly keyBytes: number;
  readonly nonceBytes: number;
}

/** RFC 9180 section 7.3; 0xffff seals nothing and only exports. */
const aeads: Readonly<Record<number, Aead>> = {
  1: { name: 'aes-128-gcm', keyBytes: 16, nonceBytes: 12 },
  2: { name: 'aes-256-gcm', keyBytes: 32, nonceBytes: 12 },
  3: { name: 'chacha20-poly1305', keyBytes: 32, nonceBytes: 12 },
  65535: { name: undefined, keyBytes: 0, nonceBytes: 0 },
};

/** A cipher suite by its registered numbers. */
export interface SuiteIds {
  readonly kem: number;
  readonly kdf: number;
  readonly aead: number;
}

/** RFC 9180 section 5.3: `length` in bytes, at most 255 * Nh with HKDF and 65,535 otherwise. */
type Export = (exporterContext: Uint8Array, length: number) => Uint8Array;

/** Seals messages in order; `enc` goes to the receiver first. */
export interface Sender {
  readonly enc: Uint8Array;
  seal(aad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  export: Export;
}

/** Opens messages in the order they were sealed; throws TrustError 'open-failed' and stays in step. */
export interface Receiver {
  open(aad: Uint8Array, ciphertext: Uint8Array): Uint8Array;
  export: Export;
}

/** Secrets of the key schedule: for published vectors. */
export interface Schedule {
  readonly key: Uint8Array;
  readonly baseNonce: Uint8Array;
  readonly exporterSecret: Uint8Array;
}

export interface Suite {
  readonly kem: Kem;
  schedule(sharedSecret: Uint8Array, info: Uint8Array): Schedule;
  /** `randomness` is for published vectors only: leave it out. */
  setupSender(publicKey: Uint8Array, info: Uint8Array, randomness?: Uint8Array): Sender;
  /** The secret key may be bytes, or one read before with `kem.secret`. */
  setupReceiver(secret: Uint8Array | ReturnType<Kem['secret']>, enc: Uint8Array, info: Uint8Array): Receiver;
}

/** Throws TrustError 'unsupported' where a number is not in its table. */
export function hpkeSuite(ids: SuiteIds, using: Primitives): Suite {
  const kem = makeKem(using, ids.kem);
  const kdf = kdfs[ids.kdf];
  const aead = aeads[ids.aead];
  if (!kdf) throw new TrustError('unsupported', `HPKE KDF 0x${ids.kdf.toString(16)} is not supported`);
  if (!aead) throw new TrustError('unsupported', `HPKE AEAD 0x${ids.aead.toString(16)} is not supported`);
  const suiteId = concat(utf8('HPKE'), i2osp2(ids.kem), i2osp2(ids.kdf), i2osp2(ids.aead));
  const schedule = keySchedule(using, kdf, aead, suiteId);

  const exporter =
    (secret: Uint8Array): Export =>
    (context, length) => {
      if (!(Number.isInteger(length) && length >= 0 && length <= 0xffff)) {
        throw new TrustError('bad-length', `an export has 0 to 65,535 bytes, ${length} were asked for`);
      }
      return kdf.kind === 'one-stage'
        ? labeledDerive(using, kdf.xof, suiteId, secret, 'sec', context, length)
        : labeledExpand(using, kdf.hash, suiteId, secret, 'sec', context, length);
    };

  return {
    kem,
    schedule,
    setupSender(publicKey, info, randomness) {
      const { sharedSecret, enc } = kem.encapsulate(publicKey, randomness);
      const s = schedule(sharedSecret, info);
      let sequence = 0;
      return {
        enc,
        seal(aad, plaintext) {
          const name = sealing(aead);
          return using.aeadSeal(name, s.key, nonce(s.baseNonce, sequence++), aad, plaintext);
        },
        export: exporter(s.exporterSecret),
      };
    },
    setupReceiver(secret, enc, info) {
      const read = secret instanceof Uint8Array ? kem.secret(secret) : secret;
      const s = schedule(read.decapsulate(enc), info);
      let sequence = 0;
      return {
        open(aad, ciphertext) {
          const name = sealing(aead);
          const plaintext = using.aeadOpen(name, s.key, nonce(s.baseNonce, sequence), aad, ciphertext);
          if (!plaintext) {
            throw new TrustError('open-failed', 'sealed bytes do not open: another key, another context, or changed');
          }
          sequence += 1;
          return plaintext;
        },
        export: exporter(s.exporterSecret),
      };
    },
  };
}

function sealing(aead: Aead): AeadName {
  if (!aead.name) throw new TrustError('unsupported', 'this HPKE suite only exports');
  return aead.name;
}

/** Base nonce XOR the sequence number, big-endian in the last bytes (ComputeNonce). */
function nonce(base: Uint8Array, sequence: number): Uint8Array {
  if (sequence > Number.MAX_SAFE_INTEGER - 1) throw new TrustError('message-limit', 'this HPKE context is used up');
  const out = base.slice();
  for (let i = out.length - 1, rest = sequence; rest > 0; i--, rest = Math.floor(rest / 256)) out[i] ^= rest % 256;
  return out;
}

function keySchedule(
  using: Primitives,
  kdf: Kdf,
  aead: Aead,
  suiteId: Uint8Array,
): (sharedSecret: Uint8Array, info: Uint8Array) => Schedule {
  const modeBase = Uint8Array.of(0);
  const none = new Uint8Array(0);
  if (kdf.kind === 'one-stage') {
    return (sharedSecret, info) => {
      const secrets = concat(i2osp2(0), i2osp2(sharedSecret.length), sharedSecret);
      const context = concat(modeBase, i2osp2(0), i2osp2(info.length), info);
      const length = aead.keyBytes + aead.nonceBytes + kdf.nh;
      const all = labeledDerive(using, kdf.xof, suiteId, secrets, 'secret', context, length);
      return {
        key: all.subarray(0, aead.keyBytes),
        baseNonce: all.subarray(aead.keyBytes, aead.keyBytes + aead.nonceBytes),
        exporterSecret: all.subarray(aead.keyBytes + aead.nonceBytes),
      };
    };
  }
  const { hash, nh } = kdf;
  const extract = (salt: Uint8Array, label: string, ikm: Uint8Array) =>
    labeledExtract(using, hash, suiteId, salt, label, ikm);
  const pskIdHash = extract(none, 'psk_id_hash', none);
  return (sharedSecret, info) => {
    const context = concat(modeBase, pskIdHash, extract(none, 'info_hash', info));
    const secret = extract(sharedSecret, 'secret', none);
    const expand = (label: string, length: number) =>
      labeledExpand(using, hash, suiteId, secret, label, context, length);
    return {
      key: expand('key', aead.keyBytes),
      baseNonce: expand('base_nonce', aead.nonceBytes),
      exporterSecret: expand('exp', nh),
    };
  };
}
