// The node's side of a masked sum: the first share, chunk by chunk; the others are the seeds.
import { PrivacyError } from '../error.ts';
import type { SharedChunk, ValueSource } from './interface.ts';
import type { SumKernel } from './kernel.ts';
import { type MaskCipher, pieceBytes } from './mask.ts';
import { type ChunkRange, checkRange, type Layout } from './shape.ts';

/** The first share, chunk by chunk. */
export async function* shard(
  layout: Layout,
  mask: MaskCipher,
  kernel: SumKernel,
  values: Float32Array | Float64Array | ValueSource,
  seeds: readonly Uint8Array[],
  into?: Uint8Array,
  range: ChunkRange = { first: 0, end: layout.chunks },
): AsyncGenerator<SharedChunk> {
  const { width, chunkSize } = layout;
  const { length, ring, clip, scale, aggregators, chunkBytes } = layout.shape;
  if (values.length !== length)
    throw new PrivacyError('measurement', `the vector has ${values.length} numbers, the study asks for ${length}`);
  if (seeds.length !== aggregators - 1)
    throw new PrivacyError(
      'parameter',
      `${aggregators} aggregators need ${aggregators - 1} seeds, not ${seeds.length}`,
    );
  checkRange(layout, range);
  for (let index = range.first; index < range.end; index++) {
    const streams = seeds.map(seed => mask(seed, index));
    const size = chunkSize(index);
    const share = into ? into.subarray(0, size) : new Uint8Array(size);
    const first = (index * chunkBytes) / width;
    const count = size / width;
    const input = 'read' in values ? await values.read(first, count) : values.subarray(first, first + count);
    if (input.length !== count)
      throw new PrivacyError(
        'measurement',
        `${input.length} numbers came where ${count} from ${first} on were asked for`,
      );
    let clipped = 0;
    for (let at = 0; at < size; at += pieceBytes) {
      const n = Math.min(pieceBytes, size - at);
      const piece = share.subarray(at, at + n);
      for (let j = 0; j < streams.length; j++) {
        const m = streams[j].next(n);
        const bytes = m instanceof Promise ? await m : m;
        if (j > 0) {
          kernel.subtract(piece, bytes, ring);
          continue;
        }
        const found = kernel.encode(input.subarray(at / width, (at + n) / width), bytes, piece, ring, clip, scale);
        if (found < 0)
          throw new PrivacyError(
            'measurement',
            `a value between ${first + at / width} and ${first + (at + n) / width} is NaN`,
          );
        clipped += found;
      }
    }
    yield { index, share, clipped };
  }
}
