// The sum of a learning round through secret shares: each node's whole numbers become one share an aggregator, aggregators add what they hold, and only
// the total is opened. Ring of 2^32 where the study's limits fit, else 2^64.
import type { RandomBytes } from '@madang/privacy';
import type { Ask, Integers, Summation } from '../kinds/learner.ts';

/** Bytes that went from nodes to aggregators. */
export interface Traffic {
  bytes: number;
}

/** Bits of the ring: the sum over `nodes` nodes, of either sign, must fit. */
export function ringBits(ask: Ask, nodes: number): 32 | 64 {
  const most = 2n * ask.limit * BigInt(nodes) + 1n;
  if (most > 1n << 64n) throw new RangeError(`${ask.label}: ${nodes} nodes of up to ${ask.limit} do not fit 64 bits`);
  return most > 1n << 32n ? 64 : 32;
}

/** Two aggregators; `traffic.bytes` grows by what a live study would send (one seed, one masked vector a node). */
export function secureSum(randomBytes: RandomBytes, traffic: Traffic): Summation {
  return (vectors, ask) => {
    const bits = ringBits(ask, vectors.length);
    traffic.bytes += vectors.length * (32 + (ask.length * bits) / 8);
    return bits === 32 ? sum32(vectors, ask.length, randomBytes) : sum64(vectors, ask.length, randomBytes);
  };
}

function sum32(vectors: readonly Integers[], length: number, randomBytes: RandomBytes): Float64Array {
  const [first, second] = [new Uint32Array(length), new Uint32Array(length)];
  for (const v of vectors) {
    const mask = new Uint32Array(bytesFrom(randomBytes, 4 * length).buffer);
    for (let i = 0; i < length; i++) {
      first[i] += mask[i];
      second[i] += Number(v[i]) - mask[i];
    }
  }
  return Float64Array.from(first, (a, i) => (a + second[i]) | 0);
}

function sum64(vectors: readonly Integers[], length: number, randomBytes: RandomBytes): BigInt64Array {
  const [first, second] = [new BigUint64Array(length), new BigUint64Array(length)];
  for (const v of vectors) {
    const mask = new BigUint64Array(bytesFrom(randomBytes, 8 * length).buffer);
    for (let i = 0; i < length; i++) {
      first[i] += mask[i];
      second[i] += BigInt(v[i]) - mask[i];
    }
  }
  return BigInt64Array.from(first, (a, i) => BigInt.asIntN(64, a + second[i]));
}

function bytesFrom(randomBytes: RandomBytes, n: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(n);
  for (let at = 0; at < n; at += 65536) out.set(randomBytes(Math.min(65536, n - at)), at);
  return out;
}
