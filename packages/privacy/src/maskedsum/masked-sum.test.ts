import assert from 'node:assert/strict';
import * as nodeCrypto from 'node:crypto';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { PrivacyError, type PrivacyErrorCode } from '../error.ts';
import type { Contribution, MaskedSum } from './interface.ts';
import { type Ring, sumKernel } from './kernel.ts';
import { nodeMask } from './mask.ts';
import { maskedSum } from './masked-sum.ts';

const mask = nodeMask(nodeCrypto);
const seedOf = (i: number, j: number) => new Uint8Array(32).fill(16 * i + j + 1);
const code = (expected: PrivacyErrorCode) => (error: unknown) =>
  error instanceof PrivacyError && error.code === expected;

/** All nodes and aggregators of one sum. */
async function run(
  sum: MaskedSum,
  vectors: readonly (Float32Array | Float64Array)[],
  noise?: readonly number[],
): Promise<number[]> {
  const { aggregators } = sum.shape;
  const firsts: Uint8Array[][] = [];
  for (const [i, values] of vectors.entries()) {
    const chunks: Uint8Array[] = [];
    const seeds = Array.from({ length: aggregators - 1 }, (_, j) => seedOf(i, j));
    for await (const { share } of sum.shard(values, seeds)) chunks.push(share);
    firsts.push(chunks);
  }
  const shares: Uint8Array[][] = [];
  for (let aggId = 0; aggId < aggregators; aggId++) {
    const contributions = firsts.map((chunks, i): Contribution => {
      const contributor = `node ${i}`;
      if (aggId > 0) return { contributor, seed: seedOf(i, aggId - 1) };
      return { contributor, byteLength: sum.byteLength, readChunk: index => chunks[index] };
    });
    const { accepted, rejected } = sum.admit(contributions);
    assert.deepEqual(rejected, []);
    // As two threads would: each adds some of the contributions.
    const half = sum.aggregate(accepted.slice(0, 1));
    const own: Uint8Array[] = [];
    for await (const { share: rest, index } of sum.aggregate(accepted.slice(1))) {
      const share = sum.merge([(await half.next()).value!.share, rest]);
      if (noise && aggId === 0)
        sum.addToShare(share, new Array<number>(share.length / (sum.shape.ring / 8)).fill(noise[index]));
      own.push(share);
    }
    shares.push(own);
  }
  return Array.from({ length: sum.chunks }, (_, index) => [...sum.open(shares.map(own => own[index]))]).flat();
}

test('sums are those of the rounded, clipped values, in both rings, for any number of chunks and aggregators', async () => {
  const shape = fc.record({
    ring: fc.constantFrom<Ring>(32, 64),
    length: fc.integer({ min: 1, max: 60 }),
    aggregators: fc.integer({ min: 2, max: 4 }),
    chunkBytes: fc.constantFrom(16, 48, 4096),
    clip: fc.double({ min: 0.01, max: 100, noNaN: true }),
    scale: fc.double({ min: 0.5, max: 1e6, noNaN: true }),
    nodes: fc.integer({ min: 1, max: 4 }),
    single: fc.boolean(),
    kernel: fc.constantFrom<'wasm' | 'twin'>('wasm', 'twin'),
  });
  const values = fc.array(fc.double({ min: -200, max: 200, noNaN: true }), { minLength: 240, maxLength: 240 });
  await fc.assert(
    fc.asyncProperty(shape, values, async ({ nodes, single, kernel, ...s }, pool) => {
      const sum = maskedSum({ ...s, contributors: nodes }, mask, sumKernel(kernel));
      const vectors = Array.from({ length: nodes }, (_, i) => {
        const part = pool.slice(i * s.length, (i + 1) * s.length);
        return single ? Float32Array.from(part) : Float64Array.from(part);
      });
      const got = await run(sum, vectors);
      assert.equal(got.length, s.length);
      for (let k = 0; k < s.length; k++) {
        let steps = 0;
        for (const v of vectors) {
          const x = Math.max(-s.clip, Math.min(s.clip, v[k])) * s.scale;
          const down = Math.floor(x);
          steps += x - down > 0.5 || (x - down === 0.5 && down % 2 !== 0) ? down + 1 : down;
        }
        assert.equal(got[k], steps / s.scale);
      }
    }),
    { numRuns: 60 },
  );
});

test('one share alone is the seed, or masked: equal vectors with different seeds have nothing in common', async () => {
  const sum = maskedSum({ length: 4096, ring: 32, clip: 1, scale: 1000, contributors: 2 }, mask);
  const shares: Uint8Array[] = [];
  for (const i of [0, 1]) for await (const c of sum.shard(new Float64Array(4096), [seedOf(i, 0)])) shares.push(c.share);
  let equal = 0;
  for (let i = 0; i < shares[0].length; i++) equal += shares[0][i] === shares[1][i] ? 1 : 0;
  // 16,384 bytes agree by chance 64 times, standard deviation 8.
  assert.ok(equal > 16 && equal < 112, `${equal} equal bytes`);
});

