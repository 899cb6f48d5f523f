// The body of tlog-witness add-checkpoint: old size, consistency proof, empty line, checkpoint.
import { fromBase64, fromUtf8, toBase64, utf8 } from '../bytes/bytes.ts';
import { maxNoteBytes } from '../checkpoint/note.ts';
import { TrustError } from '../error.ts';
import { hashBytes } from '../log/merkle.ts';

export interface AddCheckpoint {
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  /** The checkpoint note. */
  readonly note: string;
}

const maxProofLines = 63;

export function formatAddCheckpoint({
  oldSize,
  proof,
  note,
}: {
  oldSize: number;
  proof: readonly Uint8Array[];
  note: Uint8Array | string;
}): Uint8Array {
  const lines = [`old ${oldSize}`, ...proof.map(toBase64), ''];
  return utf8(`${lines.join('\n')}\n${typeof note === 'string' ? note : fromUtf8(note)}`);
}

/** Throws `bad-syntax`, `bad-text`, `oversize`. */
export function parseAddCheckpoint(body: Uint8Array): AddCheckpoint {
  if (body.length > maxNoteBytes + 4096) throw new TrustError('oversize', `a request of ${body.length} bytes`);
  const text = fromUtf8(body);
  const split = text.indexOf('\n\n');
  if (split < 0) throw new TrustError('bad-syntax', 'the request has no empty line before the checkpoint');
  const [old, ...proof] = text.slice(0, split).split('\n');
  const match = /^old (0|[1-9][0-9]{0,15})$/.exec(old);
  if (!match || !Number.isSafeInteger(Number(match[1])))
    throw new TrustError('bad-syntax', 'the request does not begin with a line like "old 20852014"');
  if (proof.length > maxProofLines)
    throw new TrustError('bad-syntax', `the proof has ${proof.length} lines; the limit is ${maxProofLines}`);
  return { oldSize: Number(match[1]), proof: proof.map(readHash), note: text.slice(split + 2) };
}

function readHash(line: string): Uint8Array {
  const hash = fromBase64(line);
  if (hash.length !== hashBytes)
    throw new TrustError('bad-syntax', `a proof line has ${hash.length} bytes, not ${hashBytes}`);
  return hash;
}
