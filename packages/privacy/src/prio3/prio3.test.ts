// Prio3 end to end on both kernels: sums, refusals of everything tampered with, wrong lengths and ranges. The draft's own vectors are run by
// conformance/src/vdaf.test.ts.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { PrivacyError, type PrivacyErrorCode } from '../error.ts';
import { fieldParameters, readElement } from '../field/field.ts';
import { XofTurboShake128 } from '../xof/turboshake.ts';
import type { Prio3 } from './interface.ts';
import { prio3Count, prio3Histogram, prio3MultihotCountVec, prio3Sum, prio3SumVec } from './variants.ts';

const ctx = new TextEncoder().encode('test');

function randomSource(seed: string): (n: number) => Uint8Array {
  const xof = new XofTurboShake128(new TextEncoder().encode(seed), ctx, new Uint8Array(0));
  return n => (n === 0 ? new Uint8Array(0) : xof.next(n));
}

/** Verifies one report at all aggregators; throws what they throw. */
function verify(
  v: Prio3<never, unknown, unknown>,
  key: Uint8Array,
  nonce: Uint8Array,
  report: { publicShare: Uint8Array; inputShares: readonly Uint8Array[] },
  context = ctx,
): Uint8Array[] {
  const made = report.inputShares.map((share, j) => v.verifyInit(key, context, j, nonce, report.publicShare, share));
  const message = v.verifierSharesToMessage(
    context,
    made.map(m => m.verifierShare),
  );
  return made.map(m => v.verifyNext(m.state, message));
}

function aggregate<M, R>(v: Prio3<M, R, unknown>, measurements: readonly M[], seed: string): R {
  const random = randomSource(seed);
  const key = random(32);
  const shares = Array.from({ length: v.shares }, () => v.aggregateInit());
  for (const m of measurements) {
    const nonce = random(16);
    const report = v.shard(ctx, m, nonce, random(v.randSize));
    verify(v as Prio3<never, unknown, unknown>, key, nonce, report).forEach((out, j) => {
      v.aggregateUpdate(shares[j], out);
    });
  }
  return v.unshard(shares, measurements.length);
}

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

test('out of range and out of shape measurements are refused before anything is shared', () => {
  const shard = <M>(v: Prio3<M, unknown, unknown>, m: M) =>
    v.shard(ctx, m, new Uint8Array(16), new Uint8Array(v.randSize));
  const refused = <M>(v: Prio3<M, unknown, unknown>, ...bad: M[]) => {
    for (const m of bad) assert.throws(() => shard(v, m), code('measurement'), String(m));
  };
  refused(prio3Count(), 2, -1, Number.NaN);
  refused(prio3Sum({ maxMeasurement: 100 }), 101, -1, 0.5, Number.NaN, 101n, Number.POSITIVE_INFINITY);
  refused(prio3Histogram({ length: 5 }), 5, -1, 1.5, Number.NaN);
  refused(prio3SumVec({ length: 2, maxMeasurement: 3 }), [1], [1, 2, 3], [4, 0], [0, -1], [0, 0.5]);
  refused(prio3MultihotCountVec({ length: 4, maxWeight: 2 }), [1, 1, 1, 0], [1, 0], [2, 0, 0, 0]);
});

