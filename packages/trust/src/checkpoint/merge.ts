// Putting cosignatures onto a checkpoint.
import { formatNote, type NoteSignature, parseNote } from './note.ts';

/** The note with more signature lines; one of a name and key id that is there already replaces it. Verifies nothing. */
export function mergeSignatures(note: Uint8Array | string, more: readonly NoteSignature[]): Uint8Array {
  const { text, signatures } = parseNote(note);
  const merged = new Map(
    [...signatures, ...more].map(signature => [`${signature.name}+${signature.keyId}`, signature]),
  );
  return formatNote({ text, signatures: [...merged.values()] });
}
