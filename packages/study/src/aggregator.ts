// The aggregator's role (protocol, section 5, steps 6 to 8) as steps over plain data: take parcels in, make verifier shares, agree with the other
// aggregators on who counts, add the shares (its own noise comes after: round/noise-share.ts). It holds one share of everything and sees nothing alone.
import type { Shape } from '@madang/charter';
import { bodyKeySize, type VerifyState } from '@madang/privacy';
import { equalBytes, fromHex, type Opener, type Refusal, toHex } from '@madang/trust';
import { unpackParcel } from './contributor.ts';
import { digestOf, type RoundRef, roundContext, SHARE_INFO, shareAad } from './round/binding.ts';
import { type Encoding, encodingOf } from './round/encoding.ts';
import { packFrame } from './round/frame.ts';
import { type BodySource, type LongCipher, readBodyHeader } from './round/long.ts';
import { LongShare, longParts } from './round/long-share.ts';
import { isLong, partCount } from './round/parts.ts';
import { readSlip, type Slip, slipDigest } from './round/slip.ts';
import { packVerifierMessage, readVerifierMessage } from './round/verifier-message.ts';
import { TWO_SLIPS } from './twins.ts';

export interface AggregatorRound extends RoundRef {
  readonly shape: Shape;
  /** All aggregators in the study's order, and which of them this is. */
  readonly aggregators: readonly string[];
  readonly self: string;
  /** Organisations that may contribute. */
  readonly organisations: readonly string[];
  readonly verifyKey: Uint8Array;
  /** For long vectors (`isLong`). */
  readonly cipher?: LongCipher;
}

/** A contribution that arrived whole at this aggregator. */
interface Held {
  readonly org: string;
  readonly slip: Slip;
  readonly slipBytes: Uint8Array;
  /** What is kept of the share between the two steps of a proof; without proof the share is opened again when it is added. */
  readonly state?: VerifyState;
  /** Empty without proof. */
  readonly verifierShare: Uint8Array;
  readonly reread: () => Promise<Uint8Array>;
  /** Of a long vector, instead: the seed, or the body. */
  readonly long?: LongShare;
}

export interface Rejected {
  readonly org: string;
  readonly reason: string;
}

/** One round at one aggregator. Contributions may come twice or in any order; what is wrong is rejected by name and never throws. */
export class RoundIntake {
  private readonly held = new Map<string, Held>();
  /** By digest of the slip, also what a twin has voided since: what a verifier message of ours names can be concluded on for good. */
  private readonly bySlip = new Map<string, Held>();
  private readonly broken = new Set<Held>();
  private readonly bad = new Map<string, string>();
  /** Signed slips by organisation: one, or two that differ. */
  private readonly slips = new Map<string, readonly [Slip, Uint8Array][]>();
  private readonly nonces = new Set<string>();
  private readonly encoding: Encoding;
  private readonly part: number;
  private readonly ctx: Uint8Array;
  readonly round: AggregatorRound;
  private readonly opener: Opener;

  constructor(round: AggregatorRound, opener: Opener) {
    this.round = round;
    this.opener = opener;
    this.encoding = encodingOf(round.shape, round.aggregators.length);
    this.part = round.aggregators.indexOf(round.self);
    this.ctx = roundContext(round);
  }

  /** Everybody who could contribute has been heard. */
  get complete(): boolean {
    return this.round.organisations.every(o => isWhole(this.held.get(o)) || this.bad.has(o));
  }

  get count(): number {
    return [...this.held.values()].filter(isWhole).length;
  }

  /**
   * Looks for the bodies of long vectors whose parcels were taken in: those that have come whole are opened once, so that what is told the other
   * aggregators is known to be right. `body` finds the chunks that go with a header's digest. Refusals are returned.
   */
  async takeBodies(
    body: (header: string, org: string) => Promise<BodySource | undefined>,
  ): Promise<readonly Refusal[]> {
    const refusals: Refusal[] = [];
    // Also those that a twin has voided since: what was told the others must be there when they conclude.
    for (const held of this.bySlip.values()) {
      const { org, long, slip } = held;
      if (!long || long.whole || this.broken.has(held)) continue;
      const source = await body(slip.shares[this.part], org);
      if (!source || (await long.check(source))) continue;
      this.broken.add(held);
      if (this.held.get(org) === held) {
        this.held.delete(org);
        this.bad.set(org, 'body-broken');
      }
      refusals.push({ code: 'body-broken', why: `the body of ${org} is not the one whose tags its slip names` });
    }
    return refusals;
  }

