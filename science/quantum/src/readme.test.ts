import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { printedBy } from '../../../scripts/readme.ts';

test('the example of the README', () => {
  const [printed] = printedBy(join(import.meta.dirname, '..'));
  const counts = [...printed.matchAll(/'([01]+)': (\d+)/g)].map(([, key, n]) => [key, Number(n)] as const);
  assert.deepEqual(counts.map(([key]) => key).sort(), ['000', '111']);
  assert.equal(
    counts.reduce((sum, [, n]) => sum + n, 0),
    1000,
  );
  assert.match(printed, /method: 'stabiliser'/);
  assert.match(printed, /operations: 6/);
});
