// When a checkpoint is final: enough witnesses cosigned it, each with both keys (protocol section 4).
// Trap: a spoilt cosignature must not count, and must not hide the good ones of others: it is named as a fault.
import { type Note, parseNote } from './note.ts';
import { type NoteVkeys, parseNoteVkeys } from './signer.ts';
import { signaturesBy, verifyNoteSignature } from './verifier.ts';

/** Cosignatures needed from `n` witnesses: floor(2n/3) + 1, all of them below 4, never 0. */
export function quorum(n: number): number {
  return n < 4 ? Math.max(1, n) : Math.floor((2 * n) / 3) + 1;
}

/** A witness as the charter knows it. */
export interface KnownWitness {
  /** Whatever the caller counts by, e.g. the organisation's handle. */
  readonly id: string;
  readonly vkeys: NoteVkeys;
}

export interface Cosignatures {
  /** Ids of witnesses whose two cosignatures both verify. */
  readonly good: readonly string[];
  /** Witnesses with a cosignature that does not verify, or only one of two. */
  readonly faults: readonly { readonly id: string; readonly why: string }[];
}

/** Counts cosignatures on a checkpoint note. Throws `bad-note` if it is none; witnesses that did not sign are in neither list. */
export function countCosignatures(input: Uint8Array | string, witnesses: readonly KnownWitness[]): Cosignatures {
  const note = parseNote(input);
  const good: string[] = [];
  const faults: { id: string; why: string }[] = [];
  for (const witness of witnesses) {
    const why = faultOf(note, witness);
    if (why === undefined) good.push(witness.id);
    else if (why !== 'absent') faults.push({ id: witness.id, why });
  }
  return { good, faults };
}

function faultOf(note: Note, witness: KnownWitness): string | undefined {
  const checked = parseNoteVkeys(witness.vkeys, 'witness').map(verifier => {
    const signatures = signaturesBy(verifier, note.signatures);
    return {
      present: signatures.length > 0,
      good: signatures.every(({ signature }) => verifyNoteSignature(verifier, note.text, signature)),
    };
  });
  const names = ['Ed25519', 'ML-DSA-44'];
  const bad = checked.findIndex(({ good }) => !good);
  if (bad >= 0) return `its ${names[bad]} cosignature does not verify`;
  const missing = checked.findIndex(({ present }) => !present);
  if (missing < 0) return undefined;
  return checked.some(({ present }) => present) ? `its ${names[missing]} cosignature is missing` : 'absent';
}

/** When a witness cosigned a note (POSIX seconds, the earlier of its two cosignatures); undefined unless both are there and verify. */
export function cosignedAt(input: Uint8Array | string, witness: KnownWitness): number | undefined {
  const { text, signatures } = parseNote(input);
  const times = parseNoteVkeys(witness.vkeys, 'witness').map(verifier => {
    const made = signaturesBy(verifier, signatures).map(s => verifyNoteSignature(verifier, text, s.signature)?.time);
    return made.length > 0 && made.every(t => t !== undefined) ? Math.min(...made) : undefined;
  });
  return times.every(t => t !== undefined) ? Math.min(...times) : undefined;
}
