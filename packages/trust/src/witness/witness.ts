// A witness (C2SP tlog-witness): cosigns a log's checkpoint only after it was proven to continue the last one it cosigned.
// Order: check, record on disk, answer. Trap: a witness restored from a backup could cosign a second history; so it stops when it is
// shown its own cosignature over a tree larger than its record, and a person decides (protocol section 7).
import { crypto } from '#crypto';
import { equalBytes, toHex, utf8 } from '../bytes/bytes.ts';
import { type Checkpoint, parseCheckpoint } from '../checkpoint/checkpoint.ts';
import { mergeSignatures } from '../checkpoint/merge.ts';
import { formatSignatureLine, type NoteSignature, parseNote } from '../checkpoint/note.ts';
import { cosignCheckpoint, type NoteKeys } from '../checkpoint/signer.ts';
import { type NoteVerifier, openCheckpoint, signaturesBy, verifyNoteSignature } from '../checkpoint/verifier.ts';
import { TrustError } from '../error.ts';
import { emptyRoot, verifyConsistency } from '../log/merkle.ts';
import type { Refusal } from '../refusal.ts';
import type { BlobStore } from '../store/store.ts';
import { type AddCheckpoint, parseAddCheckpoint } from './request.ts';

export interface WitnessOptions {
  readonly keys: NoteKeys;
  /** Where the last cosigned checkpoint of each log is kept. */
  readonly store: BlobStore;
  /** The keys that must all have signed a checkpoint of this origin; undefined for a log that this witness does not know. */
  readonly logOf: (origin: string) => readonly NoteVerifier[] | undefined;
  /** POSIX seconds. */
  readonly now: () => number;
  /** The replay of the rules over the new entries: a refusal keeps the witness from cosigning. `old` is its last cosigned one. */
  readonly beforeCosign?: (checkpoint: Checkpoint, old: Checkpoint | undefined) => Promise<Refusal | undefined>;
}

/** `status` is the HTTP status of tlog-witness; `body` what its answer holds. */
export type WitnessAnswer =
  | {
      readonly ok: true;
      readonly status: 200;
      readonly signatures: readonly NoteSignature[];
      readonly body: Uint8Array;
    }
  | {
      readonly ok: false;
      readonly status: 400 | 403 | 404 | 409 | 422;
      readonly refusal: Refusal;
      /** On 409: the size of the last cosigned checkpoint. */
      readonly size?: number;
      readonly body: Uint8Array;
    };

export interface Witness {
  readonly keys: NoteKeys;
  /** Answers an add-checkpoint request; one at a time for each log. Throws only when the store fails: then nothing was cosigned. */
  addCheckpoint(body: Uint8Array): Promise<WitnessAnswer>;
  /** The last checkpoint this witness cosigned for a log, with its cosignatures. */
  latest(origin: string): Promise<Uint8Array | undefined>;
  /**
   * The same checkpoint, cosigned again at the present time: proof to a log that asks after a loss of how far this witness had followed
   * it. Moves nothing. Undefined before the first one.
   */
  restate(origin: string): Promise<Uint8Array | undefined>;
}

export function openWitness(options: WitnessOptions): Witness {
  if (options.keys.role !== 'witness')
    throw new TrustError('bad-key', `${options.keys.name} is a log's key, not a witness's`);
  const turns = new Map<string, Promise<unknown>>();

  return {
    keys: options.keys,
    async addCheckpoint(body) {
      let request: AddCheckpoint;
      let checkpoint: Checkpoint;
      try {
        request = parseAddCheckpoint(body);
        checkpoint = parseCheckpoint(parseNote(request.note).text);
      } catch (error) {
        if (error instanceof TrustError) return refuse(400, error.code, error.message);
        throw error;
      }
      // Comparing with the record and replacing it must be one step, or two requests could roll it back.
      const turn = (turns.get(checkpoint.origin) ?? Promise.resolve()).then(() => decide(options, request, checkpoint));
      turns.set(
        checkpoint.origin,
        turn.catch(() => undefined),
      );
      return turn;
    },
    latest: origin => options.store.read(recordPath(origin)),
    async restate(origin) {
      const record = await options.store.read(recordPath(origin));
      if (!record) return undefined;
      const checkpoint = parseCheckpoint(parseNote(record).text);
      return mergeSignatures(record, cosignCheckpoint(checkpoint, options.keys, Math.floor(options.now())));
    },
  };
}

