import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import fc from 'fast-check';
import { decode, encode, maskedSum, plainSum } from './secure-sum.ts';

test('a masked sum equals the plain one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 3, maxLength: 3 }), {
        minLength: 1,
        maxLength: 6,
      }),
      rows => {
        const parts = rows.map(r => Int32Array.from(r));
        const masked = maskedSum((a, b) => random(`${a}-${b}`))(parts);
        assert.deepEqual(masked, plainSum(parts));
      },
    ),
  );
});

test('what the adder sees of a member is not its value', () => {
  let seen: Int32Array[] = [];
  const parts = [new Int32Array(1000).fill(5), new Int32Array(1000).fill(7), new Int32Array(1000).fill(9)];
  const total = maskedSum(
    (a, b) => random(`${a}-${b}`),
    p => {
      seen = p;
    },
  )(parts);
  assert.ok(total.every(v => v === 21));
  const low = seen[0].filter(v => v < 0).length;
  assert.ok(low > 400 && low < 600, 'masks are spread over the whole range');
});

test('fixed point refuses what could overflow', () => {
  assert.throws(() => encode([1e6], 20, 4), /does not fit/);
  assert.throws(() => encode([Number.NaN], 8, 4), /does not fit/);
  assert.throws(() => plainSum([new Int32Array(2), new Int32Array(3)]), /sent 3 numbers/);
  assert.deepEqual([...decode(encode([0.5, -3.25], 8, 4), 8)], [0.5, -3.25]);
  const out = new Int32Array(2);
  assert.equal(encode([0.5, -3.25], 8, 4, -2, out), out);
  assert.deepEqual([...decode(out, 8)], [-1, 6.5]);
  assert.throws(() => encode([1e6], 8, 4, 3), /3000000 does not fit/);
});
