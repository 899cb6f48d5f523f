// Bands made while the run goes on are those of the whole result, to the last bit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchBands } from './bands.ts';
import { aboveReference, percentiles, yearlyMeans } from './ensemble.ts';
import { speciesOf } from './result.ts';
import { makeFair } from './run.ts';
import { tiny } from './tiny.ts';

const AT = { warming: [5, 50, 95], co2: [50] };
const { model, drivers } = tiny(1850, 150);
const { time } = drivers;
const members = model.members.length;

test('watched rows: warming above a period or the start, CO2', () => {
  const fair = makeFair(model);
  const whole = fair(drivers, { gases: 'co2' });
  const yearly = yearlyMeans(whole.temperature[0], members);
  const co2 = yearlyMeans(whole.gases.get(speciesOf(whole, 'co2'))!.concentration, members);
  for (const reference of [undefined, [1850, 1900], [1960, 1999]] as const) {
    const bands = watchBands(members, time, reference, AT);
    assert.equal(fair(drivers, { watch: bands.add }).temperature.length, 0, 'nothing is kept');
    const above = reference ? aboveReference(yearly, members, 1850, reference[0], reference[1]) : yearly;
    assert.deepEqual(
      bands.rows.map(r => [r.year, ...r.warming, ...r.co2!]),
      bands.rows.map((_, t) => [
        1850 + t,
        ...percentiles(above.subarray(t * members, (t + 1) * members), members, AT.warming),
        ...percentiles(co2.subarray(t * members, (t + 1) * members), members, AT.co2),
      ]),
    );
    assert.equal(bands.rows.length, 150);
    assert.equal(bands.finite(), true);
  }
});

test('steps of half a year give years, steps of two years give steps, a rest is left out', () => {
  const rows = (stepYears: number, values: readonly number[]) => {
    const bands = watchBands(1, { start: 2000, end: 2004, stepYears }, undefined, { warming: [50], co2: [50] });
    for (const v of values) bands.add(Float64Array.of(v));
    return bands.rows.map(r => [r.year, r.warming[0], r.co2]);
  };
  assert.deepEqual(rows(0.5, [0, 1, 2, 4, 6, 8]), [
    [2000, 1, undefined],
    [2001, 4, undefined],
  ]);
  assert.deepEqual(rows(2, [0, 1, 3]), [
    [2000, 0.5, undefined],
    [2002, 2, undefined],
  ]);
});

test('a member without a finite temperature is noticed, wherever it sorts to', () => {
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const bands = watchBands(3, { start: 0, end: 2, stepYears: 1 }, [0, 1], AT);
    for (const row of [
      [0, 0, 0],
      [1, wrong, 1],
      [2, 2, 2],
    ])
      bands.add(Float64Array.from(row));
    assert.equal(bands.finite(), false);
  }
});
