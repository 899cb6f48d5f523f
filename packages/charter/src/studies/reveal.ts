// round.reveal: an aggregator shows the share it committed to, once all have committed. The share itself is a blob.
import { concat, fromHex, sha256, toHex, utf8 } from '@madang/trust';
import { digest, type Infer, integer, object } from '../schema.ts';
import { isRefusal, put, refuse, type StatementType } from '../statement-type.ts';
import { findRound, withRound } from './find.ts';

const body = object({ opening: digest, round: integer(1, 1_000), blind: digest, share: digest });

/** What `round.commit` carries: SHA-256 over a label, 32 bytes of blind and the digest of the share, all hexadecimal outside. */
export function shareCommitment(blind: string, share: string): string {
  return toHex(sha256(concat(utf8('madang/share-commitment/1\n'), fromHex(blind), fromHex(share))));
}

export const reveal: StatementType<Infer<typeof body>> = {
  kind: 'round.reveal',
  summary: 'An aggregator reveals its noised share.',
  body,
  signers: ['aggregator'],
  refusals: {
    'unknown-opening': 'There is no such opening.',
    'unknown-round': 'The opening does not cover this round.',
    'not-all-committed': 'Shares are revealed only when every aggregator has committed.',
    'not-what-was-committed': 'Blind and share do not match the commitment.',
    'already-revealed': 'The aggregator has revealed already.',
  },
  apply: {
    1(state, { org, body: b }) {
      const found = findRound(state, b);
      if (isRefusal(found)) return found;
      const { round } = found;
      if (!round.spent) return refuse('not-all-committed', `not every aggregator has committed for round ${b.round}`);
      if (round.reveals[org]) return refuse('already-revealed', `${org} has revealed its share already`);
      if (round.commits[org] !== shareCommitment(b.blind, b.share))
        return refuse('not-what-was-committed', `the share of ${org} is not the one it committed to`);
      return withRound(state, found, { reveals: put(round.reveals, org, { share: b.share, blind: b.blind }) });
    },
  },
};
