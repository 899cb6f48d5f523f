import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { printedBy } from '../../../scripts/readme.ts';

test('the example of the README', () => {
  const [printed] = printedBy(join(import.meta.dirname, '..'));
  assert.match(printed, /^View "admissions": number of rows by age in 3 bins\.\nSQL run at the node: SELECT /);
  assert.match(printed, /\n1 \[ 55, 26, 12 \]\n$/);
});

test('the example of the learning kinds', () => {
  const [printed] = printedBy(join(import.meta.dirname, 'kinds'));
  assert.match(printed, /^\[ -?\d+\.\d+ \]\n$/);
});
