// Prio3 end to end on both kernels: sums, refusals of everything tampered with, wrong lengths and ranges. The draft's own vectors are run by
// conformance/src/vdaf.test.ts.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { PrivacyError, type PrivacyErrorCode } from '../error.ts';
import { fieldParameters, readElement } from '../field/field.ts';
import type { Prio3 } from './interface.ts';
import { aggregate, ctx, randomSource, verify } from './testing/play.ts';
import { prio3Count, prio3Histogram, prio3MultihotCountVec, prio3Sum, prio3SumVec } from './variants.ts';

const code = (expected: PrivacyErrorCode) => (error: unknown) =>
  error instanceof PrivacyError && error.code === expected;

const kernels = ['wasm', 'twin'] as const;
const samples = kernels.flatMap(kernel => [
  { name: `Count, ${kernel}`, v: prio3Count({ kernel }), good: [0, 1, true, false], sum: 2 },
  { name: `Count, 3 aggregators, ${kernel}`, v: prio3Count({ kernel, shares: 3 }), good: [1, 1], sum: 2 },
  { name: `Sum, ${kernel}`, v: prio3Sum({ kernel, maxMeasurement: 1000 }), good: [1000, 0, 999n, 512, 489], sum: 3000 },
  { name: `Sum of bits, ${kernel}`, v: prio3Sum({ kernel, maxMeasurement: 1 }), good: [1, 0, 1], sum: 2 },
  {
    name: `SumVec, ${kernel}`,
    v: prio3SumVec({ kernel, length: 3, maxMeasurement: 300, shares: 3, chunkLength: 5 }),
    good: [[300, 0, 255], Uint32Array.of(1, 2, 256), [300n, 44n, 45n]],
    sum: [601, 46, 556],
  },
  {
    name: `SumVec with three proofs, ${kernel}`,
    v: prio3SumVec({ kernel, length: 4, maxMeasurement: 2 ** 40, field: 'Field64' }),
    good: [
      [2 ** 40, 0, 1, 2 ** 39],
      [5, 6, 7, 2 ** 40 - 1],
    ],
    sum: [2 ** 40 + 5, 6, 8, 2 ** 40 + 2 ** 39 - 1],
  },
  {
    name: `Histogram, ${kernel}`,
    v: prio3Histogram({ kernel, length: 7, chunkLength: 2, shares: 4 }),
    good: [0, 6, 6, 3],
    sum: [1, 0, 0, 1, 0, 0, 2],
  },
  {
    name: `MultihotCountVec, ${kernel}`,
    v: prio3MultihotCountVec({ kernel, length: 5, maxWeight: 3 }),
    good: [
      [true, false, true, true, false],
      [0, 0, 0, 0, 0],
      [1, 1, 0, 0, 1],
    ],
    sum: [2, 1, 1, 1, 1],
  },
]) as unknown as { name: string; v: Prio3<unknown, unknown, unknown>; good: unknown[]; sum: unknown }[];

