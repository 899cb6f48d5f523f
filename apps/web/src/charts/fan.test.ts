import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isoDate } from '../html/words.ts';
import type { Fan, FanPoint } from '../models.ts';
import { drawFan, drawSmallFan, fanTable } from './fan.ts';
import { linear, monthStarts, ticksFromZero } from './scale.ts';

const point = (day: number, v: number): FanPoint => ({
  date: isoDate(day),
  horizon: 1,
  median: v,
  low50: v * 0.8,
  high50: v * 1.2,
  low95: v * 0.4,
  high95: v * 2,
});
const fan = (day: number, values: readonly number[]): Fan => ({
  asOf: isoDate(day),
  org: 'health',
  entry: 7,
  points: values.map((v, i) => point(day + 7 * i, v)),
});

test('ticks are round, begin at zero and reach the top', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), fc.integer({ min: 2, max: 8 }), (high, wanted) => {
      const ticks = ticksFromZero(high, wanted);
      assert.equal(ticks[0], 0);
      assert.ok(ticks[ticks.length - 1] >= high * (1 - 1e-9) && ticks.length <= wanted * 2 + 2);
      assert.ok(ticks.every((t, i) => i === 0 || t > ticks[i - 1]));
    }),
  );
});

test('months lie within their span; a scale is straight', () => {
  assert.deepEqual(monthStarts(Date.UTC(2024, 10, 20) / 864e5, Date.UTC(2025, 1, 10) / 864e5, 10).map(isoDate), [
    '2024-12-01',
    '2025-01-01',
    '2025-02-01',
  ]);
  const s = linear([0, 10], [100, 0]);
  assert.deepEqual([s(0), s(5), s(10)], [100, 50, 0]);
  assert.deepEqual(ticksFromZero(5e-324, 5), [0, 1]);
});

test('every coordinate of a fan is a number within its picture, whatever the forecast', () => {
  const values = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(values, { minLength: 1, maxLength: 6 }), all => {
      const fans = all.map((v, i) => fan(20_000 + 7 * i, v));
      const text = drawFan({ label: 'x', fans, shown: fans.length - 1 }).text + drawSmallFan(fans).text;
      assert.doesNotMatch(text, /NaN|Infinity|undefined/);
      for (const [, path] of text.matchAll(/ d="([^"]*)"/g))
        for (const [n] of path.matchAll(/-?\d+(\.\d+)?/g)) assert.ok(Math.abs(Number(n)) < 2000, path);
    }),
  );
});

test('one wild early forecast does not flatten the season: its band is cut and the picture says how far it reaches', () => {
  const wild = { ...fan(20_000, [10, 10, 10]), points: [{ ...point(20_000, 10), high95: 9000 }] };
  const fans = [wild, fan(20_007, [10, 12, 14])];
  assert.match(drawFan({ label: 'x', fans, shown: 0 }).text, /95 % band reaches 9,000 ↑/);
  assert.doesNotMatch(drawFan({ label: 'x', fans, shown: 1 }).text, /band reaches/);
});

test('frames of a replay share their axes', () => {
  const fans = [fan(20_000, [5, 6]), fan(20_007, [50, 60]), fan(20_014, [20, 10])];
  const axes = fans.map((_, shown) => /<g class="grid">.*?<\/g>/s.exec(drawFan({ label: 'x', fans, shown }).text)![0]);
  assert.equal(new Set(axes).size, 1);
});

test('the table says every week of the forecast', () => {
  const text = fanTable(fan(20_000, [1, 2, 3]), 'Forecast').text;
  assert.equal(text.match(/<th scope="row">/g)?.length, 3);
  assert.match(text, /0\.4 to 2/);
});
