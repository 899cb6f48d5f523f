// Masked sum: additive sharing of long vectors of real numbers where every share but the first is a 32-byte seed (protocol: trust table, a
// round step by step). Values are clipped, scaled to whole numbers and added modulo 2^32 or 2^64, chunk by chunk: neither node nor aggregator
// ever holds more than three chunks. Trap: nothing proves that a vector is in range. The clip is the honest node's own promise; a liar can
// add anything. Where that is not enough and the vector is short, use Prio3.
import { admit, aggregate } from './aggregate.ts';
import type { MaskedSum } from './interface.ts';
import { type SumKernel, sumKernel } from './kernel.ts';
import type { MaskCipher } from './mask.ts';
import { influenceOf, layoutOf, type MaskedSumShape } from './shape.ts';
import { shard } from './shard.ts';
import { addToShare, merge, open } from './shares.ts';

/** Builds a masked sum. Throws `parameter` if the shape is impossible or a sum could wrap. */
export function maskedSum(asked: MaskedSumShape, mask: MaskCipher, kernel: SumKernel = sumKernel()): MaskedSum {
  const layout = layoutOf(asked);
  const { shape, chunks, byteLength, chunkSize } = layout;
  return {
    shape,
    influence: influenceOf(shape),
    chunks,
    byteLength,
    chunkSize,
    shard: (values, seeds, into, range) => shard(layout, mask, kernel, values, seeds, into, range),
    admit: contributions => admit(layout, contributions),
    aggregate: (contributions, into, range) => aggregate(layout, mask, kernel, contributions, into, range),
    merge: shares => merge(layout, kernel, shares),
    addToShare: (share, steps) => addToShare(layout, share, steps),
    open: shares => open(layout, kernel, shares),
  };
}
