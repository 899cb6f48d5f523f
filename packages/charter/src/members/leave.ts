// member.leave: a member gives its seat back. Its keys end; what it signed stands. Its open studies go on without it.
import { type Infer, object } from '../schema.ts';
import { put, refuse, type StatementType } from '../statement-type.ts';

const body = object({});

export const leave: StatementType<Infer<typeof body>> = {
  kind: 'member.leave',
  summary: 'Gives the seat back.',
  body,
  signers: ['root'],
  refusals: { 'last-witnesses': 'The witness list must be renewed first: a member on it cannot leave.' },
  apply: {
    1(state, { index, org }) {
      if (state.root!.witnesses.some(w => w.org === org))
        return refuse(
          'last-witnesses',
          `${org} is on the witness list; a new root without it must come into force first`,
        );
      let { keys } = state;
      for (const [id, key] of Object.entries(state.keys))
        if (key.org === org && key.ended === undefined) keys = put(keys, id, { ...key, ended: index });
      return { ...state, keys, members: put(state.members, org, { ...state.members[org], left: index }) };
    },
  },
};
