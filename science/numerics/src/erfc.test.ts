import assert from 'node:assert/strict';
import { test } from 'node:test';
import { erfc, erfcx, logErfc, normalCdf } from './erfc.ts';

// Values of the C library's erfc.
const known: readonly (readonly [number, number])[] = [
  [-6, 2],
  [-1, 1.8427007929497148],
  [0, 1],
  [0.1, 0.8875370839817152],
  [0.46875, 0.5073865267820619],
  [0.5, 0.4795001221869535],
  [1, 0.15729920705028513],
  [2, 0.004677734981047266],
  [3.9, 3.479224859723178e-8],
  [4, 1.541725790028002e-8],
  [5, 1.537459794428035e-12],
  [10, 2.088487583762545e-45],
  [26, 5.663192408856143e-296],
];

test('erfc equals known values to 1e-14, relative', () => {
  for (const [x, y] of known)
    assert.ok(Math.abs(erfc(x) - y) <= 2e-15 * y + 1e-14 * y, `erfc(${x}) = ${erfc(x)}, not ${y}`);
});

test('reflection, logarithm and the scaled form agree', () => {
  for (let x = -5; x < 26; x += 0.0837) {
    assert.ok(Math.abs(erfc(x) + erfc(-x) - 2) < 1e-15 * 4);
    assert.ok(Math.abs(logErfc(x) - Math.log(erfc(x))) < 1e-12 * Math.max(1, x * x));
    if (x >= 0) assert.ok(Math.abs(erfcx(x) * Math.exp(-x * x) - erfc(x)) <= 1e-12 * erfc(x));
  }
  assert.ok(Math.abs(logErfc(100) - (-10000 - Math.log(100 * Math.sqrt(Math.PI)))) < 1e-4);
  assert.equal(erfc(Number.POSITIVE_INFINITY), 0);
  assert.equal(erfc(Number.NEGATIVE_INFINITY), 2);
  assert.equal(normalCdf(0), 0.5);
  assert.ok(Math.abs(normalCdf(-1.959963984540054) - 0.025) < 1e-15);
});
