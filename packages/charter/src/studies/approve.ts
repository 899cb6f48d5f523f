// study.approve: a data holder lets its datasets take part, over the study's id, for so many rounds, until a time.
import { digest, handle, type Infer, integer, list, object, optional } from '../schema.ts';
import { isRefusal, put, refuse, type StatementType } from '../statement-type.ts';
import { findStudy, withStudy } from './find.ts';

const body = object({
  study: digest,
  datasets: list(handle, 1, 400),
  rounds: integer(1, 1_000),
  until: integer(1, Number.MAX_SAFE_INTEGER),
  /** Digest of the standing policy that a node's own key acts under; a steward's approval needs none. */
  policy: optional(digest),
});

export const approve: StatementType<Infer<typeof body>> = {
  kind: 'study.approve',
  summary: 'Approves that datasets take part in a study.',
  body,
  signers: ['steward', 'node'],
  refusals: {
    'unknown-study': 'There is no such study.',
    'not-proposed': 'The study is open or over already, or its time for approvals has passed.',
    'not-your-dataset': "A dataset is not the approver's, or the study does not ask for it.",
    'already-approved': 'The organisation has approved already.',
    'policy-missing': 'A node approves only under a standing policy that it names.',
    'too-few-rounds': 'The approval covers fewer rounds than the study needs.',
  },
  apply: {
    1(state, { id, index, org, body: b, signers }) {
      const study = findStudy(state, b.study);
      if (isRefusal(study)) return study;
      if (study.stage !== 'proposed' || state.time > study.approveBy)
        return refuse('not-proposed', `the study is ${study.stage} or its time for approvals has passed`);
      if (study.approvals[org]?.withdrawn === undefined && study.approvals[org])
        return refuse('already-approved', `${org} has approved this study already`);
      for (const d of b.datasets)
        if (!study.datasets.includes(d) || state.datasets[d].org !== org)
          return refuse('not-your-dataset', `${d} is not a dataset of ${org} that the study asks for`);
      if (signers.some(s => s.use === 'node') && b.policy === undefined)
        return refuse(
          'policy-missing',
          'a node key approves only inside a standing policy; name its digest or let the steward sign',
        );
      if (b.rounds < study.rounds)
        return refuse('too-few-rounds', `the study has ${study.rounds} rounds; approve them all or decline`);
      const approval = { id, datasets: b.datasets, rounds: b.rounds, until: b.until, index, key: signers[0].keyId };
      return withStudy(state, b.study, { approvals: put(study.approvals, org, approval) });
    },
  },
};
