import assert from 'node:assert/strict';
import test from 'node:test';
import { CLIP_SD, judge } from './judge.ts';

test('a slope from a handful of days suggests nothing that could not be sent', () => {
  const days = 400;
  const mean = Float64Array.from({ length: days }, (_, i) => 2 * Math.sin(i / 7));
  const own = new Float64Array(days).fill(Number.NaN);
  own[0] = 3.5; // the neighbours were at 0 that day
  own[22] = 4;
  mean[22] = 0.001;
  const { expected } = judge(mean, own, new Uint8Array(days), 300);
  assert.ok(expected.some(v => Math.abs(v) === CLIP_SD));
  assert.ok(expected.every(v => Math.abs(v) <= CLIP_SD));
});
