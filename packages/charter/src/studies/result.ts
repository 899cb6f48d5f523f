// study.result: the collector (for public results any member) publishes the sum of the revealed shares. Anyone can recompute it.
import { digest, type Infer, integer, object } from '../schema.ts';
import { isRefusal, refuse, type StatementType } from '../statement-type.ts';
import { findRound, withRound, withStudy } from './find.ts';

const body = object({
  opening: digest,
  round: integer(1, 1_000),
  transcript: digest,
  /** Digest of the result's blob. */
  result: digest,
  contributors: integer(1, 10_000),
});

export const result: StatementType<Infer<typeof body>> = {
  kind: 'study.result',
  summary: 'Publishes the result of a round.',
  body,
  signers: ['researcher', 'node'],
  refusals: {
    'unknown-opening': 'There is no such opening.',
    'unknown-round': 'The opening does not cover this round.',
    'not-all-revealed': 'A share is still missing.',
    'not-collector': 'Only the collector publishes this result.',
    'wrong-transcript': 'Transcript or number of contributors are not those of the round.',
    'already-published': 'The round has its result.',
  },
  apply: {
    1(state, { id, org, body: b }) {
      const found = findRound(state, b);
      if (isRefusal(found)) return found;
      const { study, studyId, round } = found;
      if (study.collector !== 'public' && study.collector !== org)
        return refuse('not-collector', `the result of this study is for ${study.collector}`);
      if (round.result) return refuse('already-published', `round ${b.round} has its result`);
      if (study.aggregators.some(a => !round.reveals[a]))
        return refuse('not-all-revealed', `not every aggregator has revealed its share of round ${b.round}`);
      if (round.transcript!.id !== b.transcript || round.transcript!.organisations.length !== b.contributors)
        return refuse('wrong-transcript', `round ${b.round} rests on another transcript or number of contributors`);
      const next = withRound(state, found, { result: { id, digest: b.result } });
      return b.round === study.rounds && study.stage === 'open'
        ? withStudy(next, studyId, { stage: 'finished' })
        : next;
    },
  },
};
