// The sum of a learning round through masked sum, as in a live study: each node's whole numbers become a masked vector for the first aggregator and a
// seed for the second, each aggregator adds what it holds, and only the total is opened. Ring of 2^32 where the study's limits fit, else 2^64.
import { type Contribution, type MaskCipher, maskedSum, maskSeedSize, type RandomBytes } from '@madang/privacy';
import type { Ask, AsyncSummation, Integers } from '../kinds/learner.ts';

/** Bytes that went from nodes to aggregators. */
export interface Traffic {
  bytes: number;
}

/** Bits of the ring: the sum over `nodes` nodes, of either sign, must fit. */
export function ringBits(ask: Ask, nodes: number): 32 | 64 {
  const most = ask.limit * BigInt(nodes);
  if (most >= 1n << 63n) throw new RangeError(`${ask.label}: ${nodes} nodes of up to ${ask.limit} do not fit 64 bits`);
  return most >= 1n << 31n ? 64 : 32;
}

/** Two aggregators; `traffic.bytes` grows by what a live study would upload, without sealing. */
export function secureSum(mask: MaskCipher, randomBytes: RandomBytes, traffic: Traffic): AsyncSummation {
  return async (vectors, ask) => {
    const sum = maskedSum(
      {
        length: ask.length,
        ring: ringBits(ask, vectors.length),
        clip: Number(ask.limit),
        scale: 1,
        contributors: vectors.length,
      },
      mask,
    );
    const first: Contribution[] = [];
    const second: Contribution[] = [];
    for (const [i, vector] of vectors.entries()) {
      const contributor = `node ${i + 1}`;
      const seed = randomBytes(maskSeedSize);
      const chunks: Uint8Array[] = [];
      for await (const { share } of sum.shard(exactDoubles(vector, ask), [seed])) chunks.push(share);
      first.push({ contributor, byteLength: sum.byteLength, readChunk: index => chunks[index] });
      second.push({ contributor, seed });
      traffic.bytes += sum.byteLength + seed.length;
    }
    const out = new Float64Array(ask.length);
    const [a, b] = [sum.aggregate(sum.admit(first).accepted), sum.aggregate(sum.admit(second).accepted)];
    let at = 0;
    for await (const { share } of a) {
      const other = await b.next();
      if (other.done) throw new RangeError('secure sum: the aggregators hold different numbers of chunks');
      const opened = sum.open([share, other.value.share]);
      out.set(opened, at);
      at += opened.length;
    }
    for (const v of out)
      if (!Number.isSafeInteger(v))
        throw new RangeError(`${ask.label}: a sum of ${v} is too large to be exact; use fewer binary places`);
    return out;
  };
}

/** Masked sum reads doubles, which hold whole numbers exactly below 2^53. */
function exactDoubles(vector: Integers, ask: Ask): Float64Array {
  if (vector instanceof Float64Array) return vector;
  return Float64Array.from(vector as ArrayLike<unknown> as ArrayLike<bigint>, v => {
    const x = Number(v);
    if (!Number.isSafeInteger(x))
      throw new RangeError(`${ask.label}: ${v} is too large to be exact; use fewer binary places`);
    return x;
  });
}
