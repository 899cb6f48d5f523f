// Keys of logs and witnesses, and their signatures on checkpoints. A log signs with 0x01 and 0x06, a witness cosigns with 0x04 and 0x06.
// Trap: one key, one use: the seeds differ by role and by algorithm, so a log's key can never cosign.
import { crypto } from '#crypto';
import { concat, utf8 } from '../bytes/bytes.ts';
import { seedBytes } from '../crypto/port.ts';
import { TrustError } from '../error.ts';
import { type Checkpoint, formatCheckpoint } from './checkpoint.ts';
import { formatNote, type NoteSignature } from './note.ts';
import {
  cosignatureEd25519,
  cosignatureMessage,
  cosignatureMldsa44,
  formatVerifierKey,
  type NoteVerifier,
  noteEd25519,
  noteVerifier,
  parseVerifierKey,
  subtreeMessage,
  uint64,
} from './verifier.ts';

export type NoteRole = 'log' | 'witness';

/** The two verifier keys of a log or witness, as text. */
export interface NoteVkeys {
  readonly ed25519: string;
  readonly mldsa44: string;
}

/** A log's or witness's keys; `seed` (32 bytes) is the secret and all that needs keeping. */
export interface NoteKeys {
  readonly name: string;
  readonly role: NoteRole;
  readonly seed: Uint8Array;
  readonly vkeys: NoteVkeys;
  /** Ed25519 first. */
  readonly verifiers: readonly [NoteVerifier, NoteVerifier];
}

const ed25519Type = { log: noteEd25519, witness: cosignatureEd25519 } as const;

/** Fresh keys from the system's generator. `name`: no spaces, no plus, at most 255 bytes; for a log its origin. */
export function generateNoteKeys(name: string, role: NoteRole): NoteKeys {
  return noteKeysFromSeed(name, role, crypto.randomBytes(seedBytes));
}

/** The keys that 32 secret bytes stand for. Throws `bad-key`, `bad-note`. */
export function noteKeysFromSeed(name: string, role: NoteRole, seed: Uint8Array): NoteKeys {
  const verifiers = [
    noteVerifier(name, ed25519Type[role], crypto.publicKey('ed25519', halfSeed(role, 'ed25519', seed))),
    noteVerifier(name, cosignatureMldsa44, crypto.publicKey('mldsa44', halfSeed(role, 'mldsa44', seed))),
  ] as const;
  const vkeys = { ed25519: formatVerifierKey(verifiers[0]), mldsa44: formatVerifierKey(verifiers[1]) };
  return { name, role, seed: Uint8Array.from(seed), vkeys, verifiers };
}

function halfSeed(role: NoteRole, algorithm: string, seed: Uint8Array): Uint8Array {
  if (seed.length !== seedBytes) throw new TrustError('bad-key', `a seed has ${seedBytes} bytes, not ${seed.length}`);
  return crypto.sha256(concat(utf8(`madang ${role} key v1 ${algorithm}\n`), seed));
}

/** The two verifiers behind `vkeys`, Ed25519 first. Throws `bad-key` if the types are not the role's, or the names differ. */
export function parseNoteVkeys(vkeys: NoteVkeys, role: NoteRole): readonly [NoteVerifier, NoteVerifier] {
  const pair = [parseVerifierKey(vkeys.ed25519), parseVerifierKey(vkeys.mldsa44)] as const;
  if (pair[0].type !== ed25519Type[role] || pair[1].type !== cosignatureMldsa44 || pair[0].name !== pair[1].name) {
    throw new TrustError('bad-key', `the keys of ${pair[0].name} are not a ${role}'s pair`);
  }
  return pair;
}

/** A checkpoint as a note under both signatures of its log. `time` in POSIX seconds, 0 for none. */
export function signCheckpoint(checkpoint: Checkpoint, keys: NoteKeys, time: number): Uint8Array {
  if (keys.role !== 'log') throw new TrustError('bad-key', 'a witness does not sign checkpoints of its own');
  return formatNote({ text: formatCheckpoint(checkpoint), signatures: signaturesOn(checkpoint, keys, time) });
}

/** A witness's two cosignatures on a checkpoint. `time` in POSIX seconds, not 0. */
export function cosignCheckpoint(checkpoint: Checkpoint, keys: NoteKeys, time: number): NoteSignature[] {
  if (keys.role !== 'witness') throw new TrustError('bad-key', 'a log does not cosign');
  if (!Number.isSafeInteger(time) || time <= 0)
    throw new TrustError('bad-shape', 'a cosignature states its time in whole seconds');
  return signaturesOn(checkpoint, keys, time);
}

function signaturesOn(checkpoint: Checkpoint, keys: NoteKeys, timeSeconds: number): NoteSignature[] {
  const text = formatCheckpoint(checkpoint);
  const time = BigInt(timeSeconds);
  const [ed25519, mldsa44] = keys.verifiers;
  const sign = (algorithm: 'ed25519' | 'mldsa44', message: Uint8Array) =>
    crypto.sign(algorithm, message, halfSeed(keys.role, algorithm, keys.seed));
  const classical =
    keys.role === 'log'
      ? sign('ed25519', utf8(text))
      : concat(uint64(time), sign('ed25519', cosignatureMessage(text, time)));
  const message = subtreeMessage(keys.name, time, checkpoint.origin, checkpoint.size, checkpoint.root);
  return [
    { name: keys.name, keyId: ed25519.keyId, signature: classical },
    { name: keys.name, keyId: mldsa44.keyId, signature: concat(uint64(time), sign('mldsa44', message)) },
  ];
}