for (const { name, v, good, sum } of samples) {
  test(`${name}: the sum comes out`, () => {
    assert.deepEqual(aggregate(v, good, name), sum);
  });

  test(`${name}: a changed byte anywhere is refused`, () => {
    const random = randomSource(`tamper ${name}`);
    const key = random(32);
    const nonce = random(16);
    const report = v.shard(ctx, good[0], nonce, random(v.randSize));
    verify(v as Prio3<never, unknown, unknown>, key, nonce, report);
    // Every byte of what is short, every seventh of what is long; one bit each.
    const parts = [report.publicShare, ...report.inputShares];
    parts.forEach((part, which) => {
      const step = name.includes('twin') ? 41 : part.length > 300 ? 7 : 1;
      for (let at = 0; at < part.length; at += step) {
        const copies = parts.map(p => p.slice());
        copies[which][at] ^= 1 << (at % 8);
        const [publicShare, ...inputShares] = copies;
        assert.throws(
          () => verify(v as Prio3<never, unknown, unknown>, key, nonce, { publicShare, inputShares }),
          PrivacyError,
          `part ${which}, byte ${at}`,
        );
      }
    });
    const verifier = report.inputShares.map((s, j) => v.verifyInit(key, ctx, j, nonce, report.publicShare, s));
    const shares = verifier.map(m => m.verifierShare);
    const message = v.verifierSharesToMessage(ctx, shares);
    for (let at = 0; at < v.verifierShareSize; at++) {
      const changed = shares.map(s => s.slice());
      changed[at % v.shares][at] ^= 1;
      // A joint randomness part changes only the message, which each aggregator then refuses.
      assert.throws(() => {
        const m = v.verifierSharesToMessage(ctx, changed);
        v.verifyNext(verifier[0].state, m);
      }, PrivacyError);
    }
    for (let at = 0; at < message.length; at++) {
      const changed = message.slice();
      changed[at] ^= 1;
      assert.throws(() => v.verifyNext(verifier[1].state, changed), code('joint-randomness'));
    }
  });

  test(`${name}: another round, nonce, key or place is refused`, () => {
    const random = randomSource(`bind ${name}`);
    const key = random(32);
    const nonce = random(16);
    const report = v.shard(ctx, good[1], nonce, random(v.randSize));
    const u = v as Prio3<never, unknown, unknown>;
    assert.throws(() => verify(u, key, nonce, report, new TextEncoder().encode('other')), code('proof'));
    const first = v.verifyInit(key, ctx, 0, nonce, report.publicShare, report.inputShares[0]).verifierShare;
    const others = (k: Uint8Array, n: Uint8Array) =>
      report.inputShares.slice(1).map((s, j) => v.verifyInit(k, ctx, j + 1, n, report.publicShare, s).verifierShare);
    v.verifierSharesToMessage(ctx, [first, ...others(key, nonce)]);
    assert.throws(() => v.verifierSharesToMessage(ctx, [first, ...others(random(32), nonce)]), code('proof'));
    assert.throws(() => v.verifierSharesToMessage(ctx, [first, ...others(key, random(16))]), code('proof'));
    if (v.publicShareSize > 0) assert.throws(() => verify(u, key, random(16), report), code('proof'));
    if (v.shares > 2) {
      const [a, b, c, ...rest] = report.inputShares;
      assert.throws(() => verify(u, key, nonce, { ...report, inputShares: [a, c, b, ...rest] }), code('proof'));
    }
  });

  test(`${name}: wrong lengths are refused with a reason`, () => {
    const random = randomSource(`length ${name}`);
    const key = random(32);
    const nonce = random(16);
    const { publicShare, inputShares } = v.shard(ctx, good[0], nonce, random(v.randSize));
    assert.equal(publicShare.length, v.publicShareSize);
    const longer = (x: Uint8Array) => new Uint8Array([...x, 0]);
    const shorter = (x: Uint8Array) => x.subarray(0, -1);
    for (const change of [longer, shorter]) {
      inputShares.forEach((share, j) => {
        assert.equal(share.length, v.inputShareSize(j));
        assert.throws(() => v.verifyInit(key, ctx, j, nonce, publicShare, change(share)), code('shape'));
      });
      if (publicShare.length > 0)
        assert.throws(() => v.verifyInit(key, ctx, 0, nonce, change(publicShare), inputShares[0]), code('shape'));
      assert.throws(() => v.verifyInit(key, ctx, 0, change(nonce), publicShare, inputShares[0]), code('shape'));
      assert.throws(() => v.verifyInit(change(key), ctx, 0, nonce, publicShare, inputShares[0]), code('parameter'));
      assert.throws(() => v.shard(ctx, good[0], change(nonce), random(v.randSize)), code('parameter'));
      assert.throws(() => v.shard(ctx, good[0], nonce, change(random(v.randSize))), code('parameter'));
    }
    const made = inputShares.map((s, j) => v.verifyInit(key, ctx, j, nonce, publicShare, s));
    const shares = made.map(m => m.verifierShare);
    assert.throws(() => v.verifierSharesToMessage(ctx, shares.slice(1)), code('shape'));
    assert.throws(() => v.verifierSharesToMessage(ctx, shares.map(shorter)), code('shape'));
    assert.throws(() => v.verifyNext(made[0].state, new Uint8Array(v.verifierMessageSize + 1)), code('shape'));
    assert.throws(() => v.verifyInit(key, ctx, v.shares, nonce, publicShare, inputShares[0]), code('parameter'));
    assert.throws(() => v.unshard([v.aggregateInit()], 1), code('shape'));
    // A leader's share with a number that is not below the modulus.
    const high = inputShares[0].slice();
    high.fill(0xff, 0, fieldParameters[v.field].encodedSize);
    assert.throws(() => v.verifyInit(key, ctx, 0, nonce, publicShare, high), code('shape'));
    const agg = v.aggregateInit().fill(0xff);
    assert.throws(() => v.decodeAggregateShare(agg), code('shape'));
  });

  test(`${name}: noise may carry a sum below zero`, () => {
    const random = randomSource(`noise ${name}`);
    const shares = Array.from({ length: v.shares }, () => v.aggregateInit());
    const noise = new Array<number>(v.outputLength).fill(-7);
    v.addToAggregateShare(shares[0], noise);
    v.addToAggregateShare(
      shares[1],
      noise.map(() => 3),
    );
    const sum = v.unshard(shares, 10);
    assert.deepEqual(sum, Array.isArray(sum) ? noise.map(() => -4) : -4);
    assert.throws(() => v.addToAggregateShare(shares[0], [...noise, 1]), code('parameter'));
    assert.throws(
      () =>
        v.addToAggregateShare(
          shares[0],
          noise.map(() => 0.5),
        ),
      code('parameter'),
    );
    assert.ok(random(1).length === 1);
  });
}

