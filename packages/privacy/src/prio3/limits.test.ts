// Prio3 at its limits: what may not be measured, sent or asked for, and sums beyond a double.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PrivacyError, type PrivacyErrorCode } from '../error.ts';
import type { Prio3 } from './interface.ts';
import { ctx, randomSource, verify } from './testing/play.ts';
import { prio3Count, prio3Histogram, prio3MultihotCountVec, prio3Sum, prio3SumVec } from './variants.ts';

const code = (expected: PrivacyErrorCode) => (error: unknown) =>
  error instanceof PrivacyError && error.code === expected;

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
