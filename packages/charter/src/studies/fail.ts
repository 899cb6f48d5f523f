// study.fail: a study ends without its result, with the reason. What was not spent returns when the aggregators close.
import { asciiLine, digest, type Infer, object, oneOf } from '../schema.ts';
import { isRefusal, refuse, type StatementType } from '../statement-type.ts';
import { findStudy, withStudy } from './find.ts';

const body = object({
  study: digest,
  code: oneOf(
    'too-few-approvals',
    'too-few-contributors',
    'aggregator-gone',
    'transcripts-differ',
    'stopped-by-proposer',
    'deadline-passed',
  ),
  why: asciiLine(300),
});

export const fail: StatementType<Infer<typeof body>> = {
  kind: 'study.fail',
  summary: 'Ends a study as failed, with the reason.',
  body,
  signers: ['researcher', 'aggregator'],
  refusals: {
    'unknown-study': 'There is no such study.',
    'study-over': 'The study is over.',
    'not-entitled': 'Only the proposer and the aggregators of a study end it.',
  },
  apply: {
    1(state, { org, body: b, signers }) {
      const study = findStudy(state, b.study);
      if (isRefusal(study)) return study;
      if (study.stage === 'finished' || study.stage === 'failed')
        return refuse('study-over', `the study is ${study.stage}`);
      // An aggregator could stop a study by silence as well; here it must at least say why, and is named.
      const aggregates = study.aggregators.includes(org) && signers.every(s => s.use === 'aggregator');
      if (org !== study.org && !aggregates)
        return refuse('not-entitled', `${org} neither proposed this study nor aggregates in it`);
      return withStudy(state, b.study, { stage: 'failed', failure: { code: b.code, why: b.why, by: org } });
    },
  },
};
