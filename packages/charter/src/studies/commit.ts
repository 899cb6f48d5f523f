// round.commit: an aggregator fixes its noised share before it sees another's. When all have committed, the round's budget is spent.

import { spendRound } from '../budgets/micro-rho.ts';
import { digest, type Infer, integer, object } from '../schema.ts';
import { isRefusal, put, refuse, type StatementType } from '../statement-type.ts';
import { findRound, withRound } from './find.ts';

const body = object({
  opening: digest,
  round: integer(1, 1_000),
  transcript: digest,
  /** shareCommitment(blind, digest of the noised share). */
  commitment: digest,
});

export const commit: StatementType<Infer<typeof body>> = {
  kind: 'round.commit',
  summary: 'An aggregator commits to its noised share.',
  body,
  signers: ['aggregator'],
  refusals: {
    'unknown-opening': 'There is no such opening.',
    'unknown-round': 'The opening does not cover this round.',
    'not-aggregator': 'The study names other aggregators.',
    'no-transcript': 'The named transcript is not that of the round.',
    'already-committed': 'The aggregator has committed; a second share would let a reader average the noise away.',
    'study-over': 'The study is over.',
  },
  apply: {
    1(state, { org, body: b }) {
      const found = findRound(state, b);
      if (isRefusal(found)) return found;
      const { study, opening, round } = found;
      if (study.stage !== 'open') return refuse('study-over', `the study is ${study.stage}`);
      if (!study.aggregators.includes(org)) return refuse('not-aggregator', `${org} does not aggregate in this study`);
      if (round.transcript?.id !== b.transcript)
        return refuse('no-transcript', `round ${b.round} has no transcript ${b.transcript.slice(0, 12)}…`);
      if (round.commits[org]) return refuse('already-committed', `${org} has committed for round ${b.round} already`);
      const commits = put(round.commits, org, b.commitment);
      const all = study.aggregators.every(a => commits[a]);
      const next = withRound(state, found, { commits, spent: all });
      return all ? spendRound(next, study, opening.datasets) : next;
    },
  },
};
