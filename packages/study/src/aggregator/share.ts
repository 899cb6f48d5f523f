// What one aggregator makes of a contribution's share: opened with this opening's key, held, checked with the others' parts of its proof, opened again when it
// is added. It holds one share of everything and sees nothing alone.
import type { Shape } from '@madang/charter';
import { bodyKeySize, type VerifyState } from '@madang/privacy';
import { fromHex, type Opener, type Refusal } from '@madang/trust';
import { type Parcel, unpackParcel } from '../contributor.ts';
import { digestOf, type RoundRef, roundContext, SHARE_INFO, shareAad } from '../round/binding.ts';
import { type Encoding, encodingOf } from '../round/encoding.ts';
import { type LongCipher, readBodyHeader } from '../round/long.ts';
import { LongShare } from '../round/long-share.ts';
import { isLong, partCount } from '../round/parts.ts';
import type { Slip } from '../round/slip.ts';

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
export interface Held {
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

export function isWhole(held: Held | undefined): held is Held {
  return held !== undefined && (held.long === undefined || held.long.whole);
}

const refuse = (code: string, why: string): Refusal => ({ code, why });

/** The shares that an aggregator opens in a round. */
export class Shares {
  readonly encoding: Encoding;
  /** Which of the aggregators this is. */
  readonly part: number;
  private readonly round: AggregatorRound;
  private readonly opener: Opener;
  private readonly ctx: Uint8Array;

  constructor(round: AggregatorRound, opener: Opener) {
    this.round = round;
    this.opener = opener;
    this.encoding = encodingOf(round.shape, round.aggregators.length);
    this.part = round.aggregators.indexOf(round.self);
    this.ctx = roundContext(round);
  }

  /** Opens the share of a parcel whose slip is known to be the organisation's own, and holds what is needed of it. */
  hold(parcel: Parcel, slip: Slip, reread: () => Promise<Uint8Array>): Held | Refusal {
    if (slip.shares.length !== this.round.aggregators.length || digestOf(parcel.sealedShare) !== slip.shares[this.part])
      return refuse('share-digest', `the sealed share of ${slip.org} is not the one its slip names`);
    if (digestOf(parcel.publicShare) !== slip.publicShare)
      return refuse('public-share', `the public share of ${slip.org} is not the one its slip names`);
    const header = isLong(this.round.shape) && this.part === 0 ? readBodyHeader(parcel.sealedShare) : undefined;
    let share: Uint8Array;
    try {
      share = this.open(slip, header?.sealedKey ?? parcel.sealedShare);
    } catch {
      return refuse('sealed-to-another', `the share of ${slip.org} does not open with this opening's key`);
    }
    const size = header ? bodyKeySize : this.encoding.inputShareSize(this.part);
    if (share.length !== size)
      return refuse('wrong-length', `the share of ${slip.org} has ${share.length} bytes instead of ${size}`);
    const parts = partCount(this.round.shape);
    if (header && header.tags.length !== parts)
      return refuse('wrong-length', `the body of ${slip.org} has ${header.tags.length} chunks instead of ${parts}`);
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
      return refuse('public-share', `the public share of ${slip.org} has bytes where this encoding has none`);
    return {
      org: slip.org,
      slip,
      slipBytes: parcel.slip,
      verifierShare: begun?.verifierShare ?? new Uint8Array(0),
      reread,
      ...(begun ? { state: begun.state } : {}),
      ...(isLong(this.round.shape) ? { long: new LongShare(this.round, share, header?.tags) } : {}),
    };
  }

  private open(slip: Slip, sealedShare: Uint8Array): Uint8Array {
    const aad = shareAad(this.round, slip.org, this.part, this.round.self, slip.publicShare);
    return this.opener.open(SHARE_INFO, aad, sealedShare);
  }

  /** The share of an unproven contribution, opened a second time. Throws when the stored parcel is not what was taken in. */
  async again(held: Held): Promise<Uint8Array> {
    const { sealedShare } = unpackParcel(await held.reread());
    if (digestOf(sealedShare) !== held.slip.shares[this.part])
      throw new Error(`the stored parcel of ${held.org} is not the one that was taken in`);
    return this.open(held.slip, sealedShare);
  }

  /** What is to be added of a contribution; undefined when the aggregators' shares of its proof do not fit together. */
  checked(own: Held, verifierShares: readonly Uint8Array[]): Uint8Array | 'unproven' | undefined {
    const { proof } = this.encoding;
    if (!proof || !own.state) return verifierShares.every(s => s.length === 0) ? 'unproven' : undefined;
    try {
      return proof.verifyNext(own.state, proof.verifierSharesToMessage(this.ctx, verifierShares));
    } catch {
      return undefined;
    }
  }
}