test('Buffers work like any bytes, and are neither changed nor kept', () => {
  const v = prio3Histogram({ length: 5 });
  const random = randomSource('buffers');
  // One pool for everything, as Node itself does it.
  const pool = Buffer.alloc(1 << 16, 0xaa);
  let used = 0;
  const buffer = (bytes: Uint8Array) => {
    const at = used;
    used += bytes.length;
    pool.set(bytes, at);
    return pool.subarray(at, at + bytes.length);
  };
  const [context, key, nonce, rand] = [ctx, random(32), random(16), random(v.randSize)];
  const want = v.shard(context, 3, nonce, rand);
  const buffers = [context, key, nonce, rand].map(buffer);
  const got = v.shard(buffers[0], 3, buffers[2], buffers[3]);
  assert.deepEqual(got, want);
  const report = { publicShare: buffer(want.publicShare), inputShares: want.inputShares.map(buffer) };
  const before = Buffer.from(pool);
  const wantOut = verify(v as never, key, nonce, want);
  assert.deepEqual(verify(v as never, buffers[1], buffers[2], report), wantOut);
  v.unshard(
    wantOut.map(out => v.decodeAggregateShare(buffer(out))),
    1,
  );
  assert.equal(pool.compare(before, 0, used - 2 * v.aggregateShareSize, 0, used - 2 * v.aggregateShareSize), 0);
  pool.fill(0);
  assert.deepEqual(got, want);
});

test('any bytes at all are verified or refused, never stumbled over', () => {
  const v = prio3Histogram({ length: 5 });
  const bytes = (n: number) =>
    fc.oneof(fc.uint8Array({ minLength: n, maxLength: n }), fc.uint8Array({ maxLength: 2 * n }));
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1 }).chain(j => fc.tuple(fc.constant(j), bytes(v.inputShareSize(j)))),
      bytes(16),
      bytes(v.publicShareSize),
      bytes(v.verifierShareSize),
      ([j, share], nonce, publicShare, other) => {
        try {
          const { state, verifierShare } = v.verifyInit(new Uint8Array(32), ctx, j, nonce, publicShare, share);
          assert.equal(verifierShare.length, v.verifierShareSize);
          v.verifyNext(
            state,
            v.verifierSharesToMessage(ctx, j === 0 ? [verifierShare, other] : [other, verifierShare]),
          );
          assert.fail('random bytes passed');
        } catch (error) {
          assert.ok(error instanceof PrivacyError, String(error));
        }
      },
    ),
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

test('impossible parameters are refused', () => {
  const bad: (() => unknown)[] = [
    () => prio3Count({ shares: 1 }),
    () => prio3Count({ shares: 256 }),
    () => prio3Sum({ maxMeasurement: 0 }),
    () => prio3Sum({ maxMeasurement: 2n ** 64n }),
    () => prio3Histogram({ length: 0 }),
    () => prio3Histogram({ length: 5, chunkLength: 0 }),
    () => prio3SumVec({ length: 3, maxMeasurement: 5, proofs: 256 }),
    () => prio3SumVec({ length: 2.5, maxMeasurement: 5, chunkLength: 2 }),
    () => prio3SumVec({ length: 2, maxMeasurement: 2n ** 64n, field: 'Field64' }),
    () => prio3MultihotCountVec({ length: 3, maxWeight: 4 }),
  ];
  for (const make of bad) assert.throws(make, code('parameter'), String(make));
});

test('sums that no double holds are given exactly or not at all', () => {
  const v = prio3Sum({ maxMeasurement: 2n ** 62n });
  const random = randomSource('large');
  const key = random(32);
  const nonce = random(16);
  const shares = [v.aggregateInit(), v.aggregateInit()];
  const report = v.shard(ctx, 2n ** 62n - 1n, nonce, random(v.randSize));
  verify(v as Prio3<never, unknown, unknown>, key, nonce, report).forEach((out, j) => {
    v.aggregateUpdate(shares[j], out);
  });
  assert.equal(v.unshardExact(shares, 1), 2n ** 62n - 1n);
  assert.throws(() => v.unshard(shares, 1), code('sum-too-large'));
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

test('the chunk length chosen makes the shortest share there is', () => {
  for (const length of [1, 2, 3, 10, 64, 100, 333]) {
    const best = prio3Histogram({ length }).inputShareSize(0);
    for (let chunkLength = 1; chunkLength <= length; chunkLength++)
      assert.ok(best <= prio3Histogram({ length, chunkLength }).inputShareSize(0), `${length} with ${chunkLength}`);
  }
});
