// round.differ: the aggregators of a round signed different transcripts. One of them shows both: the round has no result and spends nothing, and the next
// one may go on (protocol, section 7). The rules cannot read the blobs; whoever verifies the log checks that each transcript is signed by its aggregator.
import { digest, type Infer, integer, object } from '../schema.ts';
import { isRefusal, refuse, type StatementType } from '../statement-type.ts';
import { findRound, withRound, withStudy } from './find.ts';

const body = object({
  opening: digest,
  round: integer(1, 1_000),
  /** Blob: the transcript that another aggregator signed (a DSSE envelope). */
  theirs: digest,
  /** Blob: the one that the signer of this statement would have signed, signed by it. */
  ours: digest,
});

export const differ: StatementType<Infer<typeof body>> = {
  kind: 'round.differ',
  summary: 'Shows two different transcripts of one round, which then has no result.',
  body,
  signers: ['aggregator'],
  refusals: {
    'unknown-opening': 'There is no such opening.',
    'unknown-round': 'The opening does not cover this round.',
    'not-aggregator': 'The study names other aggregators.',
    'round-has-transcript': 'All aggregators signed one transcript of this round.',
    'round-differs': 'Two transcripts of this round were shown already.',
    'not-its-turn': 'An earlier round has no result yet.',
    'same-transcript': 'The two transcripts are one.',
    'study-over': 'The study is over.',
  },
  apply: {
    1(state, { id, org, body: b }) {
      const found = findRound(state, b);
      if (isRefusal(found)) return found;
      const { study, studyId, opening, round } = found;
      if (study.stage !== 'open') return refuse('study-over', `the study is ${study.stage}`);
      if (!study.aggregators.includes(org)) return refuse('not-aggregator', `${org} does not aggregate in this study`);
      if (round.transcript)
        return refuse('round-has-transcript', `all aggregators signed the transcript of round ${b.round}`);
      if (round.differ)
        return refuse('round-differs', `${round.differ.by} has shown two transcripts of round ${b.round}`);
      if (b.theirs === b.ours) return refuse('same-transcript', 'both digests name the same transcript');
      let results = 0;
      for (let r = 1; r < b.round; r++) {
        const earlier = opening.rounds[String(r)];
        if (earlier?.result) results += 1;
        else if (!earlier?.differ) return refuse('not-its-turn', `round ${r} has no result yet`);
      }
      const next = withRound(state, found, { differ: { id, by: org, theirs: b.theirs, ours: b.ours } });
      if (b.round < study.rounds) return next;
      if (results > 0) return withStudy(next, studyId, { stage: 'finished' });
      const why = `the transcripts of every round differ; ${org} has shown both`;
      return withStudy(next, studyId, { stage: 'failed', failure: { code: 'transcripts-differ', why, by: org } });
    },
  },
};