function recordPath(origin: string): string {
  return `witness/${toHex(crypto.sha256(utf8(origin)))}`;
}

async function decide(options: WitnessOptions, request: AddCheckpoint, checkpoint: Checkpoint): Promise<WitnessAnswer> {
  const { store, keys, logOf, now, beforeCosign } = options;
  const verifiers = logOf(checkpoint.origin);
  if (!verifiers || verifiers.length === 0)
    return refuse(404, 'unknown-log', `this witness does not know the log ${checkpoint.origin}`);
  try {
    openCheckpoint(request.note, verifiers);
  } catch (error) {
    if (error instanceof TrustError) return refuse(403, error.code, error.message);
    throw error;
  }
  const record = await store.read(recordPath(checkpoint.origin));
  const last = record && parseCheckpoint(parseNote(record).text);
  const wrong = checkHistory(request, checkpoint, last, keys);
  if (wrong) return wrong;
  const refusal = await beforeCosign?.(checkpoint, last);
  if (refusal) return refuse(422, refusal.code, refusal.why);

  const signatures = cosignCheckpoint(checkpoint, keys, Math.floor(now()));
  await store.write(recordPath(checkpoint.origin), mergeSignatures(request.note, signatures));
  return { ok: true, status: 200, signatures, body: utf8(signatures.map(s => `${formatSignatureLine(s)}\n`).join('')) };
}

/** Undefined if the checkpoint continues what this witness cosigned last. */
function checkHistory(
  { oldSize, proof, note }: AddCheckpoint,
  checkpoint: Checkpoint,
  last: Checkpoint | undefined,
  keys: NoteKeys,
): WitnessAnswer | undefined {
  const lastSize = last?.size ?? 0;
  if (
    carriesOwn(note, keys) &&
    (checkpoint.size > lastSize || (last && checkpoint.size === lastSize && !equalBytes(checkpoint.root, last.root)))
  ) {
    return refuse(
      409,
      'witness-behind',
      `this witness cosigned size ${checkpoint.size}, but its record says ${lastSize}: it was restored from a backup. A person must look`,
      lastSize,
    );
  }
  if (oldSize > checkpoint.size)
    return refuse(400, 'old-size', `old size ${oldSize} is over the checkpoint's ${checkpoint.size}`);
  if (oldSize !== lastSize)
    return refuse(409, 'old-size', `this witness last cosigned size ${lastSize}, not ${oldSize}`, lastSize);
  if (checkpoint.size === 0 && !equalBytes(checkpoint.root, emptyRoot())) {
    return refuse(422, 'wrong-root', 'a checkpoint of size 0 has the root of the empty tree');
  }
  if (oldSize === 0) {
    if (proof.length === 0) return undefined;
    return refuse(422, 'wrong-proof', 'from size 0 there is nothing to prove: the proof must be empty');
  }
  if (verifyConsistency(oldSize, checkpoint.size, proof, last!.root, checkpoint.root)) return undefined;
  return oldSize === checkpoint.size
    ? refuse(422, 'fork', `two roots for size ${oldSize}: the log shows a history that is not the one cosigned before`)
    : refuse(
        422,
        'fork',
        `the proof does not show that the tree of ${checkpoint.size} begins with the cosigned tree of ${oldSize}`,
      );
}

function carriesOwn(note: string, keys: NoteKeys): boolean {
  const { text, signatures } = parseNote(note);
  return keys.verifiers.some(verifier =>
    signaturesBy(verifier, signatures).some(s => verifyNoteSignature(verifier, text, s.signature)),
  );
}

function refuse(status: 400 | 403 | 404 | 409 | 422, code: string, why: string, size?: number): WitnessAnswer {
  const body = utf8(size === undefined ? `${why}\n` : `${size}\n`);
  return { ok: false, status, refusal: { code, why }, ...(size === undefined ? {} : { size }), body };
}
