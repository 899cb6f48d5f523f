// Verifier keys and the three signature types we know: Ed25519 over the note (0x01, signed-note), Ed25519 cosignature/v1 (0x04) and
// ML-DSA-44 subtree/v1 (0x06), both of tlog-cosignature. Trap: 0x06 signs origin, size and root, not the text.
import { crypto } from '#crypto';
import { concat, fromBase64, toBase64, toHex, utf8 } from '../bytes/bytes.ts';
import { signatureBytes } from '../crypto/port.ts';
import { TrustError } from '../error.ts';
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { isKeyName, keyIdBytes, type Note, type NoteSignature, parseNote } from './note.ts';

export const noteEd25519 = 0x01;
export const cosignatureEd25519 = 0x04;
export const cosignatureMldsa44 = 0x06;
export type SignatureType = typeof noteEd25519 | typeof cosignatureEd25519 | typeof cosignatureMldsa44;

/** A key that notes are checked against. */
export interface NoteVerifier {
  readonly name: string;
  readonly keyId: number;
  readonly type: SignatureType;
  readonly publicKey: Uint8Array;
}

const algorithmOf = {
  [noteEd25519]: 'ed25519',
  [cosignatureEd25519]: 'ed25519',
  [cosignatureMldsa44]: 'mldsa44',
} as const;

/** A verifier with its key id: SHA-256(name || 0x0A || type || key)[:4]. Throws `bad-key`, `bad-note`. */
export function noteVerifier(name: string, type: SignatureType, publicKey: Uint8Array): NoteVerifier {
  if (!isKeyName(name) || utf8(name).length > 255)
    throw new TrustError('bad-note', `${JSON.stringify(name)} cannot name a key`);
  const expected = signatureBytes[algorithmOf[type]].publicKey;
  if (publicKey.length !== expected)
    throw new TrustError('bad-key', `the key of ${name} has ${publicKey.length} bytes, not ${expected}`);
  const digest = crypto.sha256(concat(utf8(`${name}\n`), Uint8Array.of(type), publicKey));
  return { name, type, publicKey, keyId: new DataView(digest.buffer, digest.byteOffset).getUint32(0) };
}

/** `name+hash+base64`. */
export function formatVerifierKey({ name, keyId, type, publicKey }: NoteVerifier): string {
  return `${name}+${toHex(keyIdBytes(keyId))}+${toBase64(concat(Uint8Array.of(type), publicKey))}`;
}

/** Reads a verifier key. Throws `bad-note`, `bad-key`, `bad-text`, and `unsupported` for another signature type. */
export function parseVerifierKey(text: string): NoteVerifier {
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u.exec(text);
  if (!match) throw new TrustError('bad-note', 'not a verifier key of the form name+hash+base64');
  const bytes = fromBase64(match[3]);
  const type = bytes[0];
  if (type !== noteEd25519 && type !== cosignatureEd25519 && type !== cosignatureMldsa44) {
    throw new TrustError('unsupported', `signature type 0x${toHex(bytes.subarray(0, 1))} of key ${match[1]}`);
  }
  const verifier = noteVerifier(match[1], type, bytes.subarray(1));
  if (toHex(keyIdBytes(verifier.keyId)) !== match[2])
    throw new TrustError('bad-key', `the hash in the key of ${match[1]} is not its own`);
  return verifier;
}

/** "cosignature/v1", a time line, and the whole note text. `time` in POSIX seconds. */
export function cosignatureMessage(text: string, time: bigint): Uint8Array {
  return utf8(`cosignature/v1\ntime ${time}\n${text}`);
}

/** tlog-cosignature's `cosigned_message` for a whole tree. */
export function subtreeMessage(
  cosigner: string,
  time: bigint,
  origin: string,
  size: number,
  root: Uint8Array,
): Uint8Array {
  const [name, log] = [utf8(cosigner), utf8(origin)];
  return concat(
    utf8('subtree/v1\n\0'),
    Uint8Array.of(name.length),
    name,
    uint64(time),
    Uint8Array.of(log.length),
    log,
    uint64(0n),
    uint64(BigInt(size)),
    root,
  );
}

