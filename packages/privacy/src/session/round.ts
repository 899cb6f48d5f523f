// All aggregators of a round in one place, for simulations, tests and benches; a live study runs the same RoundAggregator at each of them.
import type { Prio3 } from '../prio3/interface.ts';
import { type ReportRefusal, RoundAggregator } from './aggregator.ts';

/** A report with all its shares; null where a share never reached its aggregator. */
export interface Report {
  readonly contributor: string;
  readonly nonce: Uint8Array;
  readonly publicShare: Uint8Array;
  readonly inputShares: readonly (Uint8Array | null)[];
}

export interface RoundOutcome<Result> {
  readonly accepted: readonly string[];
  /** In the order in which they were found out; each contributor once. */
  readonly rejected: readonly { readonly contributor: string; readonly refusal: ReportRefusal }[];
  /** Invited contributors that sent nothing, or not to every aggregator. */
  readonly vanished: readonly string[];
  /** Undefined if no report was accepted. */
  readonly result: Result | undefined;
  readonly aggregateShares: readonly Uint8Array[];
}

/**
 * Runs a round over a stream of reports.
 * @param invited who was asked; who is not among them is the caller's to refuse before
 */
export function runRound<Result>(
  prio3: Prio3<never, Result, unknown>,
  verifyKey: Uint8Array,
  ctx: Uint8Array,
  invited: Iterable<string>,
  reports: Iterable<Report>,
): RoundOutcome<Result> {
  const aggregators = Array.from(
    { length: prio3.shares },
    (_, aggId) => new RoundAggregator({ prio3, verifyKey, ctx, aggId }),
  );
  const shares = new Map<string, (Uint8Array | undefined)[]>();
  const refused = new Map<string, ReportRefusal>();
  for (const report of reports) {
    const { contributor } = report;
    const own = shares.get(contributor) ?? new Array<Uint8Array | undefined>(prio3.shares).fill(undefined);
    shares.set(contributor, own);
    aggregators.forEach((aggregator, j) => {
      const inputShare = report.inputShares[j];
      if (!inputShare) return;
      const received = aggregator.receive({ ...report, inputShare });
      if (received.ok) own[j] = received.verifierShare;
      else if (!refused.has(contributor)) refused.set(contributor, received.refusal);
    });
  }
  const vanished: string[] = [];
  for (const contributor of invited) if (!shares.has(contributor)) vanished.push(contributor);
  for (const [contributor, own] of shares) {
    const refusal = refused.get(contributor);
    if (refusal) {
      for (const aggregator of aggregators) aggregator.drop(contributor, refusal);
    } else if (own.every(share => share !== undefined)) {
      for (const aggregator of aggregators) {
        const decided = aggregator.decide(contributor, own);
        if (!decided.ok && !refused.has(contributor)) refused.set(contributor, decided.refusal);
      }
    } else {
      vanished.push(contributor);
    }
    shares.delete(contributor);
  }
  const outcomes = aggregators.map(aggregator => aggregator.close());
  const accepted = outcomes[0].accepted.filter(c => !refused.has(c));
  const aggregateShares = outcomes.map(o => o.aggregateShare);
  return {
    accepted,
    rejected: [...refused].map(([contributor, refusal]) => ({ contributor, refusal })),
    vanished,
    result: accepted.length > 0 ? prio3.unshard(aggregateShares, accepted.length) : undefined,
    aggregateShares,
  };
}
