// study.finish: a study whose question is answered before its last round (a learner that converged) ends there. Nobody needs to be trusted for it: ending
// only withholds rounds, and what the results say is in the log. What was not spent returns when the aggregators close.
import { digest, type Infer, integer, object } from '../schema.ts';
import { isRefusal, refuse, type StatementType } from '../statement-type.ts';
import { findOpening, withStudy } from './find.ts';

const body = object({ opening: digest, after: integer(1, 1_000) });

export const finish: StatementType<Infer<typeof body>> = {
  kind: 'study.finish',
  summary: 'Ends a study after a round whose result answers its question.',
  body,
  signers: ['researcher', 'aggregator'],
  refusals: {
    'unknown-opening': 'There is no such opening.',
    'study-over': 'The study is over.',
    'not-entitled': 'Only the proposer and the aggregators of a study end it.',
    'not-all-published': 'Every round up to the last one has its result.',
    'round-begun': 'A later round has its transcript already.',
  },
  apply: {
    1(state, { org, body: b, signers }) {
      const found = findOpening(state, b.opening);
      if (isRefusal(found)) return found;
      const { study, studyId, opening } = found;
      if (study.stage !== 'open') return refuse('study-over', `the study is ${study.stage}`);
      const aggregates = study.aggregators.includes(org) && signers.every(s => s.use === 'aggregator');
      if (org !== study.org && !aggregates)
        return refuse('not-entitled', `${org} neither proposed this study nor aggregates in it`);
      for (let r = 1; r <= b.after; r++)
        if (!opening.rounds[String(r)]?.result && !opening.rounds[String(r)]?.differ)
          return refuse('not-all-published', `round ${r} has no result`);
      for (let r = b.after + 1; r <= study.rounds; r++)
        if (opening.rounds[String(r)]?.transcript)
          return refuse('round-begun', `round ${r} has its transcript: the study goes on to its result`);
      return withStudy(state, studyId, { stage: 'finished', finishedAfter: b.after });
    },
  },
};
