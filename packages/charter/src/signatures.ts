// Verifies the signatures of many statements side by side, over all cores where the platform can. Keys come from the state and from the statements themselves: a key's id is
// its hash, so it does not matter who introduced it; whether it may sign is the charter's question, asked entry by entry.
import { decodePublicKey, type HybridPublicKey, type Json, type Opened, verifyStatementBeside } from '@madang/trust';
import { hybridKey, isNoteKeys, keyIdOf, publicKeyOf } from './members/keys.ts';
import type { HybridKey, State } from './state.ts';

/** For each statement whether all its signatures verify under the key ids they name; false also where a key is nowhere to be found. */
export async function verifySignatures(state: State, statements: readonly Opened[]): Promise<boolean[]> {
  const introduced = new Map<string, HybridPublicKey>();
  for (const s of statements) for (const key of keysIn(s)) introduced.set(keyIdOf(key), decodePublicKey(key));
  const keyOf = (id: string) => {
    const known = state.keys[id]?.key;
    return known && !isNoteKeys(known) ? publicKeyOf(known) : introduced.get(id);
  };
  return Promise.all(statements.map(async s => (await verifyStatementBeside(s, keyOf)).ok));
}

/** Hybrid keys that a statement's body carries, if it has the form of one that does; anything else gives none. */
function keysIn(s: Opened): HybridKey[] {
  const body = s.body as { root?: unknown; logKey?: unknown; founders?: unknown; keys?: unknown };
  const lists = [body.founders, body.keys].filter(Array.isArray).flat() as { root?: unknown; key?: unknown }[];
  return [body.root, body.logKey, ...lists.flatMap(x => [x?.root, x?.key])].filter(isHybrid);
}

function isHybrid(key: unknown): key is HybridKey {
  // Most bodies hold no key at all: nothing is thrown for them.
  if (typeof key !== 'object' || key === null) return false;
  try {
    hybridKey.parse(key as Json | undefined, 'key');
    return true;
  } catch {
    return false;
  }
}
