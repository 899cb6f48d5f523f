// member.key: the root certifies working keys, each for one use and at most 400 days of log time.
import { type Infer, integer, list, object, oneOf, variant } from '../schema.ts';
import { put, refuse, type StatementType } from '../statement-type.ts';
import { hybridKey, isNoteKeys, keyIdOf, MAX_KEY_SECONDS, noteKeyId, noteKeys } from './keys.ts';

const statementKey = object({
  use: oneOf('officer', 'steward', 'researcher', 'node', 'aggregator'),
  key: hybridKey,
  until: integer(1, Number.MAX_SAFE_INTEGER),
});
const cosignatureKey = object({
  use: oneOf('witness', 'replay-witness'),
  key: noteKeys('witness'),
  until: integer(1, Number.MAX_SAFE_INTEGER),
});

const body = object({ keys: list(variant(statementKey, cosignatureKey), 1, 8) });

export const memberKey: StatementType<Infer<typeof body>> = {
  kind: 'member.key',
  summary: 'Certifies working keys of a member.',
  body,
  signers: ['root'],
  refusals: {
    'key-reused': 'The key is known already: one key has one owner and one use.',
    'key-too-long': 'A key may be good for at most 400 days of log time.',
  },
  apply: {
    1(state, { index, org, body: b }) {
      let { keys } = state;
      for (const k of b.keys) {
        const id = isNoteKeys(k.key) ? noteKeyId(k.key) : keyIdOf(k.key);
        if (keys[id])
          return refuse('key-reused', `key ${id.slice(0, 12)}… is known already; make a fresh one for each use`);
        if (k.until <= state.time || k.until > state.time + MAX_KEY_SECONDS)
          return refuse('key-too-long', `key ${id.slice(0, 12)}… must end within 400 days of log time ${state.time}`);
        keys = put(keys, id, { org, use: k.use, key: k.key, from: index, until: k.until });
      }
      return { ...state, keys };
    },
  },
};
