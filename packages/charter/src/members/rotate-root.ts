// member.root: a member replaces its root key; the old and the new key both sign.
import { type Infer, object } from '../schema.ts';
import { put, refuse, type StatementType } from '../statement-type.ts';
import { hybridKey, keyIdOf } from './keys.ts';

const body = object({ root: hybridKey });

export const rotateRoot: StatementType<Infer<typeof body>> = {
  kind: 'member.root',
  summary: 'Replaces the root key of a member.',
  body,
  signers: ['root'],
  signedBy: 'self',
  refusals: {
    'both-must-sign': 'The old root key and the new one must both sign.',
    'key-reused': 'The new key is known already.',
  },
  apply: {
    1(state, { index, org, body: b, signers }) {
      const m = state.members[org];
      const next = keyIdOf(b.root);
      if (
        !m ||
        m.left !== undefined ||
        signers.length !== 2 ||
        !signers.some(s => s.keyId === m.root) ||
        !signers.some(s => s.keyId === next)
      )
        return refuse('both-must-sign', `the root key in force of ${org} and the new one must both sign, and no other`);
      if (state.keys[next]) return refuse('key-reused', 'the new root key is known already; make a fresh one');
      const old = { ...state.keys[m.root], ended: index };
      return {
        ...state,
        members: put(state.members, org, { ...m, root: next }),
        keys: put(put(state.keys, m.root, old), next, {
          org,
          use: 'root',
          key: b.root,
          from: index,
          until: Number.MAX_SAFE_INTEGER,
        }),
      };
    },
  },
};
