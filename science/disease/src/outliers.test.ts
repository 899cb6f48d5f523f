import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { ceilingOf, notAfter, slipsOf, withoutOutliers, withoutSlips } from './outliers.ts';
import { trainingDesign } from './panel/design.ts';
import { featureMaker } from './panel/features.ts';
import { makePanel, weeklyCalendar } from './panel/panel.ts';
import { DENGUE, panelDisease } from './panel-config.ts';
import { panelCeiling } from './panel-disease.ts';
import { trainingPlan } from './training-plan.ts';

const r = random('outliers');
const steady = Array.from({ length: 120 }, () => 10 + 5 * r.uniform());
const series = (values: number[]) => ({ target: 'ILI', location: 'A', first: 0, values: Float64Array.from(values) });

test('a slip of unit among the newest values is left out with what follows; a lasting one counts', () => {
  assert.equal(withoutOutliers(series(steady)).values.length, 120);
  assert.equal(withoutOutliers(series([...steady, 12000])).values.length, 120);
  assert.equal(withoutOutliers(series([...steady, 12000, 13])).values.length, 120);
  assert.equal(withoutOutliers(series([...steady, 12000, 13000, 14000])).values.length, 120);
  assert.equal(withoutOutliers(series([...steady, 12000, 13000, 14000, 15000])).values.length, 124);
});

test('a slip that was never corrected is missing from the history; a new unit and a record season are not', () => {
  const cured = withoutSlips(series([...steady, 155760, ...steady]));
  assert.ok(Number.isNaN(cured.values[120]));
  assert.deepEqual([...cured.values.subarray(121)], steady);
  assert.deepEqual(slipsOf(Float64Array.from([...steady, 12000, 13000, 14000, 15000])), []);
  assert.deepEqual(slipsOf(Float64Array.from([...steady, 200, ...steady])), []);
  assert.deepEqual(slipsOf(Float64Array.from([1, 1, 5000, 1])), []);
});

test('the step to a new unit is no increment to learn from', () => {
  const calendar = weeklyCalendar(() => []);
  const panel = makePanel([series([...steady, ...steady.slice(0, 5).map(v => 1000 * v)])], calendar);
  const features = featureMaker(panel, calendar, ['ILI']);
  const plan = trainingPlan('ILI', []);
  const largest = (y: Float32Array) => y.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  assert.ok(largest(trainingDesign(panel, features, { ...plan, largest: undefined }).y) > 3);
  assert.ok(largest(trainingDesign(panel, features, plan).y) < 1.5);
});

test('a record season is not an outlier, and a short or all-zero history judges nothing', () => {
  assert.equal(withoutOutliers(series([...steady, 200])).values.length, 121);
  assert.equal(withoutOutliers(series([1, 1, 1, 5000])).values.length, 4);
  assert.equal(withoutOutliers(series([...new Array(80).fill(0), 7])).values.length, 81);
});

test('the ceiling lies far above what was seen', () => {
  assert.equal(ceilingOf([...new Array(60).fill(1), Number.NaN, 3]), 60);
  assert.equal(ceilingOf([...new Array(60).fill(1), 3], 12), 24);
  assert.equal(ceilingOf([2, Number.NaN]), 200);
});

test('counts: a large record bounds closer than a tiny one, and a short history widest', () => {
  const dengue = panelDisease(DENGUE);
  const ceiling = (record: number, months: number) => panelCeiling([...new Array(months - 1).fill(0), record], dengue);
  assert.equal(ceiling(1067, 47), 4 * 1067 + 200);
  assert.equal(ceiling(3, 47), 24);
  assert.equal(ceiling(45, 20), 380);
  assert.equal(ceiling(1, 10), 100);
});

test('values dated ahead of the deadline are cut off with the gap before them', () => {
  const s = series([1, 2, Number.NaN, Number.NaN, 9]);
  assert.deepEqual([...(notAfter(s, 3)?.values ?? [])], [1, 2]);
  assert.equal(notAfter(s, 4), s);
  assert.equal(notAfter(s, -1), undefined);
});
