import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { withoutNoise } from './local-level.ts';

const sigma = 5;
const noise = { target: 'hosp', sigma };
const r = random('local level');
const series = (mean: number) => {
  const truth = Float64Array.from({ length: 40 }, (_, i) =>
    Math.max(0, Math.round(mean * Math.exp(0.8 * Math.sin(i / 6)) + Math.sqrt(mean) * r.normal())),
  );
  // Two releases of each week but the newest.
  const values = truth.map((v, i) => Math.max(0, Math.round(v + (i === 39 ? sigma : sigma / Math.SQRT2) * r.normal())));
  return { truth, seen: { target: 'hosp', location: 'A', first: 100, values } };
};

test('the newest of small counts come nearer to the truth, large ones stay as they are', () => {
  let raw = 0;
  let smooth = 0;
  const places = Array.from({ length: 100 }, () => series(6));
  const table = withoutNoise(
    places.map(p => p.seen),
    noise,
  );
  for (const [k, { truth, seen }] of places.entries()) {
    const out = table[k].values;
    for (let i = 32; i < 40; i++) {
      raw += (seen.values[i] - truth[i]) ** 2;
      smooth += (out[i] - truth[i]) ** 2;
    }
    assert.deepEqual(out.subarray(0, 32), seen.values.subarray(0, 32));
  }
  assert.ok(smooth < 0.7 * raw, `${smooth / raw} of the squared error`);
  const { seen } = series(3000);
  const out = withoutNoise([seen], noise)[0].values;
  assert.ok(out.every((v, i) => Math.abs(v / seen.values[i] - 1) < 0.002));
});

test('gaps stay gaps, nothing falls below 0, other signals are not touched', () => {
  const { seen } = series(4);
  const gaps = { ...seen, values: seen.values.map((v, i) => (i < 3 || i === 35 || i === 36 ? Number.NaN : v)) };
  const out = withoutNoise([gaps], noise)[0].values;
  assert.deepEqual(Array.from(out, Number.isNaN), Array.from(gaps.values, Number.isNaN));
  assert.ok(out.every(v => Number.isNaN(v) || v >= 0));
  const other = { ...seen, target: 'ILI' };
  assert.equal(withoutNoise([other], noise)[0], other);
});