  /**
   * Takes a parcel in. `verify` checks the slip's signature against a node key of the organisation; `reread` gives the same bytes again, so
   * that long shares need not be kept in memory until all have come.
   */
  take(
    parcelBytes: Uint8Array,
    verify: (slip: Uint8Array, org: string) => Refusal | undefined,
    reread: () => Promise<Uint8Array> = async () => parcelBytes,
  ): Refusal | undefined {
    let org: string | undefined;
    const reject = (code: string, why: string): Refusal => {
      if (org !== undefined && this.round.organisations.includes(org) && !this.held.has(org)) this.bad.set(org, code);
      return { code, why };
    };
    try {
      const parcel = unpackParcel(parcelBytes);
      const { slip } = readSlip(parcel.slip);
      if (!this.round.organisations.includes(slip.org))
        return reject('not-invited', `${slip.org} is not part of this opening`);
      const fault = verify(parcel.slip, slip.org);
      // An unsigned claim must not be able to shut out the organisation that it names.
      if (fault) return fault;
      org = slip.org;
      if (slip.opening !== this.round.opening || slip.round !== this.round.round)
        return reject('other-round', `the slip of ${org} is for another opening or round`);
      this.keepSlip(slip, parcel.slip);
      const before = this.held.get(org);
      if (before) {
        if (equalSlips(before.slip, slip)) return undefined;
        // Two different slips of one organisation are evidence: neither counts.
        this.held.delete(org);
        return reject(TWO_SLIPS, `${org} signed two different slips for this round`);
      }
      if (this.bad.has(org))
        return { code: 'rejected', why: `a contribution of ${org} was rejected already: ${this.bad.get(org)}` };
      if (this.nonces.has(slip.nonce))
        return reject('nonce-reused', `the nonce of ${org} was used before in this round`);
      if (
        slip.shares.length !== this.round.aggregators.length ||
        digestOf(parcel.sealedShare) !== slip.shares[this.part]
      )
        return reject('share-digest', `the sealed share of ${org} is not the one its slip names`);
      if (digestOf(parcel.publicShare) !== slip.publicShare)
        return reject('public-share', `the public share of ${org} is not the one its slip names`);
      const header = isLong(this.round.shape) && this.part === 0 ? readBodyHeader(parcel.sealedShare) : undefined;
      let share: Uint8Array;
      try {
        share = this.openShare(slip, header?.sealedKey ?? parcel.sealedShare);
      } catch {
        return reject('sealed-to-another', `the share of ${org} does not open with this opening's key`);
      }
      const size = header ? bodyKeySize : this.encoding.inputShareSize(this.part);
      if (share.length !== size)
        return reject('wrong-length', `the share of ${org} has ${share.length} bytes instead of ${size}`);
      const parts = partCount(this.round.shape);
      if (header && header.tags.length !== parts)
        return reject('wrong-length', `the body of ${org} has ${header.tags.length} chunks instead of ${parts}`);
      const nonce = fromHex(slip.nonce);
      const begun = this.encoding.proof?.verifyInit(
        this.round.verifyKey,
        this.ctx,
        this.part,
        nonce,
        parcel.publicShare,
        share,
      );
      if (!begun && parcel.publicShare.length > 0)
        return reject('public-share', `the public share of ${org} has bytes where this encoding has none`);
      this.nonces.add(slip.nonce);
      const held: Held = {
        org,
        slip,
        slipBytes: parcel.slip,
        verifierShare: begun?.verifierShare ?? new Uint8Array(0),
        reread,
        ...(begun ? { state: begun.state } : {}),
        ...(isLong(this.round.shape) ? { long: new LongShare(this.round, share, header?.tags) } : {}),
      };
      this.held.set(org, held);
      this.bySlip.set(slipDigest(slip), held);
      return undefined;
    } catch (error) {
      return reject('malformed', error instanceof Error ? error.message : String(error));
    }
  }

