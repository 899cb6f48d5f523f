// The aggregators' agreement on who counts, and this aggregator's share of the sum of those: the same answer from the same messages everywhere.
import { equalBytes, toHex } from '@madang/trust';
import { digestOf } from '../round/binding.ts';
import { packFrame } from '../round/frame.ts';
import { longParts } from '../round/long-share.ts';
import { isLong } from '../round/parts.ts';
import { readVerifierMessage } from '../round/verifier-message.ts';
import { TWO_SLIPS } from '../twins.ts';
import { type AggregatorRound, type Held, isWhole, type Shares } from './share.ts';

export interface Conclusion {
  /** Sorted. */
  readonly organisations: readonly string[];
  readonly rejected: readonly Rejected[];
  /** Blob with the slips that count. */
  readonly slips: Uint8Array;
  readonly verifierDigest: string;
  /** This aggregator's share of the sum, without noise. Never leaves it. Empty for a long vector. */
  readonly aggregate: Uint8Array;
  /** The same for a long vector, part by part; each call reads and adds anew. */
  readonly parts?: () => AsyncIterable<Uint8Array>;
}

interface Rejected {
  readonly org: string;
  readonly reason: string;
}

/**
 * Agrees on the set, given every aggregator's verifier message in the study's order (one's own, as it was sent, included).
 * All aggregators compute the same answer from the same messages; `verifierDigest` is what the transcript signs. Rejects only when this
 * aggregator has not what its own message says it has: parcels are then taken in again before another try.
 */
export async function conclude(
  round: AggregatorRound,
  shares: Shares,
  bySlip: ReadonlyMap<string, Held>,
  messages: readonly Uint8Array[],
): Promise<Conclusion> {
  const views = messages.map(readVerifierMessage);
  const rejected = new Map<string, string>();
  const accepted: Held[] = [];
  const long = isLong(round.shape);
  const aggregate = long ? new Uint8Array(0) : shares.encoding.aggregateInit();
  for (const org of [...round.organisations].sort()) {
    const seen = views.map(v => v.held.get(org));
    if (seen.some(s => s === undefined)) {
      // Reasons come from the messages alone, so that every aggregator signs the same ones.
      const reasons = views.map(v => v.rejected.get(org)).filter(r => r !== undefined);
      const reason = reasons.find(r => r === TWO_SLIPS) ?? reasons[0];
      rejected.set(org, reason ?? (seen.every(s => s === undefined) ? 'no-contribution' : 'not-at-every-aggregator'));
      continue;
    }
    const digest = seen[0]!.slip;
    if (seen.some(s => !equalBytes(s!.slip, digest))) {
      rejected.set(org, TWO_SLIPS);
      continue;
    }
    const own = bySlip.get(toHex(digest));
    if (!isWhole(own))
      throw new Error(`this aggregator no longer has the contribution of ${org} that it told the others of`);
    const proofs = seen.map(s => s!.share);
    const outShare = shares.checked(own, proofs);
    if (!outShare) {
      rejected.set(org, 'proof-failed');
      continue;
    }
    if (!long)
      await shares.encoding.add(aggregate, shares.part, outShare === 'unproven' ? await shares.again(own) : outShare);
    accepted.push(own);
  }
  return {
    organisations: accepted.map(h => h.org),
    rejected: [...rejected].map(([org, reason]) => ({ org, reason })),
    slips: packFrame(accepted.map(h => [h.org, h.slipBytes])),
    verifierDigest: digestOf(packFrame(messages.map((m, i) => [round.aggregators[i], m]))),
    aggregate,
    ...(long
      ? {
          parts: () =>
            longParts(
              round,
              accepted.map(h => [h.org, h.long!] as const),
            ),
        }
      : {}),
  };
}
