import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { civilDay, civilOf, dateOf } from './days.ts';

test('known days, and every day survives the round trip', () => {
  assert.equal(dateOf(0), '1970-01-01');
  assert.equal(dateOf(14244), '2008-12-31');
  assert.deepEqual(civilOf(civilDay(2000, 2, 29)), { year: 2000, month: 2, dayOfMonth: 29 });
  fc.assert(
    fc.property(fc.integer({ min: -200000, max: 200000 }), d => {
      const { year, month, dayOfMonth } = civilOf(d);
      assert.equal(civilDay(year, month, dayOfMonth), d);
    }),
  );
});
