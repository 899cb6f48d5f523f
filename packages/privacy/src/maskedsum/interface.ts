// What a masked sum offers: shares of a vector at the node, their sums at the aggregators, the result from the aggregators' sums.
import type { ChunkRange, Influence, MaskedSumShape } from './shape.ts';

/** Numbers of a vector, read piece by piece. `read` gives `n` values from `offset` on. */
export interface ValueSource {
  readonly length: number;
  read(offset: number, n: number): Float32Array | Float64Array | Promise<Float32Array | Float64Array>;
}

/** A contribution as one aggregator has it: a seed, or the first share with its declared size and its chunks. */
export type Contribution =
  | { readonly contributor: string; readonly seed: Uint8Array }
  | {
      readonly contributor: string;
      readonly byteLength: number;
      /** Chunk `index`, `chunkSize(index)` bytes. */
      readChunk(index: number): Uint8Array | Promise<Uint8Array>;
    };

export interface SharedChunk {
  readonly index: number;
  /** The first aggregator's share of this chunk. */
  readonly share: Uint8Array;
  /** Values that lay outside the clip. */
  readonly clipped: number;
}

export interface MaskedSum {
  readonly shape: Required<MaskedSumShape>;
  readonly influence: Influence;
  readonly chunks: number;
  /** Bytes of the first share: what a contributor uploads beside `aggregators - 1` seeds. */
  readonly byteLength: number;
  chunkSize(index: number): number;
  /**
   * The first aggregator's share, chunk by chunk. The others' shares are the seeds themselves.
   * @param seeds aggregators - 1 seeds of 32 bytes from the system's random source, used for nothing else
   * @param into at least `chunkSize(0)` bytes that every chunk is written to in turn; without it each chunk has its own
   * @param range which chunks: threads may share one vector out among them
   * Throws `measurement` for a wrong length or a NaN.
   */
  shard(
    values: Float32Array | Float64Array | ValueSource,
    seeds: readonly Uint8Array[],
    into?: Uint8Array,
    range?: ChunkRange,
  ): AsyncGenerator<SharedChunk>;
  /** Who may be added: contributions with the right length. Do this before `aggregate`, which cannot take one back. */
  admit(contributions: readonly Contribution[]): {
    readonly accepted: readonly Contribution[];
    readonly rejected: readonly { readonly contributor: string; readonly why: string }[];
  };
  /**
   * One aggregator's share of the sum, chunk by chunk: for each chunk all contributions are read and added.
   * Throws `shape`, naming the contributor, if a chunk is shorter or longer than declared.
   * @param into as for `shard`
   * @param range as for `shard`
   */
  aggregate(
    contributions: readonly Contribution[],
    into?: Uint8Array,
    range?: ChunkRange,
  ): AsyncGenerator<{ readonly index: number; readonly share: Uint8Array }>;
  /** The sum of shares of the same chunk over different contributions: where several threads of one aggregator each added some. */
  merge(shares: readonly Uint8Array[]): Uint8Array;
  /** Adds whole steps of either sign to a chunk of an aggregate share, in place: an aggregator's own noise. */
  addToShare(share: Uint8Array, steps: ArrayLike<number> | ArrayLike<bigint>): Uint8Array;
  /** The sums in one chunk, from the aggregate shares of all aggregators, in the values' unit. */
  open(shares: readonly Uint8Array[]): Float64Array;
}
