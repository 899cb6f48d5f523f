// The pilot's kind at the edge: tables with holes, text, duplicates; scales frozen before the period.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excludedWeeks, pilotSpec, simulateSurveillance } from '@madang/disease';
import { formatCsv } from '@madang/numerics';
import { pilotSeries, pooledIncrements, readVintages } from './pooled-increments.ts';

const COLUMNS = ['target', 'location', 'date', 'as_of', 'value'];
const { vintages } = simulateSurveillance({ seed: 't', places: 2 });
const csv = formatCsv(COLUMNS, vintages);
const query = {
  kind: 'pooled-increments',
  version: 1,
  targets: ['ILI'],
  spec: pilotSpec(excludedWeeks('ILI')),
  frozenOn: '2024-10-02',
  asOf: ['2024-10-02', '2025-01-08'],
  maximum: 255,
};
const source = (text: string) => ({ file: async () => text, query: async () => [] });

test('counts rows in the declared cells and stays in bounds', async () => {
  const q = pooledIncrements.parse(JSON.stringify(query));
  const counts = await pooledIncrements.contribute(q, 1, source(csv));
  assert.equal(counts.length, pooledIncrements.shape(q).length);
  assert.ok(Array.from(counts).every(c => Number.isInteger(c) && c >= 0 && c <= 255));
  assert.ok(Array.from(counts).reduce((a, b) => a + b, 0) > 1000);
});

test('a value that changes later moves neither the scale nor what was known', () => {
  const later = csv.replace(/ILI,P01,2025-05-(\d\d),(\S+),[\d.]+/, 'ILI,P01,2025-05-$1,$2,99999');
  assert.notEqual(later, csv);
  const before = pilotSeries(csv, query, '2025-01-08');
  const after = pilotSeries(later, query, '2025-01-08');
  assert.deepEqual(after, before);
});

test('bad tables are refused with row and reason', () => {
  const rows = csv.split('\n');
  const spoiled = (index: number, line: (old: string) => string) =>
    rows.map((r, i) => (i === index ? line(r) : r)).join('\n');
  const value = (v: string) => (r: string) => r.replace(/[\d.]+$/, v);
  assert.throws(() => readVintages(spoiled(5, value('many'))), /row 6, column "value": "many" is not a number/);
  assert.throws(
    () => readVintages(spoiled(3, r => `${r}\n${rows[4]}`)),
    /row [0-9]+: the same target, location, date and as_of as row [0-9]+/,
  );
  assert.throws(() => readVintages(spoiled(2, r => r.replace('20', '2x'))), /row 3/);
  assert.throws(() => readVintages(spoiled(7, value('-4'))), /negative/);
  assert.throws(() => readVintages(spoiled(9, () => 'ILI,P01')), /row 10: 2 values where the header has 5/);
});

test('missing weeks are gaps, not zeros', async () => {
  const holes = csv
    .split('\n')
    .filter(l => !/,P01,2022-0[1-3]/.test(l))
    .join('\n');
  const q = pooledIncrements.parse(JSON.stringify(query));
  const whole = Array.from(await pooledIncrements.contribute(q, 1, source(csv))).reduce((a, b) => a + b, 0);
  const less = Array.from(await pooledIncrements.contribute(q, 1, source(holes))).reduce((a, b) => a + b, 0);
  assert.ok(less < whole);
});

test('queries that could not be answered safely are refused', () => {
  const bad = (change: object, why: RegExp) =>
    assert.throws(() => pooledIncrements.parse(JSON.stringify({ ...query, ...change })), why);
  bad({ targets: [] }, /targets/);
  bad({ asOf: [] }, /asOf/);
  bad({ asOf: ['2024-09-01'] }, /frozen before/);
  bad({ maximum: 0 }, /maximum/);
  bad({ asOf: ['2024-13-01'] }, /2024-13-01/);
});
