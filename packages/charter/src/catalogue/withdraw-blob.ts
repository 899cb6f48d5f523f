// blob.withdraw: the owner says that a blob and its salt were deleted. Verifiers print "withdrawn", not a fault.
import { digest, type Infer, object } from '../schema.ts';
import { refuse, type StatementType } from '../statement-type.ts';

const body = object({ blob: digest });

export const withdrawBlob: StatementType<Infer<typeof body>> = {
  kind: 'blob.withdraw',
  summary: 'Says that a description was erased at its holder.',
  body,
  signers: ['steward', 'officer'],
  refusals: { 'not-yours': 'No dataset of this organisation rests on the blob.' },
  apply: {
    1(state, { org, body: b }) {
      if (!Object.values(state.datasets).some(d => d.org === org && d.description === b.blob))
        return refuse('not-yours', `${org} has no description ${b.blob.slice(0, 12)}…`);
      return { ...state, withdrawnBlobs: [...state.withdrawnBlobs, b.blob] };
    },
  },
};
