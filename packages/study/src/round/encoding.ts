// From the shape that a study declares to what carries it: Prio3, which proves every vector in range, or masked sum, which proves nothing and is for
// vectors too long to prove. Whole numbers 0 to the shape's maximum in, sums out, for both.
import type { Shape } from '@madang/charter';
import { type Integers, type Prio3Vector, prio3Histogram, prio3SumVec, type VerifyState } from '@madang/privacy';
import { maskedEncoding } from './masked-encoding.ts';

export interface InputShares {
  readonly publicShare: Uint8Array;
  /** One for each aggregator, in order. */
  readonly inputShares: readonly Uint8Array[];
}

export interface Encoding {
  readonly nonceSize: 16;
  /** Bytes of `rand` for `shard`, from the system's random source, used once. */
  readonly randSize: number;
  readonly outputLength: number;
  /** Bytes of the input share of aggregator `part`. */
  inputShareSize(part: number): number;
  /** Throws on a measurement that does not fit. */
  shard(
    ctx: Uint8Array,
    measurement: ArrayLike<number>,
    nonce: Uint8Array,
    rand: Uint8Array,
  ): InputShares | Promise<InputShares>;
  /** Absent where nothing is proven: then an input share is added as it is. */
  readonly proof?: Proof;
  aggregateInit(): Uint8Array;
  /** Adds what `proof` gave for a contribution, or without proof the input share of aggregator `part`, in place. */
  add(aggregate: Uint8Array, part: number, share: Uint8Array): void | Promise<void>;
  /** Adds whole numbers of either sign, one a place, in place: an aggregator's own noise. */
  addToAggregateShare(aggregate: Uint8Array, integers: Integers): void;
}

/** How the aggregators check a contribution together; each method throws when it is to be rejected. */
export interface Proof {
  verifyInit(
    verifyKey: Uint8Array,
    ctx: Uint8Array,
    part: number,
    nonce: Uint8Array,
    publicShare: Uint8Array,
    inputShare: Uint8Array,
  ): { state: VerifyState; verifierShare: Uint8Array };
  verifierSharesToMessage(ctx: Uint8Array, verifierShares: readonly Uint8Array[]): Uint8Array;
  verifyNext(state: VerifyState, message: Uint8Array): Uint8Array;
}

/** Throws PrivacyError `parameter` for a shape that cannot be. */
export function encodingOf(shape: Shape, aggregators: number): Encoding {
  switch (shape.encoding) {
    case 'prio3-sumvec':
      return proven(
        prio3SumVec({
          length: shape.length,
          maxMeasurement: shape.maximum,
          chunkLength: shape.chunk,
          field: shape.field === 64 ? 'Field64' : 'Field128',
          proofs: shape.proofs,
          shares: aggregators,
        }) as Prio3Vector<ArrayLike<number>>,
      );
    case 'prio3-histogram': {
      const inner = prio3Histogram({ length: shape.length, chunkLength: shape.chunk, shares: aggregators });
      return {
        ...proven(inner as unknown as Prio3Vector<ArrayLike<number>>),
        shard: (ctx, vector, nonce, rand) => inner.shard(ctx, bucketOf(vector), nonce, rand),
      };
    }
    case 'masked-sum':
      return maskedEncoding(shape, aggregators);
  }
}

function proven(prio3: Prio3Vector<ArrayLike<number>>): Encoding {
  return {
    nonceSize: prio3.nonceSize,
    randSize: prio3.randSize,
    outputLength: prio3.outputLength,
    inputShareSize: part => prio3.inputShareSize(part),
    shard: (ctx, measurement, nonce, rand) => prio3.shard(ctx, measurement, nonce, rand),
    proof: prio3,
    aggregateInit: () => prio3.aggregateInit(),
    add: (aggregate, _part, outShare) => void prio3.aggregateUpdate(aggregate, outShare),
    addToAggregateShare: (aggregate, integers) => void prio3.addToAggregateShare(aggregate, integers),
  };
}

function bucketOf(vector: ArrayLike<number>): number {
  const ones: number[] = [];
  for (let i = 0; i < vector.length; i++) if (vector[i] !== 0) ones.push(i);
  if (ones.length !== 1 || vector[ones[0]] !== 1)
    throw new RangeError('a histogram report is one bucket: a single 1 in the vector');
  return ones[0];
}
