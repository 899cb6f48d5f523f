// HPKE vectors: RFC 9180's own form (each encryption listed) and the accumulated form, in which 1,000 drawn messages are sealed
// and 1,000 secrets exported, and SHAKE128 over all of them is compared. Encapsulation from given randomness runs on the
// portable implementation; the platform's opens what it sealed, so both are held to the vectors.
import { hpkeSuite, implementations, type Primitives } from '@madang/trust/vectors';
import type { Suite } from '../suite.ts';
import {
  hex,
  integer,
  type JsonObject,
  objects,
  runCases,
  sameBytes,
  Unreadable,
  Unsupported,
} from '../vector-file.ts';

type Hpke = ReturnType<typeof hpkeSuite>;

const exportOnly = 0xffff;
const accumulatedRounds = 1000;
/** No vector needs to skip further ahead in the sequence of nonces. */
const maxSkipped = 100_000;

export const hpke: Suite = async folder =>
  runCases(
    folder,
    runVector,
    c => ` ${['kem_id', 'kdf_id', 'aead_id'].map(field => `${field} ${c[field]}`).join(' ')}`,
  );

function runVector(c: JsonObject): boolean {
  const mode = integer(c, 'mode');
  if (mode !== 0) throw new Unsupported(`HPKE mode ${mode}`);
  const ids = { kem: integer(c, 'kem_id'), kdf: integer(c, 'kdf_id'), aead: integer(c, 'aead_id') };
  const [platform, portable] = implementations.map(using => hpkeSuite(ids, using));
  const info = hex(c, 'info');

  const secretKey = hex(c, 'skRm');
  for (const suite of [platform, portable]) {
    if (c.ikmR !== undefined)
      expect('skRm', serialized(ids.kem, suite.kem.deriveSecretKey(hex(c, 'ikmR'))), serialized(ids.kem, secretKey));
    expect('pkRm', suite.kem.secret(secretKey).publicKey, hex(c, 'pkRm'));
    if (c.shared_secret === undefined) continue;
    const sharedSecret = hex(c, 'shared_secret');
    expect('shared_secret', suite.kem.secret(secretKey).decapsulate(hex(c, 'enc')), sharedSecret);
    const schedule = suite.schedule(sharedSecret, info);
    if (c.key !== undefined) expect('key', schedule.key, hex(c, 'key'));
    if (c.base_nonce !== undefined) expect('base_nonce', schedule.baseNonce, hex(c, 'base_nonce'));
    if (c.exporter_secret !== undefined) expect('exporter_secret', schedule.exporterSecret, hex(c, 'exporter_secret'));
  }

  const sender = portable.setupSender(hex(c, 'pkRm'), info, hex(c, 'ikmE'));
  expect('enc', sender.enc, hex(c, 'enc'));
  const ends = { sender, receiver: platform.setupReceiver(secretKey, sender.enc, info) };
  let compared = 0;
  if (ids.aead !== exportOnly) {
    if (c.encryptions_accumulated !== undefined) {
      expect('encryptions_accumulated', accumulateSealed(ends), hex(c, 'encryptions_accumulated'));
      compared += 1;
    }
    if (Array.isArray(c.encryptions)) compared += runEncryptions(c, platform, portable);
  } else {
    mustRefuse(() => sender.seal(info, info));
  }
  if (c.exports_accumulated !== undefined) {
    expect('exports_accumulated', accumulateExports(ends), hex(c, 'exports_accumulated'));
    compared += 1;
  }
  if (Array.isArray(c.exports) && c.exports.length > 0) {
    for (const e of objects(c, 'exports')) {
      const value = hex(e, 'exported_value');
      const length = integer(e, 'L');
      for (const end of [ends.sender, ends.receiver])
        expect('export', end.export(hex(e, 'exporter_context'), length), value);
      compared += 1;
    }
  }
  if (compared === 0) throw new Unreadable('a vector with nothing to compare');
  return true;
}

