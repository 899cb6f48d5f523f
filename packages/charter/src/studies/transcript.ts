// round.transcript: both aggregators sign which contributions counted, which did not and why. Together, in one statement, before any noise is drawn.
import { asciiLine, digest, handle, type Infer, integer, list, object, optional } from '../schema.ts';
import type { State } from '../state.ts';
import { isRefusal, refuse, type StatementType } from '../statement-type.ts';
import { type Found, findRound, withRound } from './find.ts';

const body = object({
  opening: digest,
  round: integer(1, 1_000),
  /** Organisations whose contribution counts, in code-unit order. */
  organisations: list(handle, 0, 1_000),
  /** `evidence`: blob with two different slips that the organisation signed for this round. */
  rejected: list(object({ org: handle, reason: asciiLine(64), evidence: optional(digest) }), 0, 200),
  /** Digest of the blob with all slips, in the same order. */
  slips: digest,
  /** Digest of the verifier messages that both saw. */
  verifier: digest,
});

export const transcript: StatementType<Infer<typeof body>> = {
  kind: 'round.transcript',
  summary: 'Says which contributions of a round count.',
  body,
  signers: ['aggregator'],
  signedBy: 'cosigned',
  refusals: {
    'unknown-opening': 'There is no such opening.',
    'unknown-round': 'The opening does not cover this round.',
    'not-all-aggregators': 'Every aggregator of the study signs, and nobody else.',
    'too-few-contributors': 'Fewer organisations than the minimum contributed; the aggregators do not count.',
    'not-invited': 'An organisation was not part of the opening, or the list is not sorted.',
    'round-has-transcript': 'The round has its transcript.',
    'round-differs': 'Two different transcripts of the round were shown.',
    'isolates-a-partner': 'The set differs from an earlier release by one or two organisations.',
    'study-over': 'The study is over.',
  },
  apply: {
    1(state, { id, body: b, signers }) {
      const found = findRound(state, b);
      if (isRefusal(found)) return found;
      const { study, opening, round } = found;
      if (study.stage !== 'open') return refuse('study-over', `the study is ${study.stage}`);
      if (round.transcript) return refuse('round-has-transcript', `round ${b.round} has its transcript`);
      if (round.differ)
        return refuse(
          'round-differs',
          `${round.differ.by} has shown two transcripts of round ${b.round}; it has no result`,
        );
      const signed = new Set(signers.map(s => s.org));
      if (signed.size !== study.aggregators.length || study.aggregators.some(a => !signed.has(a)))
        return refuse('not-all-aggregators', `${study.aggregators.join(', ')} must all sign, and nobody else`);
      for (const [i, o] of b.organisations.entries())
        if (!opening.organisations.includes(o) || (i > 0 && b.organisations[i - 1] >= o))
          return refuse('not-invited', `${o} is not part of this opening, or the list is not sorted`);
      const counted = b.organisations.filter(o => !study.aggregators.includes(o)).length;
      if (counted < study.minimum)
        return refuse(
          'too-few-contributors',
          `${counted} organisations contributed that do not aggregate; the study needs ${study.minimum}`,
        );
      if (study.differencing === 'withhold') {
        const near = isolates(state, found, b.organisations);
        if (near) return refuse('isolates-a-partner', near);
      }
      // Absent where nobody signed twice, so that logs from before keep their digest.
      const twins = Object.fromEntries(b.rejected.flatMap(r => (r.evidence ? [[r.org, r.evidence]] : [])));
      const transcript = { id, organisations: b.organisations, slips: b.slips };
      return withRound(state, found, {
        transcript: Object.keys(twins).length > 0 ? { ...transcript, twins } : transcript,
      });
    },
  },
};

/** Two released sets of one query family that differ by one or two organisations would show those organisations' part. */
function isolates(state: State, found: Found, organisations: readonly string[]): string | undefined {
  for (const s of Object.values(state.studies)) {
    if (s.family !== found.study.family || !s.opening) continue;
    for (const [number, r] of Object.entries(s.opening.rounds)) {
      // One that is not spent yet may be a moment later; once its study is over it never will.
      if (!r.transcript || (!r.spent && s.stage !== 'open')) continue;
      const other = r.transcript.organisations;
      const difference =
        organisations.filter(o => !other.includes(o)).length + other.filter(o => !organisations.includes(o)).length;
      if (difference === 1 || difference === 2)
        return `this set differs by ${difference} from round ${number} of ${s.opening.id.slice(0, 12)}…; the study declared that such a result is withheld`;
    }
  }
  return undefined;
}
