// study.withdraw: a data holder takes its approval back, or stops an open study at its own node. The node has stopped before this is logged.
import { digest, type Infer, object } from '../schema.ts';
import { isRefusal, put, refuse, type StatementType } from '../statement-type.ts';
import { findStudy, withStudy } from './find.ts';

const body = object({ study: digest });

export const withdraw: StatementType<Infer<typeof body>> = {
  kind: 'study.withdraw',
  summary: 'Takes an approval back.',
  body,
  signers: ['steward', 'node'],
  refusals: { 'not-approved': 'The organisation has no approval in force.' },
  apply: {
    1(state, { index, org, body: b }) {
      const study = findStudy(state, b.study);
      if (isRefusal(study)) return study;
      const a = study.approvals[org];
      if (!a || a.withdrawn !== undefined)
        return refuse('not-approved', `${org} has no approval of this study in force`);
      return withStudy(state, b.study, { approvals: put(study.approvals, org, { ...a, withdrawn: index }) });
    },
  },
};
