// member.invite: names candidates and the root keys they will join with. The inviter's seat counts as the first to admit them.
import { digest, handle, home, type Infer, line, list, object, oneOf } from '../schema.ts';
import { put, refuse, type StatementType } from '../statement-type.ts';

export const candidate = object({
  org: handle,
  name: line(120),
  seat: oneOf('organisation', 'bank'),
  home,
  roles: list(handle, 0, 8),
  root: digest,
});

const body = object({ candidates: list(candidate, 1, 40) });

export const invite: StatementType<Infer<typeof body>> = {
  kind: 'member.invite',
  summary: 'Invites organisations, each with the id of the root key it will join with.',
  body,
  signers: ['root', 'officer'],
  refusals: { 'already-member': 'A candidate has a seat already, or has the handle of the operator.' },
  apply: {
    1(state, { id, org, body: b }) {
      for (const c of b.candidates) {
        const m = state.members[c.org];
        if ((m && m.left === undefined) || c.org === state.root!.operator)
          return refuse('already-member', `${c.org} has a seat already or runs the hub`);
      }
      if (new Set(b.candidates.map(c => c.org)).size !== b.candidates.length)
        return refuse('already-member', 'the same handle is invited twice in one statement');
      return { ...state, invitations: put(state.invitations, id, { candidates: b.candidates, admittedBy: [org] }) };
    },
  },
};