/** Each listed encryption, at the place in the sequence that its nonce names, sealed and opened by both implementations. */
function runEncryptions(c: JsonObject, platform: Hpke, portable: Hpke): number {
  const list = objects(c, 'encryptions');
  const info = hex(c, 'info');
  const sender = portable.setupSender(hex(c, 'pkRm'), info, hex(c, 'ikmE'));
  const receivers = [platform, portable].map(suite => suite.setupReceiver(hex(c, 'skRm'), sender.enc, info));
  const base = portable.schedule(portable.kem.secret(hex(c, 'skRm')).decapsulate(sender.enc), info).baseNonce;
  const none = new Uint8Array(0);
  let sequence = 0;
  for (const e of list) {
    const at = e.nonce === undefined ? sequence : sequenceOf(hex(e, 'nonce'), base);
    if (at < sequence || at > maxSkipped) throw new Unreadable('encryptions are not in the order of their nonces');
    for (; sequence < at; sequence++) {
      const skipped = sender.seal(none, none);
      for (const receiver of receivers) receiver.open(none, skipped);
    }
    const aad = hex(e, 'aad');
    expect(`ct ${at}`, sender.seal(aad, hex(e, 'pt')), hex(e, 'ct'));
    for (const receiver of receivers) expect(`pt ${at}`, receiver.open(aad, hex(e, 'ct')), hex(e, 'pt'));
    sequence += 1;
  }
  return list.length;
}

function sequenceOf(nonce: Uint8Array, base: Uint8Array): number {
  return nonce.reduce((sequence, byte, i) => sequence * 256 + (byte ^ base[i]), 0);
}

type Ends = { readonly sender: ReturnType<Hpke['setupSender']>; readonly receiver: ReturnType<Hpke['setupReceiver']> };

function accumulateSealed({ sender, receiver }: Ends): Uint8Array {
  const draw = drawer();
  const sealed: Uint8Array[] = [];
  for (let i = 0; i < accumulatedRounds; i++) {
    const aad = draw();
    const plaintext = draw();
    const ciphertext = sender.seal(aad, plaintext);
    expect('opened', receiver.open(aad, ciphertext), plaintext);
    sealed.push(ciphertext);
  }
  return digest(sealed);
}

function accumulateExports({ sender, receiver }: Ends): Uint8Array {
  const draw = drawer();
  const exported: Uint8Array[] = [];
  for (let length = 0; length < accumulatedRounds; length++) {
    const context = draw();
    const value = sender.export(context, length);
    expect('exported', receiver.export(context, length), value);
    exported.push(value);
  }
  return digest(exported);
}

const shake: Primitives = implementations[0];

/** SHAKE128 of nothing as a source: a length byte, then as many bytes. */
function drawer(): () => Uint8Array {
  const stream = shake.shake128(new Uint8Array(0), accumulatedRounds * 2 * 256);
  let at = 0;
  return () => {
    const length = stream[at];
    const drawn = stream.subarray(at + 1, at + 1 + length);
    at += 1 + length;
    return drawn;
  };
}

function digest(parts: readonly Uint8Array[]): Uint8Array {
  return shake.shake128(Buffer.concat(parts), 16);
}

/** X25519 and X448 secrets are serialized clamped or not: the same key either way (RFC 9180 section 7.1.2). */
function serialized(kem: number, secretKey: Uint8Array): Uint8Array {
  const key = Uint8Array.from(secretKey);
  if (kem === 0x20) {
    key[0] &= 248;
    key[31] = (key[31] & 127) | 64;
  } else if (kem === 0x21) {
    key[0] &= 252;
    key[55] |= 128;
  }
  return key;
}

function expect(what: string, got: Uint8Array, wanted: Uint8Array): void {
  if (!sameBytes(got, wanted)) throw new Error(`${what} differs`);
}

function mustRefuse(run: () => unknown): void {
  try {
    run();
  } catch {
    return;
  }
  throw new Error('an export-only suite sealed');
}
