// The aggregator's role (protocol, section 5, steps 6 to 8) as steps over plain data: take parcels in, make verifier shares, agree with the other
// aggregators on who counts, add the shares (its own noise comes after: round/noise-share.ts).
import { fromHex, type Opener, type Refusal } from '@madang/trust';
import { unpackParcel } from '../contributor.ts';
import type { BodySource } from '../round/long.ts';
import { readSlip, type Slip, slipDigest } from '../round/slip.ts';
import { packVerifierMessage } from '../round/verifier-message.ts';
import { TWO_SLIPS } from '../twins.ts';
import { type Conclusion, conclude } from './conclude.ts';
import { type AggregatorRound, type Held, isWhole, Shares } from './share.ts';

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
  readonly round: AggregatorRound;
  private readonly shares: Shares;

  constructor(round: AggregatorRound, opener: Opener) {
    this.round = round;
    this.shares = new Shares(round, opener);
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
      const source = await body(slip.shares[this.shares.part], org);
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
      const held = this.shares.hold(parcel, slip, reread);
      if ('why' in held) return reject(held.code, held.why);
      this.nonces.add(slip.nonce);
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

  /** What this aggregator has, for the others. The caller stores it before it is sent: after a restart the same bytes go out. */
  verifierMessage(): Uint8Array {
    const held = [...this.held].filter(([, h]) => isWhole(h));
    return packVerifierMessage({
      held: new Map(held.map(([o, h]) => [o, { slip: fromHex(slipDigest(h.slip)), share: h.verifierShare }])),
      rejected: new Map([...this.bad].filter(([o]) => !this.held.has(o))),
    });
  }

  /** Agrees on the set, given every aggregator's verifier message in the study's order (one's own, as it was sent, included); rejects as `conclude` does. */
  conclude(messages: readonly Uint8Array[]): Promise<Conclusion> {
    return conclude(this.round, this.shares, this.bySlip, messages);
  }
}

function equalSlips(a: Slip, b: Slip): boolean {
  return slipDigest(a) === slipDigest(b);
}
