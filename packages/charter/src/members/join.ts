// member.join: a candidate takes its seat with the root key that the invitation named, once a quorum of seats admitted it.
import { quorum } from '@madang/trust';
import { digest, type Infer, object } from '../schema.ts';
import { activeMembers } from '../state.ts';
import { put, refuse, type StatementType } from '../statement-type.ts';
import { hybridKey, keyIdOf } from './keys.ts';

const body = object({ invitation: digest, root: hybridKey });

export const join: StatementType<Infer<typeof body>> = {
  kind: 'member.join',
  summary: 'Takes the seat that an invitation offers.',
  body,
  signers: ['root'],
  signedBy: 'self',
  refusals: {
    'not-invited': 'No invitation names this organisation with this root key.',
    'no-quorum': 'Too few seats have admitted the candidate.',
    'already-member': 'The organisation has its seat already.',
  },
  apply: {
    1(state, { index, org, body: b, signers }) {
      const i = state.invitations[b.invitation];
      const root = keyIdOf(b.root);
      const c = i?.candidates.find(x => x.org === org && x.root === root);
      if (!c || signers.length !== 1 || signers[0].keyId !== root)
        return refuse('not-invited', `no invitation ${b.invitation.slice(0, 12)}… for ${org} with this root key`);
      // Only seats that still exist count, and all seats of today are the measure.
      const seats = activeMembers(state);
      const votes = i.admittedBy.filter(o => seats.includes(o)).length;
      if (votes < quorum(seats.length))
        return refuse(
          'no-quorum',
          `${votes} of ${seats.length} seats have admitted ${org}; ${quorum(seats.length)} are needed`,
        );
      const before = state.members[org];
      if (before && before.left === undefined) return refuse('already-member', `${org} has its seat already`);
      if (state.keys[root] && state.keys[root].org !== org)
        return refuse('not-invited', 'this key belongs to another organisation');
      return {
        ...state,
        members: put(state.members, org, {
          name: c.name,
          seat: c.seat,
          home: c.home,
          roles: c.roles,
          root,
          joined: index,
        }),
        keys: put(state.keys, root, { org, use: 'root', key: b.root, from: index, until: Number.MAX_SAFE_INTEGER }),
      };
    },
  },
};
