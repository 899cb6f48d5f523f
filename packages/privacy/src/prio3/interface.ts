// The face of Prio3 (draft-irtf-cfrg-vdaf at commit 5203892, version byte 18), with the draft's names in camel case. Bytes in, bytes out; the
// encodings are the draft's. Traps: Prio3 binds neither its parameters nor the aggregators' identities (put both into `ctx`); a nonce or
// `rand` used twice breaks privacy; a report may be verified once only with one key.
import type { Integers } from './range.ts';

/** What an aggregator keeps between `verifyInit` and `verifyNext`. Plain bytes: store it as you like, show it to no one. */
export interface VerifyState {
  readonly outShare: Uint8Array;
  /** 32 bytes, or empty where the type uses no joint randomness. */
  readonly jointRandSeed: Uint8Array;
}

/** One aggregation function, ready to use. All methods are synchronous; none keeps or draws anything. */
export interface Prio3<Measurement, Result, ExactResult> {
  readonly name: string;
  /** The draft's algorithm identifier. */
  readonly id: number;
  readonly shares: number;
  readonly proofs: number;
  readonly field: 'Field64' | 'Field128';
  /** Bytes of `rand` for `shard`. */
  readonly randSize: number;
  readonly nonceSize: 16;
  readonly verifyKeySize: 32;
  readonly publicShareSize: number;
  readonly verifierShareSize: number;
  readonly verifierMessageSize: number;
  /** Numbers in an aggregate. */
  readonly outputLength: number;
  readonly aggregateShareSize: number;
  /** Bytes of the input share of aggregator `aggId`. */
  inputShareSize(aggId: number): number;
  /**
   * Splits a measurement into one public and `shares` input shares.
   * @param nonce 16 bytes, fresh and unpredictable for each report
   * @param rand `randSize` bytes from the system's random source, used once
   * Throws `measurement` if the measurement is out of range.
   */
  shard(
    ctx: Uint8Array,
    measurement: Measurement,
    nonce: Uint8Array,
    rand: Uint8Array,
  ): { publicShare: Uint8Array; inputShares: Uint8Array[] };
  /** One aggregator's check of its share. Throws `shape` or `test-point`: the report is to be rejected. */
  verifyInit(
    verifyKey: Uint8Array,
    ctx: Uint8Array,
    aggId: number,
    nonce: Uint8Array,
    publicShare: Uint8Array,
    inputShare: Uint8Array,
  ): { state: VerifyState; verifierShare: Uint8Array };
  /** Joins the verifier shares, in the aggregators' order, into the verifier message. Throws `shape` or `proof`: reject the report. */
  verifierSharesToMessage(ctx: Uint8Array, verifierShares: readonly Uint8Array[]): Uint8Array;
  /** The output share. Throws `joint-randomness` or `shape`: reject the report. */
  verifyNext(state: VerifyState, verifierMessage: Uint8Array): Uint8Array;
  /** An aggregate share of nothing. */
  aggregateInit(): Uint8Array;
  /** Adds an output share (or another aggregate share) to an aggregate share, in place; returns it. */
  aggregateUpdate(aggregateShare: Uint8Array, outShare: Uint8Array): Uint8Array;
  /** Adds whole numbers of either sign, one a place, in place: an aggregator's own noise. */
  addToAggregateShare(aggregateShare: Uint8Array, integers: Integers): Uint8Array;
  /** Checks the bytes of a share received from another; returns a copy. Throws `shape`. */
  decodeAggregateShare(bytes: Uint8Array): Uint8Array;
  /** The sum over `count` reports; noise may carry it below zero. Throws `sum-too-large` if no double holds it exactly. */
  unshard(aggregateShares: readonly Uint8Array[], count: number): Result;
  /** As `unshard`, for sums of any size. */
  unshardExact(aggregateShares: readonly Uint8Array[], count: number): ExactResult;
}
