// The sum of a learning round through masked sum, as in a live study: each node's whole numbers become a masked vector for the first aggregator and a
// seed for the second, each aggregator adds what it holds, and only the total is opened. Ring of 2^32 where the study's limits fit, else 2^64.
import {
  type Contribution,
  discreteGaussianBigInts,
  discreteGaussianVector,
  type MaskCipher,
  maskedSum,
  maskSeedSize,
  type RandomBytes,
} from '@madang/privacy';
import type { Ask, AsyncSummation, Integers } from '../kinds/learner.ts';

/** Bytes that went from nodes to aggregators. */
export interface Traffic {
  bytes: number;
}

/** Bits of the ring: the sum over `nodes` nodes, of either sign, must fit. */
export function ringBits(ask: Ask, nodes: number, noiseSteps = 0n): 32 | 64 {
  const most = ask.limit * BigInt(nodes) + noiseSteps;
  if (most >= 1n << 63n) throw new RangeError(`${ask.label}: ${nodes} nodes of up to ${ask.limit} do not fit 64 bits`);
  return most >= 1n << 31n ? 64 : 32;
}

/** Each aggregator's noise on every number of a round: its variance, in squared steps. */
export type NoisePlan = (ask: Ask) => bigint;

/** Noise of one aggregator stays within this many standard deviations, but for a chance of 1e-88 a number. */
const NOISE_REACH = 20;

/** Two aggregators, each adding its own discrete Gaussian if a plan says so; `traffic.bytes` grows by what a live study would upload, without sealing. */
export function secureSum(
  mask: MaskCipher,
  randomBytes: RandomBytes,
  traffic: Traffic,
  noise?: NoisePlan,
): AsyncSummation {
  return async (vectors, ask) => {
    const variance = noise?.(ask) ?? 0n;
    const noiseSteps = 2 * NOISE_REACH * Math.ceil(Math.sqrt(Number(variance)));
    const sum = maskedSum(
      {
        length: ask.length,
        ring: ringBits(ask, vectors.length, BigInt(noiseSteps)),
        clip: Number(ask.limit),
        scale: 1,
        contributors: vectors.length,
        noiseSteps,
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
      const shares = [share, other.value.share];
      if (variance > 0n) {
        const numbers = share.length / (sum.shape.ring / 8);
        const draw = variance < 1n << 80n ? discreteGaussianVector : discreteGaussianBigInts;
        for (const s of shares) sum.addToShare(s, draw(numbers, variance, randomBytes));
      }
      const opened = sum.open(shares);
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
