// Signed notes and verifier keys (C2SP signed-note v1.0.0). Signature types live in verifier.ts.
// Traps: the text ends at the LAST empty line; unknown keys are ignored, but a known key whose signature fails condemns the note.
import { concat, fromBase64, fromUtf8, toBase64, utf8 } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';

/** One signature line. `keyId` is an unsigned 32-bit number. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: number;
  readonly signature: Uint8Array;
}

/** `text` ends in a newline. */
export interface Note {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Room for 300 witnesses with both kinds of cosignature. */
export const maxNoteBytes = 2_097_152;

/** True for a text that may name a key: not empty, no Unicode space, no plus. */
export function isKeyName(name: string): boolean {
  return name.length > 0 && name.isWellFormed() && !/[\s\u0085+]/u.test(name);
}

/** Reads a note without checking signatures. Throws `bad-note`, `oversize`, `bad-text`. */
export function parseNote(input: Uint8Array | string): Note {
  if (input.length > maxNoteBytes)
    throw new TrustError('oversize', `a note of ${input.length} bytes; the limit is ${maxNoteBytes}`);
  const whole = typeof input === 'string' ? input : fromUtf8(input);
  if (hasControlCharacter(whole)) throw badNote('has a control character');
  const split = whole.lastIndexOf('\n\n');
  if (split < 0) throw badNote('has no empty line between text and signatures');
  if (!whole.endsWith('\n') || split + 2 === whole.length) throw badNote('ends without a signature line');
  const lines = whole.slice(split + 2, -1).split('\n');
  return { text: whole.slice(0, split + 1), signatures: lines.map(parseSignatureLine) };
}

/** Reads one line `— name base64`, without its newline. Throws `bad-note`. */
export function parseSignatureLine(line: string): NoteSignature {
  const [dash, name, base64, ...rest] = line.split(' ');
  if (dash !== '—' || rest.length > 0 || base64 === undefined || !isKeyName(name))
    throw badNote('has a malformed signature line');
  let bytes: Uint8Array;
  try {
    bytes = fromBase64(base64);
  } catch (cause) {
    throw new TrustError('bad-note', `the signature of ${name} is not base64`, { cause });
  }
  if (bytes.length < 5) throw badNote(`has a signature of ${name} that is too short`);
  return { name, keyId: new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), signature: bytes.subarray(4) };
}

/** One line without its newline. */
export function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  return `— ${name} ${toBase64(concat(keyIdBytes(keyId), signature))}`;
}

/** A whole note. Throws `bad-note` if the text does not end in a newline or there is no signature. */
export function formatNote({ text, signatures }: Note): Uint8Array {
  if (!text.endsWith('\n')) throw badNote('has a text that does not end in a newline');
  if (signatures.length === 0) throw badNote('has no signature');
  return utf8(`${text}\n${signatures.map(signature => `${formatSignatureLine(signature)}\n`).join('')}`);
}

export function keyIdBytes(keyId: number): Uint8Array {
  return Uint8Array.of(keyId >>> 24, keyId >>> 16, keyId >>> 8, keyId);
}

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 && code !== 10) return true;
  }
  return false;
}

function badNote(why: string): TrustError {
  return new TrustError('bad-note', `the note ${why}`);
}
