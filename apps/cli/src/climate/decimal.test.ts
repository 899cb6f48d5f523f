import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { byteWriter, writeNumber } from './decimal.ts';

const text = (x: number) => {
  const w = byteWriter(1);
  writeNumber(w, x);
  return new TextDecoder().decode(w.bytes.subarray(0, w.length));
};

test('as C writes %.10g', () => {
  const cases: [number, string][] = [
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [-1.5, '-1.5'],
    [1750, '1750'],
    [100, '100'],
    [279.76162270000003, '279.7616227'],
    [1.666666666666667e22, '1.666666667e+22'],
    [-1.94200016101e-12, '-1.942000161e-12'],
    [0.00001234, '0.00001234'],
    [0.000001234, '1.234e-06'],
    [9999999999, '9999999999'],
    [99999999999, '1e+11'],
    [0.99999999999, '1'],
    [9.9999999999, '10'],
    [1e-300, '1e-300'],
    [5e-324, '5e-324'],
    [1.7976931348623157e308, '1.797693135e+308'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
    [Number.NaN, ''],
  ];
  for (const [x, expected] of cases) assert.equal(text(x), expected, String(x));
});

test('reads back to ten significant digits', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -1e308, max: 1e308 }), x => {
      const back = Number(text(x));
      assert.ok(
        Math.abs(back - x) <= 5.0001e-10 * 10 ** Math.floor(Math.log10(Math.abs(x) || 1)) ||
          Math.abs(back - x) <= 5.01e-10 * Math.abs(x),
        `${x} ${text(x)}`,
      );
      // At most ten digits.
      assert.ok(text(x).replace(/e.*$/, '').replaceAll(/[-.]/g, '').replace(/^0+/, '').length <= 10);
    }),
    { numRuns: 3000 },
  );
});
