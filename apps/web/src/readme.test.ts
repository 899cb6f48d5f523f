import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { printedBy } from '../../../scripts/readme.ts';

test('the example of the README draws a page', () => {
  assert.deepEqual(printedBy(join(import.meta.dirname, '..')), ['true\n']);
});
