import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoDate } from '../html/words.ts';
import type { Fan, Observation } from '../models.ts';
import { isLow, silentSince } from './state.ts';

const FIRST = 20_000;
const fan = (week: number, ...medians: number[]): Fan => ({
  asOf: isoDate(FIRST + 7 * week + 3),
  org: 'health',
  entry: 0,
  points: medians.map((median, k) => ({
    date: isoDate(FIRST + 7 * (week + k)),
    horizon: k,
    median,
    low50: 0,
    high50: 2 * median,
    low95: 0,
    high95: 4 * median,
  })),
});
const known = (values: readonly number[]): Observation[] =>
  values.map((value, i) => ({ date: isoDate(FIRST + 7 * i), value }));

test('a place is silent when a week is missing between its last figure and the forecast', () => {
  const figures = known([5, 6, 7]);
  assert.equal(silentSince(fan(3, 1), figures), undefined, 'the next week');
  assert.equal(silentSince(fan(4, 1), figures), undefined, 'a report that is late');
  assert.equal(silentSince(fan(5, 1), figures), isoDate(FIRST + 14));
  assert.equal(silentSince(fan(5, 1), []), undefined, 'nothing known is another thing');
  assert.equal(silentSince(fan(5, 1), undefined), undefined);
});

test('low is below the middle of the known weeks, in every week of the forecast', () => {
  const year = known(Array.from({ length: 53 }, (_, i) => i));
  assert.equal(isLow(fan(53, 10, 25), year), true);
  assert.equal(isLow(fan(53, 10, 26), year), false, 'the middle itself is not low');
  assert.equal(isLow(fan(3, 0.1), known([5, 6, 7])), false, 'too few weeks to say');
  assert.equal(isLow(fan(53, 1), undefined), false);
});