  /** The signed slips that came from an organisation, at most two that differ. */
  slipsOf(org: string): readonly Uint8Array[] {
    return (this.slips.get(org) ?? []).map(([, bytes]) => bytes);
  }

  private keepSlip(slip: Slip, bytes: Uint8Array): void {
    const kept = this.slips.get(slip.org) ?? [];
    if (kept.length < 2 && !kept.some(([s]) => equalSlips(s, slip))) this.slips.set(slip.org, [...kept, [slip, bytes]]);
  }

  private openShare(slip: Slip, sealedShare: Uint8Array): Uint8Array {
    const aad = shareAad(this.round, slip.org, this.part, this.round.self, slip.publicShare);
    return this.opener.open(SHARE_INFO, aad, sealedShare);
  }

  /** The share of an unproven contribution, opened a second time. Throws when the stored parcel is not what was taken in. */
  private async shareAgain(held: Held): Promise<Uint8Array> {
    const { sealedShare } = unpackParcel(await held.reread());
    if (digestOf(sealedShare) !== held.slip.shares[this.part])
      throw new Error(`the stored parcel of ${held.org} is not the one that was taken in`);
    return this.openShare(held.slip, sealedShare);
  }

  /** What this aggregator has, for the others. The caller stores it before it is sent: after a restart the same bytes go out. */
  verifierMessage(): Uint8Array {
    const held = [...this.held].filter(([, h]) => isWhole(h));
    return packVerifierMessage({
      held: new Map(held.map(([o, h]) => [o, { slip: fromHex(slipDigest(h.slip)), share: h.verifierShare }])),
      rejected: new Map([...this.bad].filter(([o]) => !this.held.has(o))),
    });
  }

  /**
   * Agrees on the set, given every aggregator's verifier message in the study's order (one's own, as it was sent, included).
   * All aggregators compute the same answer from the same messages; `verifierDigest` is what the transcript signs. Rejects only when this
   * aggregator has not what its own message says it has: parcels are then taken in again before another try.
   */
  async conclude(messages: readonly Uint8Array[]): Promise<Conclusion> {
    const views = messages.map(readVerifierMessage);
    const rejected = new Map<string, string>();
    const accepted: Held[] = [];
    const long = isLong(this.round.shape);
    const aggregate = long ? new Uint8Array(0) : this.encoding.aggregateInit();
    for (const org of [...this.round.organisations].sort()) {
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
      const own = this.bySlip.get(toHex(digest));
      if (!isWhole(own))
        throw new Error(`this aggregator no longer has the contribution of ${org} that it told the others of`);
      const shares = seen.map(s => s!.share);
      const outShare = this.checked(own, shares);
      if (!outShare) {
        rejected.set(org, 'proof-failed');
        continue;
      }
      if (!long)
        await this.encoding.add(aggregate, this.part, outShare === 'unproven' ? await this.shareAgain(own) : outShare);
      accepted.push(own);
    }
    return {
      organisations: accepted.map(h => h.org),
      rejected: [...rejected].map(([org, reason]) => ({ org, reason })),
      slips: packFrame(accepted.map(h => [h.org, h.slipBytes])),
      verifierDigest: digestOf(packFrame(messages.map((m, i) => [this.round.aggregators[i], m]))),
      aggregate,
      ...(long
        ? {
            parts: () =>
              longParts(
                this.round,
                accepted.map(h => [h.org, h.long!] as const),
              ),
          }
        : {}),
    };
  }

  /** What is to be added of a contribution; undefined when the aggregators' shares of its proof do not fit together. */
  private checked(own: Held, verifierShares: readonly Uint8Array[]): Uint8Array | 'unproven' | undefined {
    const { proof } = this.encoding;
    if (!proof || !own.state) return verifierShares.every(s => s.length === 0) ? 'unproven' : undefined;
    try {
      return proof.verifyNext(own.state, proof.verifierSharesToMessage(this.ctx, verifierShares));
    } catch {
      return undefined;
    }
  }
}

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

function isWhole(held: Held | undefined): held is Held {
  return held !== undefined && (held.long === undefined || held.long.whole);
}

function equalSlips(a: Slip, b: Slip): boolean {
  return slipDigest(a) === slipDigest(b);
}
