import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeLog } from './change-log.ts';
import { asCounts, coveredAt } from './population-covered.ts';

test('rates become counts of those covered, of one signal only', () => {
  const row = { period: 1, knownFrom: 10, value: 200 };
  const log = changeLog([
    { ...row, target: 'ILI', location: 'AT' },
    { ...row, target: 'ARI', location: 'AT' },
    { ...row, target: 'ILI', location: 'FI', value: Number.NaN },
  ]);
  const counts = asCounts(log, 'ILI', l => coveredAt(l, { share: 0.05 })!);
  assert.deepEqual(
    counts.names.map(n => `${n.target} ${n.location}`),
    ['ILI AT', 'ILI FI'],
  );
  // 5 % of 9.16 million, 200 of 100,000.
  assert.ok(Math.abs(counts.value[0] - 916) < 1e-9);
  assert.ok(Number.isNaN(counts.value[1]));
});

test('what is stated takes the place of the table; rates of consultations stand on a tenth a week; unknown places have none', () => {
  assert.equal(coveredAt('AT', { share: 0.01, stated: new Map([['AT', 1234]]) }), 1234);
  assert.ok(Math.abs(coveredAt('FI', { share: 0.01 })! - 5600) < 1e-9);
  assert.equal(coveredAt('XX', { share: 0.01 }), undefined);
  assert.throws(() => coveredAt('AT', { share: 0 }), RangeError);
});
