// When a checkpoint is final (protocol, section 4): both log signatures, and both cosignatures of a quorum of the replay witnesses, at least one of
// each seat class that the list has. The list is that of the last final checkpoint before it.
import {
  countCosignatures,
  type KnownWitness,
  openCheckpoint,
  parseNoteVkeys,
  quorum,
  TrustError,
} from '@madang/trust';
import { isNoteKeys } from './members/keys.ts';
import type { State } from './state.ts';

export interface FinalityVerdict {
  readonly final: boolean;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  readonly good: readonly string[];
  readonly needed: number;
  readonly faults: readonly { readonly id: string; readonly why: string }[];
}

/** The replay witnesses of a state's root, as trust counts them. */
export function witnessesOf(state: State): readonly KnownWitness[] {
  return (state.root?.witnesses ?? []).flatMap(w => {
    const key = state.keys[w.key]?.key;
    return key && isNoteKeys(key) ? [{ id: w.org, vkeys: key }] : [];
  });
}

/**
 * Judges a checkpoint note by the witness list of `state` (the state at the last final checkpoint before it).
 * Throws TrustError when the log's own signatures do not verify or the origin is another log's.
 */
export function judgeFinality(state: State, note: Uint8Array): FinalityVerdict {
  if (!state.root) throw new TrustError('wrong-log', 'the log has not been founded');
  const checkpoint = openCheckpoint(note, parseNoteVkeys(state.root.logNotes, 'log'));
  if (checkpoint.origin !== state.origin)
    throw new TrustError('wrong-log', `the checkpoint is of ${checkpoint.origin}, not of ${state.origin}`);
  const witnesses = witnessesOf(state);
  const { good, faults } = countCosignatures(note, witnesses);
  const seat = (org: string) => state.members[org]?.seat;
  const classes = new Set(witnesses.map(w => seat(w.id)));
  const heard = new Set(good.map(seat));
  const needed = quorum(witnesses.length);
  return {
    final: good.length >= needed && [...classes].every(c => heard.has(c)),
    size: checkpoint.size,
    root: checkpoint.root,
    good,
    needed,
    faults,
  };
}
