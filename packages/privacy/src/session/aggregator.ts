// One aggregator's side of one round with many reports (protocol: a round, steps 6 and 7): checks each share, joins the verifier shares, adds
// what holds, names what does not. Time and memory grow with the reports one by one; output shares are held only until decided.
// Trap: a report's nonce may be used once with a verification key. A resend of the same bytes is answered with the same bytes; a second
// report that differs is evidence of a liar or a stolen key, and both are dropped.
import { keyOf } from '../bytes/plain.ts';
import { PrivacyError, type PrivacyErrorCode } from '../error.ts';
import type { Prio3, VerifyState } from '../prio3/interface.ts';
import { XofTurboShake128 } from '../xof/turboshake.ts';

/**
 * - the codes of `PrivacyError` that a report can cause: `shape`, `proof`, `joint-randomness`, `test-point`
 * - `nonce`: another contributor's report has the same nonce
 * - `twin`: the contributor sent two different reports
 * - `incomplete`: not every aggregator has checked this report, as far as this one was told
 * - `closed`: the round takes no more reports
 * - `unknown`: verifier shares for a report that never came
 */
export type ReportRefusalCode =
  | Extract<PrivacyErrorCode, 'shape' | 'proof' | 'joint-randomness' | 'test-point'>
  | 'nonce'
  | 'twin'
  | 'incomplete'
  | 'closed'
  | 'unknown';

export interface ReportRefusal {
  readonly code: ReportRefusalCode;
  readonly why: string;
}

export type Received =
  | { readonly ok: true; readonly verifierShare: Uint8Array }
  | { readonly ok: false; readonly refusal: ReportRefusal };

export type Decided = { readonly ok: true } | { readonly ok: false; readonly refusal: ReportRefusal };

/** A report as one aggregator sees it. `contributor` is whoever signed it; that was checked before. */
export interface ReportShare {
  readonly contributor: string;
  readonly nonce: Uint8Array;
  readonly publicShare: Uint8Array;
  readonly inputShare: Uint8Array;
}

export interface AggregatorOptions {
  readonly prio3: Prio3<never, unknown, unknown>;
  readonly verifyKey: Uint8Array;
  /** Label, opening, round, aggregators: what ties a report to this round. A report made for another fails here. */
  readonly ctx: Uint8Array;
  /** 0 is the leader. */
  readonly aggId: number;
}

export interface AggregatorOutcome {
  /** This aggregator's share of the sum of the accepted reports, without noise. */
  readonly aggregateShare: Uint8Array;
  readonly accepted: readonly string[];
  readonly rejected: readonly { readonly contributor: string; readonly refusal: ReportRefusal }[];
}

interface Pending {
  readonly digest: string;
  readonly verifierShare: Uint8Array;
  readonly state: VerifyState;
}

/** A running round. One for each aggregator; not shared. */
export class RoundAggregator {
  readonly #options: AggregatorOptions;
  readonly #aggregateShare: Uint8Array;
  readonly #pending = new Map<string, Pending>();
  readonly #accepted = new Map<string, string>();
  readonly #rejected = new Map<string, ReportRefusal>();
  readonly #nonces = new Map<string, string>();
  #closed = false;

  constructor(options: AggregatorOptions) {
    this.#options = options;
    this.#aggregateShare = options.prio3.aggregateInit();
  }

