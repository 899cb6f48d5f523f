// root.agree: one seat agrees to a proposed root.
import { digest, type Infer, object } from '../schema.ts';
import { refuse, type StatementType } from '../statement-type.ts';
import { agree } from './propose-root.ts';

const body = object({ proposal: digest });

export const agreeRoot: StatementType<Infer<typeof body>> = {
  kind: 'root.agree',
  summary: 'Agrees to a proposed root.',
  body,
  signers: ['root', 'officer'],
  refusals: {
    'unknown-proposal': 'There is no such proposal, or another root came into force first.',
    'already-agreed': 'This seat has agreed already.',
  },
  apply: {
    1(state, { org, body: b }) {
      if (!state.rootProposals[b.proposal])
        return refuse(
          'unknown-proposal',
          `no open root proposal ${b.proposal.slice(0, 12)}…; it may have been overtaken`,
        );
      return agree(state, b.proposal, org);
    },
  },
};
