// member.admit: one more seat agrees to an invitation.
import { digest, type Infer, object } from '../schema.ts';
import { put, refuse, type StatementType } from '../statement-type.ts';

const body = object({ invitation: digest });

export const admit: StatementType<Infer<typeof body>> = {
  kind: 'member.admit',
  summary: 'Agrees to an invitation.',
  body,
  signers: ['root', 'officer'],
  refusals: {
    'unknown-invitation': 'There is no such invitation.',
    'already-admitted': 'This seat has agreed already.',
  },
  apply: {
    1(state, { org, body: b }) {
      const i = state.invitations[b.invitation];
      if (!i) return refuse('unknown-invitation', `no invitation ${b.invitation.slice(0, 12)}…`);
      if (i.admittedBy.includes(org)) return refuse('already-admitted', `${org} has agreed to this invitation already`);
      return {
        ...state,
        invitations: put(state.invitations, b.invitation, { ...i, admittedBy: [...i.admittedBy, org] }),
      };
    },
  },
};
