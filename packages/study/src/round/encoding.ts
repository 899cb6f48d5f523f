// From the shape that a study declares to the Prio3 instance that carries it.

import type { Shape } from '@madang/charter';
import { type Prio3Vector, prio3Histogram, prio3SumVec } from '@madang/privacy';

/** Vectors in, sums out; a histogram report is one bucket, given as a vector with a single one. */
export type Encoding = Prio3Vector<ArrayLike<number>>;

export class UnsupportedEncoding extends Error {
  readonly code = 'unsupported-encoding';
}

/** Throws `unsupported-encoding` for a shape that this program cannot run. */
export function encodingOf(shape: Shape, aggregators: number): Encoding {
  switch (shape.encoding) {
    case 'prio3-sumvec':
      return prio3SumVec({
        length: shape.length,
        maxMeasurement: shape.maximum,
        chunkLength: shape.chunk,
        field: shape.field === 64 ? 'Field64' : 'Field128',
        proofs: shape.proofs,
        shares: aggregators,
      }) as Encoding;
    case 'prio3-histogram': {
      const inner = prio3Histogram({ length: shape.length, chunkLength: shape.chunk, shares: aggregators });
      return {
        ...inner,
        shard: (ctx, vector, nonce, rand) => inner.shard(ctx, bucketOf(vector), nonce, rand),
      } as Encoding;
    }
    case 'masked-sum':
      throw new UnsupportedEncoding(
        'masked sums are not carried by this version of the round protocol; use prio3-sumvec',
      );
  }
}

function bucketOf(vector: ArrayLike<number>): number {
  const ones: number[] = [];
  for (let i = 0; i < vector.length; i++) if (vector[i] !== 0) ones.push(i);
  if (ones.length !== 1 || vector[ones[0]] !== 1)
    throw new RangeError('a histogram report is one bucket: a single 1 in the vector');
  return ones[0];
}
