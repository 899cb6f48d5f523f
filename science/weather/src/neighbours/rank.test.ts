import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { known, ranked } from './rank.ts';

test('what stands at a place is what sorting puts there, also where many are alike', () => {
  const numbers = fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ noNaN: true })), { maxLength: 60 });
  fc.assert(
    fc.property(numbers, fc.nat(59), (x, k) => {
      assert.ok(ranked(Float64Array.from(x), k) === Float64Array.from(x).sort()[k]);
    }),
  );
  assert.equal(ranked(new Float64Array(0), 0), undefined);
});

test('only numbers before the end are known', () => {
  assert.deepEqual([...known(Float64Array.of(3, Number.NaN, 1, 2), 3)], [3, 1]);
});
