// log.void: a quorum declares an inadmissible entry void, so that one bad append cannot end the log. Verifiers name the entry for ever.
import { quorum } from '@madang/trust';
import { digest, type Infer, integer, object } from '../schema.ts';
import { activeMembers } from '../state.ts';
import { put, refuse, type StatementType } from '../statement-type.ts';

const body = object({ index: integer(0, Number.MAX_SAFE_INTEGER), leaf: digest });

export const logVoid: StatementType<Infer<typeof body>> = {
  kind: 'log.void',
  summary: 'Votes to void an entry that the rules refuse.',
  body,
  signers: ['root', 'officer'],
  refusals: {
    'nothing-to-void': 'The entry at this index is admissible, or has another hash.',
    'already-voted': 'This seat has voted to void the entry already.',
  },
  apply: {
    1(state, { org, body: b }) {
      const entry = state.inadmissible[String(b.index)];
      if (!entry || entry.voided || entry.leaf !== b.leaf)
        return refuse('nothing-to-void', `entry ${b.index} is not waiting to be voided under that hash`);
      if (entry.voidedBy.includes(org))
        return refuse('already-voted', `${org} has voted to void entry ${b.index} already`);
      const voidedBy = [...entry.voidedBy, org];
      const voided = voidedBy.length >= quorum(activeMembers(state).length);
      return { ...state, inadmissible: put(state.inadmissible, String(b.index), { ...entry, voidedBy, voided }) };
    },
  },
};
