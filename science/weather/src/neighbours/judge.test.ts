import assert from 'node:assert/strict';
import test from 'node:test';
import { random } from '@madang/numerics';
import { CLIP_SD, expectedOf, learn } from './judge.ts';

test('a handful of days teaches hardly anything, and nothing is suggested that could not be sent', () => {
  const days = 400;
  const mean = Float64Array.from({ length: days }, (_, i) => 2 * Math.sin(i / 7));
  const few = new Float64Array(days).fill(Number.NaN);
  few[0] = 3.5; // the neighbours were at 0 that day
  few[22] = 4;
  mean[22] = 0.001;
  const suggested = (own: Float64Array) => expectedOf([mean], learn([mean], own, new Uint8Array(days), 300).weights);
  assert.ok(suggested(few).every(v => Math.abs(v) < 0.2));
  const many = suggested(mean.map(v => 3 * v));
  assert.ok(many.some(v => Math.abs(v) === CLIP_SD) && many.every(v => Math.abs(v) <= CLIP_SD));
});

test('each sum counts as training days show; days of training that are flagged teach nothing', () => {
  const days = 800;
  const rng = random('sums');
  const [mean, slope] = [0, 1].map(() => Float64Array.from({ length: days }, () => rng.normal()));
  const own = mean.map((v, d) => 0.4 * v - 0.7 * slope[d] + 0.1 * rng.normal());
  const flagged = new Uint8Array(days);
  for (let d = 100; d < 400; d++) {
    own[d] = -2 * mean[d];
    flagged[d] = 1;
  }
  const { weights, spread, correlation } = learn([mean, slope], own, flagged, 700);
  assert.ok(Math.abs(weights[0] - 0.4) < 0.05 && Math.abs(weights[1] + 0.7) < 0.05, `${weights}`);
  assert.ok(correlation > 0.3 && correlation < 0.7 && spread < 1.5, `${correlation} ${spread}`);
  assert.ok(Number.isNaN(expectedOf([mean.map(() => Number.NaN), slope], weights)[5]));
});
