import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import fc from 'fast-check';
import { LEVELS } from './levels.ts';
import { makePanel, weeklyCalendar } from './panel/panel.ts';
import { peakForecast } from './peak.ts';
import { INFLUENZA, reproductionNumbers } from './reproduction.ts';
import { alertThreshold, exceedance, reliability } from './warning.ts';

test('R of a simulated renewal process is found again', () => {
  // Daily renewal with the gamma generation time in days, summed to weeks.
  const { meanDays, sdDays } = INFLUENZA;
  const a = (meanDays / sdDays) ** 2;
  const b = sdDays ** 2 / meanDays;
  const raw = Array.from({ length: 30 }, (_, i) => (i + 0.5) ** (a - 1) * Math.exp(-(i + 0.5) / b));
  const w = raw.map(v => v / raw.reduce((x, y) => x + y, 0));
  for (const r of [0.8, 1, 1.3]) {
    const daily: number[] = Array.from({ length: 30 }, () => 1000);
    for (let d = 30; d < 140; d++) daily.push(r * w.reduce((s, g, i) => s + g * daily[d - 1 - i], 0));
    const weekly: number[] = [];
    for (let d = 42; d + 7 <= 140; d += 7) weekly.push(daily.slice(d, d + 7).reduce((x, y) => x + y, 0));
    const last = reproductionNumbers(weekly, INFLUENZA).at(-1)!;
    assert.ok(Math.abs(last.r - r) < 0.06, `${last.r} for ${r}`);
    assert.ok(last.low <= last.r && last.r <= last.high);
  }
  assert.deepEqual(reproductionNumbers([1, 2, 0, 3, 4], INFLUENZA), []);
});

test('exceedance is the complement of the quantile function and falls with the threshold', () => {
  const q = LEVELS.map(t => 100 * t);
  assert.ok(Math.abs(exceedance(q, 50) - 0.5) < 1e-12);
  assert.ok(exceedance(q, -1e9) > 0.999 && exceedance(q, 1e9) < 0.001);
  fc.assert(
    fc.property(fc.double({ min: -50, max: 200, noNaN: true }), fc.double({ min: 0, max: 50, noNaN: true }), (x, d) => {
      assert.ok(exceedance(q, x + d) <= exceedance(q, x) + 1e-12);
    }),
  );
  const flat = LEVELS.map(() => 7);
  assert.equal(exceedance(flat, 6), 1);
  assert.ok(exceedance(flat, 7) <= 0.0100001);
});

test('probabilities that are true lie on the diagonal; boasts do not', () => {
  const r = random('reliability');
  const honest = Array.from({ length: 20000 }, () => {
    const probability = r.uniform();
    return { probability, happened: r.uniform() < probability };
  });
  for (const b of reliability(honest).bins) assert.ok(Math.abs(b.announced - b.observed) < 0.05);
  const boast = honest.map(h => ({ ...h, probability: h.probability > 0.5 ? 0.99 : 0.01 }));
  assert.ok(reliability(boast).brier > reliability(honest).brier);
});

test('a season like all the others peaks when they did', () => {
  const calendar = weeklyCalendar(() => []);
  const series = Array.from({ length: 6 }, (_, k) => {
    const r = random(`peak ${k}`);
    // 2193 weeks after the epoch lies in January 2012; whole years from there.
    const values = Float64Array.from(
      { length: 380 },
      (_, i) =>
        100 * Math.exp(2 * Math.cos((2 * Math.PI * (calendar.position(2193 + i) - 24)) / 52.18) + 0.05 * r.normal()),
    );
    return { target: 'ILI', location: `P${k}`, first: 2193, values: k === 0 ? values.subarray(0, 354) : values };
  });
  const panel = makePanel(series, calendar);
  const p = peakForecast(panel, panel.places[0], calendar)!;
  assert.ok(calendar.position(2193 + 353) < 24 && p.passed < 0.2);
  assert.ok(Math.abs(calendar.position(p.period[1]) - 24) <= 3, `${calendar.position(p.period[1])}`);
  assert.ok(p.value[1] > 500 && p.value[1] < 1000);
});

test('a threshold needs a year of values', () => {
  assert.equal(alertThreshold([1, 2, 3]), undefined);
  assert.equal(
    alertThreshold(
      Array.from({ length: 101 }, (_, i) => i),
      0.9,
    ),
    90,
  );
});
