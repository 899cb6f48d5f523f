import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { printedBy } from '../../../scripts/readme.ts';

test('the example of the README', () => {
  assert.deepEqual(printedBy(join(import.meta.dirname, '..')), ['100\n[]\n']);
});