test('noise of either sign lands in the sum', async () => {
  for (const ring of [32, 64] as const) {
    const sum = maskedSum(
      { length: 8, ring, clip: 1, scale: 100, contributors: 2, noiseSteps: 500, chunkBytes: 16 },
      mask,
    );
    const per = 16 / (ring / 8);
    const got = await run(sum, [new Float64Array(8).fill(0.25), new Float64Array(8).fill(-0.5)], [-300, 7, 2, 1]);
    assert.deepEqual(got.slice(0, per), new Array(per).fill((-25 - 300) / 100));
    assert.deepEqual(got.slice(per, 2 * per), new Array(per).fill((-25 + 7) / 100));
    assert.throws(() => sum.addToShare(new Uint8Array(16), [1]), code('parameter'));
    assert.throws(() => sum.addToShare(new Uint8Array(ring / 8), [0.5]), code('parameter'));
  }
});

test('what was clipped is counted, what is no number is refused', async () => {
  const sum = maskedSum({ length: 4, ring: 32, clip: 1, scale: 10, contributors: 1 }, mask);
  let clipped = 0;
  for await (const c of sum.shard(Float32Array.of(2, 1, -1, -7), [seedOf(0, 0)])) clipped += c.clipped;
  assert.equal(clipped, 2);
  const bad = [Float64Array.of(1, 2, 3), Float64Array.of(0, 0, Number.NaN, 0)];
  for (const values of bad) await assert.rejects(sum.shard(values, [seedOf(0, 0)]).next(), code('measurement'));
  const short = { length: 4, read: () => new Float32Array(3) };
  await assert.rejects(sum.shard(short, [seedOf(0, 0)]).next(), code('measurement'));
  await assert.rejects(sum.shard(new Float32Array(4), []).next(), code('parameter'));
});

test('shares of the wrong length and second contributions are refused by name', async () => {
  const sum = maskedSum({ length: 100, ring: 32, clip: 1, scale: 10, contributors: 3, chunkBytes: 160 }, mask);
  const readChunk = (index: number) => new Uint8Array(index === 1 ? 159 : sum.chunkSize(index));
  const { accepted, rejected } = sum.admit([
    { contributor: 'a', byteLength: 400, readChunk },
    { contributor: 'b', byteLength: 396, readChunk },
    { contributor: 'a', byteLength: 400, readChunk },
    { contributor: 'c', seed: new Uint8Array(31) },
  ]);
  assert.deepEqual(
    accepted.map(c => c.contributor),
    ['a'],
  );
  assert.deepEqual(
    rejected.map(r => r.contributor),
    ['b', 'a', 'c'],
  );
  const stream = sum.aggregate(accepted);
  await stream.next();
  await assert.rejects(stream.next(), /chunk 1 of a has 159 bytes, not 160/);
  const many = Array.from({ length: 4 }, (_, i) => ({ contributor: `n${i}`, seed: seedOf(i, 0) }));
  assert.throws(() => sum.admit(many), code('parameter'));
  assert.throws(() => sum.open([new Uint8Array(16)]), code('shape'));
  assert.throws(() => sum.open([new Uint8Array(16), new Uint8Array(12)]), code('shape'));
  assert.throws(() => sum.merge([new Uint8Array(6), new Uint8Array(6)]), code('shape'));
});

test('node and server hold less than three chunks, however long the vector', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // Buffers are given back on another thread: collect, let it work, collect.
  const held = async () => {
    collect();
    await new Promise(resolve => setTimeout(resolve, 20));
    collect();
    const { external, heapUsed } = process.memoryUsage();
    return external + heapUsed;
  };
  const sum = maskedSum({ length: 10_000_000, ring: 32, clip: 1, scale: 1024, contributors: 4 }, mask);
  const piece = new Float32Array(1 << 20);
  const chunk = new Uint8Array(4 << 20);
  const source = { length: 10_000_000, read: (_: number, n: number) => piece.subarray(0, n) };
  const readChunk = (index: number) => chunk.subarray(0, sum.chunkSize(index));
  const streams = [
    () => sum.shard(source, [seedOf(0, 0)]),
    () => sum.aggregate([0, 1, 2, 3].map(i => ({ contributor: `n${i}`, seed: seedOf(i, 0) }))),
    () => sum.aggregate([0, 1, 2, 3].map(i => ({ contributor: `n${i}`, byteLength: sum.byteLength, readChunk }))),
  ];
  for (const make of streams) {
    const before = await held();
    let most = 0;
    for await (const { index } of make()) if (index % 4 === 3) most = Math.max(most, (await held()) - before);
    assert.ok(most < 3 * (4 << 20), `${(most / 2 ** 22).toFixed(2)} chunks`);
  }
});

test('chunks shared out among threads are those of one thread', async () => {
  const sum = maskedSum({ length: 50, ring: 64, clip: 9, scale: 8, contributors: 2, chunkBytes: 48 }, mask);
  const values = Float64Array.from({ length: 50 }, (_, i) => Math.sin(i));
  const seeds = [seedOf(1, 0)];
  const all: Uint8Array[] = [];
  for await (const { share } of sum.shard(values, seeds)) all.push(share);
  const sums: Uint8Array[] = [];
  const contribution = { contributor: 'a', seed: seeds[0] };
  for await (const { share } of sum.aggregate([contribution])) sums.push(share);
  for (const range of [
    { first: 0, end: 3 },
    { first: 3, end: sum.chunks },
  ]) {
    for await (const { index, share } of sum.shard(values, seeds, undefined, range))
      assert.deepEqual(share, all[index]);
    for await (const { index, share } of sum.aggregate([contribution], undefined, range))
      assert.deepEqual(share, sums[index]);
  }
  const past = sum.shard(values, seeds, undefined, { first: 0, end: sum.chunks + 1 });
  await assert.rejects(past.next(), code('parameter'));
});