export function uint64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

/** A signature that verified; `time` in POSIX seconds for cosignatures (0: none stated), undefined for plain ones. */
export interface VerifiedSignature {
  readonly verifier: NoteVerifier;
  readonly time?: number;
}

/** Checks one signature that claims to be by this verifier; undefined if it does not verify. */
export function verifyNoteSignature(
  verifier: NoteVerifier,
  text: string,
  signature: Uint8Array,
): VerifiedSignature | undefined {
  const algorithm = algorithmOf[verifier.type];
  if (verifier.type === noteEd25519) {
    return crypto.verify(algorithm, signature, utf8(text), verifier.publicKey) ? { verifier } : undefined;
  }
  if (signature.length !== 8 + signatureBytes[algorithm].signature) return undefined;
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  if (time > 0x7fff_ffff_ffff_ffffn) return undefined;
  const message = timedMessage(verifier, text, time);
  if (!message || !crypto.verify(algorithm, signature.subarray(8), message, verifier.publicKey)) return undefined;
  return { verifier, time: Number(time) };
}

function timedMessage(verifier: NoteVerifier, text: string, time: bigint): Uint8Array | undefined {
  try {
    const { origin, size, root } = parseCheckpoint(text);
    return verifier.type === cosignatureEd25519
      ? cosignatureMessage(text, time)
      : subtreeMessage(verifier.name, time, origin, size, root);
  } catch {
    return undefined; // Cosignatures are on checkpoints only.
  }
}

/** A note and the signatures on it that known keys made. */
export interface OpenedNote extends Note {
  readonly verified: readonly VerifiedSignature[];
}

/**
 * Reads a note and verifies it by known keys: unknown ones are ignored, a repeated signature of one key counts once.
 * Throws `bad-signature` if a known key's signature fails, or if no known key signed; `bad-note`, `bad-text`, `oversize`.
 */
export function openNote(input: Uint8Array | string, verifiers: readonly NoteVerifier[]): OpenedNote {
  const note = parseNote(input);
  const verified: VerifiedSignature[] = [];
  for (const verifier of verifiers) {
    for (const { signature } of signaturesBy(verifier, note.signatures)) {
      const result = verifyNoteSignature(verifier, note.text, signature);
      if (!result) throw new TrustError('bad-signature', `the signature of ${verifier.name} does not verify`);
      if (!verified.some(known => known.verifier === verifier)) verified.push(result);
    }
  }
  if (verified.length === 0) throw new TrustError('bad-signature', 'the note has no signature by a known key');
  return { ...note, verified };
}

/** The signature lines that name this verifier. */
export function signaturesBy(verifier: NoteVerifier, signatures: readonly NoteSignature[]): NoteSignature[] {
  return signatures.filter(({ name, keyId }) => name === verifier.name && keyId === verifier.keyId);
}

/** A checkpoint and the note it came in. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: OpenedNote;
}

/** Reads a checkpoint that every one of `verifiers` must have signed. Throws as `openNote`, also when one signature is missing. */
export function openCheckpoint(input: Uint8Array | string, verifiers: readonly NoteVerifier[]): SignedCheckpoint {
  const note = openNote(input, verifiers);
  const missing = verifiers.find(verifier => !note.verified.some(result => result.verifier === verifier));
  if (missing) {
    throw new TrustError(
      'bad-signature',
      `the checkpoint has no signature of type 0x0${missing.type} by ${missing.name}`,
    );
  }
  const checkpoint = parseCheckpoint(note.text);
  if (formatCheckpoint(checkpoint) !== note.text)
    throw new TrustError('bad-note', 'the checkpoint has another form than its own');
  return { ...checkpoint, note };
}
