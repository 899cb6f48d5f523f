// member.key-end: the root ends a key. Earlier entries stand; `compromisedFrom` marks what rests on the key since that index as in question.
import { digest, type Infer, integer, object, oneOf, optional } from '../schema.ts';
import { put, refuse, type StatementType } from '../statement-type.ts';

const body = object({
  key: digest,
  reason: oneOf('rotated', 'lost', 'compromised'),
  compromisedFrom: optional(integer(0, Number.MAX_SAFE_INTEGER)),
});

export const endKey: StatementType<Infer<typeof body>> = {
  kind: 'member.key-end',
  summary: 'Ends a working key.',
  body,
  signers: ['root'],
  refusals: { 'unknown-key': 'The member has no such working key in force.' },
  apply: {
    1(state, { index, org, body: b }) {
      const k = state.keys[b.key];
      if (k?.org !== org || k.ended !== undefined || k.use === 'root' || k.use === 'log')
        return refuse('unknown-key', `${org} has no working key ${b.key.slice(0, 12)}… in force`);
      const ended = {
        ...k,
        ended: index,
        ...(b.compromisedFrom === undefined ? {} : { compromisedFrom: b.compromisedFrom }),
      };
      return { ...state, keys: put(state.keys, b.key, ended) };
    },
  },
};
