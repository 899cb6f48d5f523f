// FaIR 1.6, CO2 only: the search for the lifetime scale. The numbers themselves are held against the reference in reference.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFair1 } from './co2-only.ts';

test('every integrated airborne fraction between nothing and the whole horizon has its lifetime scale', () => {
  let before = 0;
  for (let r0 = 0.5; r0 < 99.9; r0 += 0.1) {
    const { co2Ppm } = runFair1([10, 10, 10], 0, { r0, rc: 0, rt: 0, iirfMaxYr: 99.9 });
    assert.ok(co2Ppm[2] > before, `${r0}: the longer it stays, the more is left`);
    before = co2Ppm[2];
  }
  assert.throws(() => runFair1([10, 10], 0, { r0: 101, iirfMaxYr: 101 }), /no lifetime scale gives .* of 101\.0 years/);
});
