import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { printedBy } from '../../../scripts/readme.ts';

test('the example of the README', () => {
  const [printed] = printedBy(join(import.meta.dirname, '..'));
  assert.deepEqual(printed.trimEnd().split('\n'), ['350175097 2', 'optimal 5500.000 50.000', 'true']);
});