  /** Checks one share. The verifier share goes to the other aggregators. */
  receive(report: ReportShare): Received {
    const { contributor } = report;
    if (this.#closed) return refuse('closed', 'the round takes no more reports');
    const digest = digestOf(report);
    const pending = this.#pending.get(contributor);
    if (pending) {
      if (pending.digest === digest) return { ok: true, verifierShare: pending.verifierShare };
      return this.#reject(contributor, 'twin', 'two different reports came; both are dropped');
    }
    const known = this.#accepted.get(contributor);
    if (known !== undefined)
      return known === digest
        ? refuse('closed', 'this report has been counted already')
        : refuse('twin', 'a different report of this contributor has been counted already');
    const rejected = this.#rejected.get(contributor);
    if (rejected) return { ok: false, refusal: rejected };
    // A nonce of another length is refused with the share below.
    if (report.nonce.length === this.#options.prio3.nonceSize) {
      const nonce = keyOf(report.nonce);
      const holder = this.#nonces.get(nonce);
      if (holder !== undefined && holder !== contributor)
        return this.#reject(contributor, 'nonce', `its nonce is that of the report of ${holder}`);
      this.#nonces.set(nonce, contributor);
    }
    try {
      const { prio3, verifyKey, ctx, aggId } = this.#options;
      const { state, verifierShare } = prio3.verifyInit(
        verifyKey,
        ctx,
        aggId,
        report.nonce,
        report.publicShare,
        report.inputShare,
      );
      this.#pending.set(contributor, { digest, verifierShare, state });
      return { ok: true, verifierShare };
    } catch (error) {
      return this.#rejectFor(contributor, error);
    }
  }

  /**
   * Decides one report from the verifier shares of all aggregators in their order, this one's among them; adds it if its proof holds.
   * Every aggregator given the same shares decides alike.
   */
  decide(contributor: string, verifierShares: readonly Uint8Array[]): Decided {
    if (this.#accepted.has(contributor)) return { ok: true };
    const rejected = this.#rejected.get(contributor);
    if (rejected) return { ok: false, refusal: rejected };
    const pending = this.#pending.get(contributor);
    if (!pending) return refuse('unknown', `no report of ${contributor} is here`);
    const { prio3, ctx, aggId } = this.#options;
    try {
      const own = verifierShares[aggId];
      if (!own || !sameBytes(own, pending.verifierShare))
        throw new PrivacyError('shape', `the verifier share at place ${aggId} is not the one made here`);
      const message = prio3.verifierSharesToMessage(ctx, verifierShares);
      prio3.aggregateUpdate(this.#aggregateShare, prio3.verifyNext(pending.state, message));
    } catch (error) {
      return this.#rejectFor(contributor, error);
    }
    this.#pending.delete(contributor);
    this.#accepted.set(contributor, pending.digest);
    return { ok: true };
  }

  /** Drops a report another aggregator refused or never got, before it is added. */
  drop(contributor: string, refusal: ReportRefusal): void {
    if (this.#accepted.has(contributor))
      throw new PrivacyError('parameter', `the report of ${contributor} has been added and cannot be dropped`);
    this.#reject(contributor, refusal.code, refusal.why);
  }

  /** Ends the round: what is undecided is `incomplete`. May be called again; the outcome is the same. */
  close(): AggregatorOutcome {
    this.#closed = true;
    for (const contributor of [...this.#pending.keys()])
      this.#reject(contributor, 'incomplete', 'not every aggregator checked its share of this report');
    return {
      aggregateShare: this.#aggregateShare.slice(),
      accepted: [...this.#accepted.keys()],
      rejected: [...this.#rejected].map(([contributor, refusal]) => ({ contributor, refusal })),
    };
  }

  #reject(contributor: string, code: ReportRefusalCode, why: string): { ok: false; refusal: ReportRefusal } {
    const refusal = { code, why };
    this.#pending.delete(contributor);
    this.#rejected.set(contributor, refusal);
    return { ok: false, refusal };
  }

  #rejectFor(contributor: string, error: unknown): { ok: false; refusal: ReportRefusal } {
    if (!(error instanceof PrivacyError)) throw error;
    switch (error.code) {
      case 'shape':
      case 'proof':
      case 'joint-randomness':
      case 'test-point':
        return this.#reject(contributor, error.code, error.message);
      default:
        throw error;
    }
  }
}

function refuse(code: ReportRefusalCode, why: string): { ok: false; refusal: ReportRefusal } {
  return { ok: false, refusal: { code, why } };
}

const digestTag = new TextEncoder().encode('madang report digest');

function digestOf(report: ReportShare): string {
  const parts = [report.nonce, report.publicShare, report.inputShare];
  const bytes = new Uint8Array(parts.reduce((n, p) => n + p.length + 4, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length);
    bytes.set(part, at + 4);
    at += part.length + 4;
  }
  return keyOf(new XofTurboShake128(new Uint8Array(0), digestTag, bytes).next(32));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}
