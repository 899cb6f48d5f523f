import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseCsv } from '@madang/numerics';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import type { FairInput } from './fair-input.ts';
import { readParts } from './parts.ts';
import { POSITIVE, yearly } from './yearly.ts';

const read = (body: string, more = {}) =>
  yearly(parseCsv(`Year,Mean\n${body}`, 'T.csv'), 'T.csv', { year: 'Year', value: 'Mean', ...more });

test('values by year; what cannot be used is named with row and column', () => {
  assert.deepEqual(
    [...read('2000,1\n2001,-2')],
    [
      [2000, 1],
      [2001, -2],
    ],
  );
  assert.throws(() => read('2000,1\n2001,NaN'), /T\.csv, row 3, column "Mean": "NaN"/);
  assert.throws(() => read('2000,1\n2001,'), /row 3, column "Mean": the value is missing/);
  assert.throws(() => read('2000,1\n2000,1'), /row 3, column "Year": 2000 is there twice, first in row 2/);
  assert.throws(() => read('20x0,1'), /row 2, column "Year": "20x0" is not a year/);
  assert.throws(() => read('2000,-1', { check: POSITIVE }), /row 2, column "Mean": "-1"; it must be a number above 0/);
  assert.deepEqual([...read('2000,1\n2001,', { blanks: true })], [[2000, 1]]);
  assert.deepEqual([...read('2000,x\n2001,3', { rows: [1] })], [[2001, 3]]);
});

/** A run of 2000 to 2003 with fossil CO2 alone. */
const RUN = {
  model: { species: [{ name: 'CO2 FFI', type: 'co2 ffi', inputMode: 'emissions' }] },
  drivers: { time: { start: 2000, end: 2003 } },
} as unknown as FairInput;
const folder = tempFolder('parts-');

test('national CO2: a gap may be nothing when that is said, what is no number never', () => {
  const file = join(folder, 'national.csv');
  const parts = (rows: string, zeroOutside: boolean) => {
    writeFileSync(file, `country,year,co2\n${rows}\n`);
    return readParts({ national: file, countries: 'A', zeroOutside }, RUN).parts[0].emissions.get(0);
  };
  assert.deepEqual([...parts('A,2000,1000\nA,2001,\nA,2002,3000', true)!], [1, 0, 3]);
  assert.throws(() => parts('A,2000,1\nA,2001,\nA,2002,3', false), /row 3, column "co2": the value is missing/);
  assert.throws(() => parts('A,2000,1\nA,2001,NaN\nA,2002,3', true), /row 3, column "co2": "NaN"/);
  assert.throws(() => parts('A,2000,1\nA,2000,1', true), /row 3, column "year": 2000 is there twice/);
  assert.throws(() => parts('A,1999,1\nA,2000,1', true), /A gives 1999, before the run begins in 2000/);
  assert.throws(() => parts('A,2000,1', false), /no emissions for 2001/);
});