test('sums are linear, for any shape and any number of aggregators', () => {
  const shape = fc.record({
    length: fc.integer({ min: 1, max: 9 }),
    maxMeasurement: fc.oneof(
      fc.integer({ min: 1, max: 2 ** 20 }),
      fc.maxSafeInteger().map(x => Math.max(1, Math.abs(x) >> 2)),
    ),
    shares: fc.integer({ min: 2, max: 5 }),
    chunkLength: fc.integer({ min: 1, max: 40 }),
    field: fc.constantFrom('Field64' as const, 'Field128' as const),
    proofs: fc.integer({ min: 1, max: 3 }),
  });
  fc.assert(
    fc.property(shape, fc.infiniteStream(fc.nat()), fc.string(), (o, numbers, seed) => {
      const v = prio3SumVec(o);
      const next = () => (numbers.next().value as number) % (o.maxMeasurement + 1);
      const rows = Array.from({ length: 3 }, () => Array.from({ length: o.length }, next));
      const expected = rows[0].map((_, i) => rows.reduce((total, row) => total + row[i], 0));
      assert.deepEqual(aggregate(v, rows, seed), expected);
    }),
    { numRuns: 40 },
  );
});

test('without WebAssembly the twin does the work, and gives the same bytes', () => {
  const program = `
    const { prio3Histogram, maskedSum, webMask } = await import('@madang/privacy');
    delete globalThis.WebAssembly; // not before: Node strips types with it
    const v = prio3Histogram({ length: 5 });
    const r = v.shard(new Uint8Array(3), 4, new Uint8Array(16), new Uint8Array(v.randSize));
    const sum = maskedSum({ length: 3, ring: 32, clip: 1, scale: 8, contributors: 1 }, webMask(crypto.subtle));
    const { value } = await sum.shard(Float32Array.of(1, 2, -3), [new Uint8Array(32)]).next();
    console.log(JSON.stringify([[...r.publicShare], [...r.inputShares[0]], [...value.share]]));`;
  const run = (code: string) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: import.meta.dirname, encoding: 'utf8' });
  assert.equal(run(program), run(program.replace('delete globalThis.WebAssembly;', '')));
});

test('a share alone looks the same whatever was measured', () => {
  // The leader's measurement share over many reports of one fixed measurement: each of its top four bits is as often one as zero. The
  // helper's share is the random bytes themselves.
  const v = prio3Histogram({ length: 4, chunkLength: 2 });
  const random = randomSource('uniform');
  const counts = new Array<number>(16).fill(0);
  const n = 2000;
  for (let i = 0; i < n; i++) {
    const { inputShares } = v.shard(ctx, 2, random(16), random(v.randSize));
    const x = readElement(fieldParameters.Field128, inputShares[0], 2 * 16);
    counts[Number(x >> 124n)] += 1;
  }
  // Chi-square with 15 degrees of freedom: below 44 in all but one of 10,000 seeds.
  const chi = counts.reduce((total, c) => total + (c - n / 16) ** 2 / (n / 16), 0);
  assert.ok(chi < 44, `chi-square ${chi}`);
});
