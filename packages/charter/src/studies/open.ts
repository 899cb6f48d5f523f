// round.open: opens rounds 1..R of a study and reserves their privacy budget. Its id binds shape, aggregators and key commitments into every share.

import { reserveRounds } from '../budgets/micro-rho.ts';
import { digest, type Infer, integer, list, object } from '../schema.ts';
import { isRefusal, put, refuse, type StatementType } from '../statement-type.ts';
import { findStudy, withStudy } from './find.ts';

const body = object({
  study: digest,
  approvals: list(digest, 1, 400),
  ready: list(digest, 2, 5),
  contributeUntil: integer(1, Number.MAX_SAFE_INTEGER),
  revealUntil: integer(1, Number.MAX_SAFE_INTEGER),
});

export const open: StatementType<Infer<typeof body>> = {
  kind: 'round.open',
  summary: 'Opens the rounds of a study and reserves their budget.',
  body,
  signers: ['researcher', 'steward', 'node'],
  refusals: {
    'not-proposed': 'The study is open or over already.',
    'not-entitled': 'Only the proposer or an approver opens a study.',
    'approval-missing': 'A named approval does not exist, was withdrawn or has run out.',
    'too-few-approvals': 'Fewer organisations than the minimum have approved.',
    'aggregator-not-ready': 'Every aggregator must be ready.',
    'bad-deadlines': 'Deadlines lie in the future, contributions before reveals.',
    'no-ledger': 'A dataset has no budget for a charged unit.',
    'budget-exceeded': 'A budget cannot bear the rounds.',
  },
  apply: {
    1(state, { id, index, org, body: b }) {
      const study = findStudy(state, b.study);
      if (isRefusal(study)) return study;
      if (study.stage !== 'proposed') return refuse('not-proposed', `the study is ${study.stage}`);
      if (org !== study.org && !study.approvals[org])
        return refuse('not-entitled', `${org} neither proposed nor approved this study`);
      const organisations: string[] = [];
      const datasets: string[] = [];
      for (const a of b.approvals) {
        const owner = Object.keys(study.approvals).find(o => study.approvals[o].id === a);
        const approval = owner === undefined ? undefined : study.approvals[owner];
        if (!approval || owner === undefined || approval.withdrawn !== undefined || approval.until < state.time)
          return refuse('approval-missing', `approval ${a.slice(0, 12)}… does not exist, was withdrawn or has run out`);
        if (organisations.includes(owner)) return refuse('approval-missing', `${owner} is named twice`);
        organisations.push(owner);
        datasets.push(...approval.datasets);
      }
      const counted = organisations.filter(o => !study.aggregators.includes(o)).length;
      if (counted < study.minimum)
        return refuse(
          'too-few-approvals',
          `${counted} organisations approved that do not aggregate; the study needs ${study.minimum}`,
        );
      for (const a of study.aggregators)
        if (!study.ready[a] || !b.ready.includes(study.ready[a].id))
          return refuse('aggregator-not-ready', `${a} is not ready, or its statement is not named`);
      if (b.contributeUntil <= state.time || b.revealUntil < b.contributeUntil)
        return refuse(
          'bad-deadlines',
          `log time is ${state.time}; contributions must end after it and reveals after that`,
        );
      const reserved = reserveRounds(state, study, datasets, study.rounds);
      if (isRefusal(reserved)) return reserved;
      const opening = {
        id,
        by: org,
        index,
        organisations,
        datasets,
        contributeUntil: b.contributeUntil,
        revealUntil: b.revealUntil,
        rounds: {},
        closedBy: [],
        returned: false,
      };
      return {
        ...withStudy(reserved, b.study, { stage: 'open', opening }),
        openings: put(reserved.openings, id, b.study),
      };
    },
  },
};
