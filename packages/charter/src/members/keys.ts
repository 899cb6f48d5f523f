// Forms of public keys inside statements, and their ids.
import {
  decodePublicKey,
  type HybridPublicKey,
  keyId,
  type NoteRole,
  parseNoteVkeys,
  sha256,
  TrustError,
  toHex,
  utf8,
} from '@madang/trust';
import { asciiLine, base64, object, type Schema, SchemaError } from '../schema.ts';
import type { HybridKey, NoteKeys } from '../state.ts';

/** A key is good for at most 400 days of log time, so that a hidden revocation is bounded. */
export const MAX_KEY_SECONDS = 400 * 86_400;

export const hybridKey = object({ ed25519: base64(32), mldsa65: base64(1952) });

const noteTexts = object({ ed25519: asciiLine(300), mldsa44: asciiLine(2_200) });

/** A pair of verifier keys that can be read: one that cannot would stop whoever judges a checkpoint by it. */
export const noteKeys = (role: NoteRole): Schema<NoteKeys> => ({
  json: noteTexts.json,
  parse(value, path) {
    const keys = noteTexts.parse(value, path);
    try {
      parseNoteVkeys(keys, role);
    } catch (error) {
      if (!(error instanceof TrustError)) throw error;
      throw new SchemaError(path, `must be the verifier keys of a ${role}: ${error.message}`);
    }
    return keys;
  },
});

const decoded = new WeakMap<HybridKey, HybridPublicKey>();

/** The bytes of a key of the state, decoded once: verifying keeps what it prepares beside the very same arrays. */
export function publicKeyOf(key: HybridKey): HybridPublicKey {
  const known = decoded.get(key) ?? decodePublicKey(key);
  decoded.set(key, known);
  return known;
}

/** Key id of a hybrid key: what a signature in an envelope refers to. */
export function keyIdOf(key: HybridKey): string {
  return keyId(decodePublicKey(key));
}

/** Id of a pair of note keys: SHA-256 over a label and both verifier keys, a line each. */
export function noteKeyId(keys: NoteKeys): string {
  return toHex(sha256(utf8(`madang/note-keys/1\n${keys.ed25519}\n${keys.mldsa44}\n`)));
}

export function isNoteKeys(key: HybridKey | NoteKeys): key is NoteKeys {
  return 'mldsa44' in key;
}
