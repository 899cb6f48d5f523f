import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import fc from 'fast-check';
import { weekOfSeason } from '../calendar.ts';
import { INFLUENZA } from '../reproduction.ts';
import { renewalForecast } from './filter.ts';
import { fitRenewal, generationWeights, R_BOUNDS, type RenewalModel } from './model.ts';

const w = generationWeights(INFLUENZA);
const model: RenewalModel = {
  generation: INFLUENZA,
  season: new Float64Array(53),
  persistence: 0.95,
  innovation: 0.04,
  observation: 0.05,
};

/** Weekly sums of a daily renewal process whose R of a week is `rOf(week)`. */
function epidemic(weeks: number, rOf: (week: number) => number, noise = 0): Float64Array {
  const r = random('epidemic');
  const daily = Array.from({ length: 14 }, () => 100);
  return Float64Array.from({ length: weeks }, (_, i) => {
    let sum = 0;
    for (let d = 0; d < 7; d++) {
      const fresh = rOf(i) * w.reduce((s, g, k) => s + g * daily[daily.length - 1 - k], 0);
      daily.push(fresh);
      sum += fresh;
    }
    return sum * Math.exp(noise * r.normal());
  });
}

test('the weights of a generation time sum to 1 and keep its mean', () => {
  assert.ok(Math.abs(w.reduce((a, b) => a + b, 0) - 1) < 1e-12);
  const mean = w.reduce((s, g, k) => s + g * (k + 1), 0);
  assert.ok(Math.abs(mean - INFLUENZA.meanDays) < 0.1, `${mean}`);
});

test('the filter finds R of a simulated epidemic, and its forecast holds what comes', () => {
  for (const r of [0.85, 1, 1.2]) {
    const values = epidemic(18, () => r, 0.03);
    const f = renewalForecast(model, values.subarray(0, 14), 2000, weekOfSeason, 4, 'seed')!;
    assert.ok(f.r[0] <= r && r <= f.r[2], `R ${r} outside ${f.r}`);
    assert.ok(Math.abs(f.r[1] - r) < 0.07, `R ${r} as ${f.r[1]}`);
    for (let step = 1; step <= 4; step++) {
      const paths = f.paths.slice((step - 1) * f.particles, step * f.particles).sort();
      const y = values[13 + step];
      assert.ok(paths[Math.floor(0.02 * f.particles)] <= y && y <= paths[Math.floor(0.98 * f.particles)]);
    }
  }
});

test('an epidemic that turns is followed: R falls below 1 after the peak', () => {
  const values = epidemic(24, week => (week < 14 ? 1.25 : 0.8));
  const before = renewalForecast(model, values.subarray(0, 14), 2000, weekOfSeason, 1, 'seed')!;
  const after = renewalForecast(model, values.subarray(0, 22), 2000, weekOfSeason, 1, 'seed')!;
  assert.ok(before.r[0] > 1 && after.r[2] < 1, `${before.r} then ${after.r}`);
});

test('the season of R is learned from all places', () => {
  const series = [0, 1, 2].map(() => ({
    first: 1800,
    values: epidemic(260, week => Math.exp(0.12 * Math.cos((2 * Math.PI * (weekOfSeason(1800 + week) - 18)) / 52.18))),
  }));
  const m = fitRenewal(series, weekOfSeason);
  assert.ok(Math.abs(m.season[18] - 0.12) < 0.04, `${m.season[18]}`);
  assert.ok(Math.abs(m.season[44] + 0.12) < 0.04, `${m.season[44]}`);
});

test('whatever the values, the paths are finite, not below 0 and bounded by the largest R', () => {
  const value = fc.oneof(fc.constant(Number.NaN), fc.constant(0), fc.double({ min: 0, max: 1e6, noNaN: true }));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), list => {
      const f = renewalForecast(model, list, 2000, weekOfSeason, 4, 'seed', 100);
      if (!f) return;
      const largest = Math.max(0, ...list.filter(v => v >= 0));
      // The largest R for four weeks of days, each a tenth of the mean generation time, times room for noise and the filter.
      const growth = R_BOUNDS[1] ** (28 / (INFLUENZA.meanDays - INFLUENZA.sdDays));
      assert.ok(f.paths.every(v => Number.isFinite(v) && v >= 0 && v <= 1e4 * growth * Math.max(1, largest)));
      assert.ok(f.r[0] <= f.r[1] && f.r[1] <= f.r[2]);
    }),
    { numRuns: 60 },
  );
});
