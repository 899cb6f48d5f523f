// The DSSE envelope (secure-systems-lab DSSE 1.0) of a statement, in one canonical form, and its pre-authentication encoding (PAE).
// Trap: DSSE leaves JSON form, key ids and order free. Here they are fixed, so that an envelope has one text: canonical JSON, signers
// by key id, for each first Ed25519 then ML-DSA-65, key id `<algorithm>:<64 hexadecimal digits>`.
import { concat, fromBase64, fromUtf8, toBase64, utf8 } from '../bytes/bytes.ts';
import { signatureBytes } from '../crypto/port.ts';
import { TrustError } from '../error.ts';
import { maxEntryBytes } from '../log/tiles.ts';

export const payloadType = 'application/vnd.madang.statement+json';
export const maxPayloadBytes = 32_768;
export const maxSigners = 4;

/** One signer's two signatures. */
export interface SignerSignature {
  readonly keyId: string;
  readonly ed25519: Uint8Array;
  readonly mldsa65: Uint8Array;
}

const halves = ['ed25519', 'mldsa65'] as const;

/** What is signed: "DSSEv1" SP LEN(type) SP type SP LEN(payload) SP payload. It labels itself by its type. */
export function preAuthEncoding(payload: Uint8Array): Uint8Array {
  return concat(utf8(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `), payload);
}

/** The envelope's one text. `signatures` in any order. Throws `too-many-signers`, `oversize`, `bad-shape` (a key twice, or none). */
export function writeEnvelope(payload: Uint8Array, signatures: readonly SignerSignature[]): Uint8Array {
  const sorted = [...signatures].sort((a, b) => (a.keyId < b.keyId ? -1 : a.keyId > b.keyId ? 1 : 0));
  checkSigners(sorted);
  const entries = sorted.flatMap(s => halves.map(h => ({ keyid: `${h}:${s.keyId}`, sig: toBase64(s[h]) })));
  const bytes = utf8(envelopeText({ payload: toBase64(payload), signatures: entries }));
  checkSizes(bytes, payload);
  return bytes;
}

/** Key ids and base64 as they are: reading checks that both are in their one form. */
function envelopeText({ payload, signatures }: Fields): string {
  const entries = signatures.map(({ keyid, sig }) => `{"keyid":"${keyid}","sig":"${sig}"}`);
  return `{"payload":"${payload}","payloadType":"${payloadType}","signatures":[${entries.join(',')}]}`;
}

/**
 * Takes an envelope apart. Throws `oversize`, `bad-text`, `bad-json`, `bad-shape`, `one-signature-missing`, `too-many-signers`,
 * `not-canonical`; each before more work is done than the bytes deserve.
 */
export function readEnvelope(bytes: Uint8Array): { payload: Uint8Array; signatures: readonly SignerSignature[] } {
  if (bytes.length > maxEntryBytes) throw oversize('statement', bytes.length, maxEntryBytes);
  const text = fromUtf8(bytes);
  const fields = parseFields(text);
  const payload = fromBase64(fields.payload);
  checkSizes(bytes, payload);
  const signatures = pairUp(fields.signatures);
  checkSigners(signatures);
  if (envelopeText(fields) !== text) {
    throw new TrustError('not-canonical', 'the envelope is not in its one canonical form');
  }
  return { payload, signatures };
}

interface Fields {
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

function parseFields(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new TrustError('bad-json', 'the statement is not JSON', { cause });
  }
  const shape = (why: string) => new TrustError('bad-shape', `the envelope ${why}`);
  if (typeof value !== 'object' || value === null) throw shape('is not an object');
  const { payload, payloadType: type, signatures } = value as Record<string, unknown>;
  if (typeof payload !== 'string') throw shape('has no payload');
  if (type !== payloadType) throw shape(`is not of type ${payloadType}`);
  if (!Array.isArray(signatures)) throw shape('has no list of signatures');
  if (signatures.length > 2 * maxSigners) throw tooManySigners(signatures.length / 2);
  for (const item of signatures as unknown[]) {
    const entry = item as { keyid?: unknown; sig?: unknown } | null;
    if (typeof entry?.keyid !== 'string' || typeof entry.sig !== 'string')
      throw shape('has a signature without keyid or sig');
  }
  return { payload, signatures: signatures as Fields['signatures'] };
}

function pairUp(entries: Fields['signatures']): SignerSignature[] {
  const signers: SignerSignature[] = [];
  for (let i = 0; i < entries.length; ) {
    const match = /^(ed25519|mldsa65):([0-9a-f]{64})$/.exec(entries[i].keyid);
    if (!match)
      throw new TrustError(
        'bad-shape',
        `the envelope has a signature with key id ${JSON.stringify(entries[i].keyid.slice(0, 80))}`,
      );
    const id = match[2];
    if (match[1] !== 'ed25519' || entries[i + 1]?.keyid !== `mldsa65:${id}`) {
      const missing = match[1] === 'ed25519' ? 'ML-DSA-65' : 'Ed25519';
      throw new TrustError('one-signature-missing', `signer ${id} has no ${missing} signature beside the other one`);
    }
    signers.push({
      keyId: id,
      ed25519: signature(entries[i], 'ed25519'),
      mldsa65: signature(entries[i + 1], 'mldsa65'),
    });
    i += 2;
  }
  return signers;
}

function signature(entry: { readonly keyid: string; readonly sig: string }, half: 'ed25519' | 'mldsa65'): Uint8Array {
  const bytes = fromBase64(entry.sig);
  const expected = signatureBytes[half].signature;
  if (bytes.length !== expected) {
    throw new TrustError('bad-shape', `the signature of ${entry.keyid} has ${bytes.length} bytes, not ${expected}`);
  }
  return bytes;
}

function checkSigners(sorted: readonly SignerSignature[]): void {
  if (sorted.length === 0) throw new TrustError('bad-shape', 'the statement has no signature');
  if (sorted.length > maxSigners) throw tooManySigners(sorted.length);
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i - 1].keyId === sorted[i].keyId)
      throw new TrustError('bad-shape', `key ${sorted[i].keyId} signs twice`);
    if (sorted[i - 1].keyId > sorted[i].keyId)
      throw new TrustError('not-canonical', 'signers are not in the order of their key ids');
  }
}

function checkSizes(bytes: Uint8Array, payload: Uint8Array): void {
  if (payload.length > maxPayloadBytes) throw oversize('payload', payload.length, maxPayloadBytes);
  if (bytes.length > maxEntryBytes) throw oversize('statement', bytes.length, maxEntryBytes);
}

function oversize(what: string, length: number, limit: number): TrustError {
  return new TrustError(
    'oversize',
    `the ${what} has ${length} bytes; the limit is ${limit}. Put large content in a blob and name its SHA-256`,
  );
}

function tooManySigners(count: number): TrustError {
  return new TrustError(
    'too-many-signers',
    `${count} signers; a statement takes ${maxSigners}, more sign by endorsement`,
  );
}
