// Statements: canonical JSON payloads under hybrid signatures, the only thing that ever changes the hub's state.
// Trap: the id is the hash of what is signed (the DSSE PAE), never of the envelope: ML-DSA is hedged, one act has many envelopes.
import { crypto } from '#crypto';
import { toHex, utf8 } from '../bytes/bytes.ts';
import { canonicalJson, type Json, parseCanonical } from '../canonical/canonical.ts';
import { TrustError } from '../error.ts';
import { type HybridPublicKey, keyId, type Signer } from '../keys/hybrid.ts';
import type { Refusal } from '../refusal.ts';
import { preAuthEncoding, readEnvelope, type SignerSignature, writeEnvelope } from './envelope.ts';

/** Size and root (64 hexadecimal digits) of a final checkpoint that the signer had seen. */
export interface Seen {
  readonly size: number;
  readonly root: string;
}

/** What is signed. The charter decides which kinds exist, what their bodies hold, and which may go without `seen` or `until`. */
export interface Payload {
  /** Dotted lower-case words, e.g. `study.approve`; at most 64 characters. */
  readonly kind: string;
  /** ASCII handle of the organisation that speaks; at most 64 characters. */
  readonly org: string;
  readonly body: { readonly [key: string]: Json };
  readonly seen?: Seen;
  /** Log time in whole seconds; afterwards the statement is too late. */
  readonly until?: number;
}

/** A statement whose form was checked; its signatures were not. `bytes` is the envelope, `payloadBytes` the canonical payload. */
export interface Opened extends Payload {
  readonly id: string;
  readonly payload: Payload;
  readonly payloadBytes: Uint8Array;
  readonly signatures: readonly SignerSignature[];
  readonly bytes: Uint8Array;
}

const kindPattern = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/;
const orgPattern = /^[A-Za-z0-9][A-Za-z0-9._:-]*$/;
const rootPattern = /^[0-9a-f]{64}$/;

/** Id of a statement from its canonical payload bytes: SHA-256 of the PAE, 64 hexadecimal digits. */
export function statementId(payloadBytes: Uint8Array): string {
  return toHex(crypto.sha256(preAuthEncoding(payloadBytes)));
}

/** Signs with one to four signers and returns the envelope. Throws what `openStatement` would throw on the result. */
export async function signStatement(payload: Payload, signers: readonly Signer[]): Promise<Uint8Array> {
  checkPayload(payload);
  const payloadBytes = utf8(canonicalJson(payload as unknown as Json));
  const message = preAuthEncoding(payloadBytes);
  const signatures = await Promise.all(
    signers.map(async signer => ({ keyId: signer.keyId, ...(await signer.sign(message)) })),
  );
  return writeEnvelope(payloadBytes, signatures);
}

/**
 * Reads an envelope strictly. Throws TrustError: `oversize`, `bad-text`, `bad-json`, `not-canonical`, `bad-shape`, `too-deep`,
 * `too-many-keys`, `one-signature-missing`, `too-many-signers`. Signatures are checked by `verifyStatement`.
 */
export function openStatement(bytes: Uint8Array): Opened {
  const { payload: payloadBytes, signatures } = readEnvelope(bytes);
  const payload = parseCanonical(payloadBytes) as unknown as Payload;
  checkPayload(payload);
  return { ...payload, id: statementId(payloadBytes), payload, payloadBytes, signatures, bytes };
}

function checkPayload(value: Payload): void {
  const shape = (why: string) => new TrustError('bad-shape', `the payload ${why}`);
  if (!isObject(value)) throw shape('is not an object');
  for (const key of Object.keys(value)) {
    if (!['body', 'kind', 'org', 'seen', 'until'].includes(key))
      throw shape(`has a field ${JSON.stringify(key.slice(0, 80))}`);
  }
  const { kind, org, body, seen, until } = value;
  if (typeof kind !== 'string' || kind.length > 64 || !kindPattern.test(kind))
    throw shape('has no kind like study.approve');
  if (typeof org !== 'string' || org.length > 64 || !orgPattern.test(org))
    throw shape('names no organisation by its ASCII handle');
  if (!isObject(body)) throw shape('has no body');
  if (until !== undefined && !isCount(until)) throw shape('has an until that is not whole seconds of log time');
  if (seen !== undefined) {
    const exact = isObject(seen) && Object.keys(seen).length === 2 && isCount(seen.size);
    if (!exact || typeof seen.root !== 'string' || !rootPattern.test(seen.root))
      throw shape('has a seen without size and root');
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** `signers` are key ids in envelope order; every one of them signed with both algorithms. */
export type Verified =
  | { readonly ok: true; readonly signers: readonly string[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** Verifies both signatures of every signer. Refusals: `unknown-key`, `wrong-signature`. */
export function verifyStatement(opened: Opened, keyOf: (keyId: string) => HybridPublicKey | undefined): Verified {
  const message = preAuthEncoding(opened.payloadBytes);
  for (const signature of opened.signatures) {
    const key = keyOf(signature.keyId);
    const unknown = checkKey(signature.keyId, key);
    if (unknown) return unknown;
    for (const half of ['ed25519', 'mldsa65'] as const) {
      if (!crypto.verify(half, signature[half], message, key![half])) return wrongSignature(signature.keyId, half);
    }
  }
  return { ok: true, signers: opened.signatures.map(signature => signature.keyId) };
}

/** The same, beside this thread where the platform can: in Node many at once use all cores and leave this thread free. */
export async function verifyStatementBeside(
  opened: Opened,
  keyOf: (keyId: string) => HybridPublicKey | undefined,
): Promise<Verified> {
  const message = preAuthEncoding(opened.payloadBytes);
  for (const signature of opened.signatures) {
    const key = keyOf(signature.keyId);
    const unknown = checkKey(signature.keyId, key);
    if (unknown) return unknown;
    const halves = ['ed25519', 'mldsa65'] as const;
    const good = await Promise.all(halves.map(half => crypto.verifyBeside(half, signature[half], message, key![half])));
    const bad = halves.find((_, i) => !good[i]);
    if (bad) return wrongSignature(signature.keyId, bad);
  }
  return { ok: true, signers: opened.signatures.map(signature => signature.keyId) };
}

/** Ids of keys that were hashed before: the same key signs most of a log. */
const ids = new WeakMap<HybridPublicKey, string>();

function checkKey(id: string, key: HybridPublicKey | undefined): Verified | undefined {
  const known = key && (ids.get(key) ?? keyId(key));
  if (key && known) ids.set(key, known);
  if (known === id) return undefined;
  const why = key ? `the key on record for ${id} is another key` : `key ${id} is not known here`;
  return { ok: false, refusal: { code: 'unknown-key', why } };
}

function wrongSignature(id: string, half: 'ed25519' | 'mldsa65'): Verified {
  const name = half === 'ed25519' ? 'Ed25519' : 'ML-DSA-65';
  return { ok: false, refusal: { code: 'wrong-signature', why: `the ${name} signature of key ${id} does not verify` } };
}
