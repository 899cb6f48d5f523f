import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import fc from 'fast-check';
import { fitIncrements } from './fit-increments.ts';
import { pilotQuantiles } from './increment-surface.ts';
import { cellCount, incrementHistogram, pilotScale, pilotSpec, squaredSensitivity } from './pooled-increments.ts';

const spec = pilotSpec([]);

/** Seasonal series with a peak in mid winter, and noise. */
function wave(seed: string, weeks = 520): Float64Array {
  const r = random(seed);
  const peak = 100 * Math.exp(r.normal());
  return Float64Array.from({ length: weeks }, (_, i) => {
    const a = (2 * Math.PI * (i - 26)) / 52.18;
    return peak * Math.exp(1.5 * Math.cos(a) + 0.15 * r.normal());
  });
}
const series = Array.from({ length: 20 }, (_, k) => {
  const values = wave(`pilot ${k}`);
  return { first: 2200, values, scale: pilotScale({ first: 2200, values }, 2720)! };
});

test('the histogram counts every row once', () => {
  const h = incrementHistogram(series, spec);
  assert.equal(h.length, cellCount(spec));
  assert.equal(
    h.reduce((a, b) => a + b, 0),
    series.reduce((n, s) => n + [1, 2, 3, 4, 5].reduce((m, d) => m + s.values.length - d, 0), 0),
  );
});

test('changing one value never moves the counts by more than the stated sensitivity', () => {
  const values = fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { minLength: 12, maxLength: 30 });
  fc.assert(
    fc.property(values, fc.nat(), fc.double({ min: 0, max: 1e9, noNaN: true }), (v, where, to) => {
      const one = { first: 2200, values: v, scale: 100 };
      const changed = { ...one, values: v.with(where % v.length, to) };
      const a = incrementHistogram([one], spec);
      const b = incrementHistogram([changed], spec);
      const squared = a.reduce((s, x, i) => s + (x - b[i]) ** 2, 0);
      assert.ok(squared <= squaredSensitivity(spec), `${squared}`);
    }),
    { numRuns: 300 },
  );
  // The bound is reached: a smooth slow series has all rows of a step in one cell, a spike throws them into the open bins.
  const flat = Array.from({ length: 40 }, () => 50);
  const h = (v: number[]) => incrementHistogram([{ first: 2200, values: v, scale: 100 }], spec);
  const a = h(flat);
  const b = h(flat.with(13, Number.NaN));
  assert.ok(a.reduce((s, x, i) => s + (x - b[i]) ** 2, 0) >= 10);
});

test('forecasts follow the season and cover what they say, with and without noise', () => {
  const h = incrementHistogram(series.slice(0, 15), spec);
  const r = random('noise');
  for (const noise of [0, 26]) {
    const model = fitIncrements(
      Array.from(h, c => c + Math.round(noise * r.normal())),
      spec,
    );
    let inside = 0;
    let n = 0;
    for (const s of series.slice(15)) {
      for (let t = 100; t < 500; t += 7) {
        const q = pilotQuantiles(model, s.first + t, s.values[t], s.scale, 3);
        for (let i = 1; i < q.length; i++) assert.ok(q[i] >= q[i - 1]);
        if (q[6] <= s.values[t + 3] && s.values[t + 3] <= q[16]) inside += 1;
        n += 1;
      }
    }
    assert.ok(inside / n > 0.35 && inside / n < 0.75, `coverage ${inside / n} at noise ${noise}`);
  }
});

test('the scale is known before the period only; too short or all-zero series have none', () => {
  const values = Float64Array.from({ length: 100 }, (_, i) => (i < 60 ? 10 : 1000));
  assert.equal(pilotScale({ first: 0, values }, 60), 10);
  assert.equal(pilotScale({ first: 0, values: values.subarray(0, 30) }, 60), undefined);
  assert.equal(pilotScale({ first: 0, values: new Float64Array(100) }, 60), undefined);
});

test('absurd noise gives finite, ordered quantiles', () => {
  const r = random('loud');
  const model = fitIncrements(
    Array.from({ length: cellCount(spec) }, () => Math.round(5000 * r.normal())),
    spec,
  );
  for (let step = 1; step < 40; step++) {
    const q = pilotQuantiles(model, 2210, 5, 100, step);
    assert.ok(q.every((x, i) => Number.isFinite(x) && x >= 0 && (i === 0 || x >= q[i - 1])));
  }
  assert.throws(() => fitIncrements([1, 2, 3], spec), /3 counts where the design has 1950 cells/);
});
