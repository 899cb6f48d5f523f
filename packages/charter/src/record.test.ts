import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { put } from './record.ts';

const key = fc.oneof(
  fc.integer({ min: 0, max: 400 }).map(i => `k-${i}`),
  fc.constantFrom('7', '10', '007', '4294967294', '4294967295', '12345678901', 'constructor', 'toString'),
  fc.integer({ min: 0, max: 50 }).map(String),
);

test('a record that grows layer by layer reads as a plain one, and earlier ones stay as they were', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.nat()), { minLength: 50, maxLength: 900, size: 'max' }), changes => {
      let plain: Record<string, number> = {};
      let record: Readonly<Record<string, number>> = {};
      const kept: { plain: Record<string, number>; record: Readonly<Record<string, number>> }[] = [];
      for (const [i, [k, v]] of changes.entries()) {
        plain = { ...plain, [k]: v };
        record = put(record, k, v);
        assert.equal(record[k], v);
        if (i % 97 === 0) kept.push({ plain, record });
      }
      for (const pair of [...kept, { plain, record }]) {
        assert.deepEqual(Object.entries(pair.record), Object.entries(pair.plain));
        assert.equal(JSON.stringify(pair.record), JSON.stringify(pair.plain));
        assert.deepEqual({ ...pair.record }, pair.plain);
        for (const k of ['constructor', 'absent', 'k-1', '10']) {
          assert.equal(pair.record[k], pair.plain[k]);
          assert.equal(k in pair.record, k in pair.plain);
          assert.equal(Object.hasOwn(pair.record, k), Object.hasOwn(pair.plain, k));
        }
      }
    }),
    { numRuns: process.env['SLOW'] ? 300 : 25 },
  );
});

test('a large record cannot be written to', () => {
  let record: Readonly<Record<string, number>> = {};
  for (let i = 0; i < 100; i++) record = put(record, `k-${i}`, i);
  const writable = record as Record<string, number>;
  assert.throws(() => {
    writable['k-1'] = 5;
  }, TypeError);
  assert.throws(() => delete writable['k-1'], TypeError);
  assert.equal(record['k-1'], 1);
});
