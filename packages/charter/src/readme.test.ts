import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { printedBy } from '../../../scripts/readme.ts';

test('the example of the README, on a log of no entries', () => {
  const given = (code: string) => `const entries: Uint8Array[] = [];\n${code}`;
  assert.deepEqual(printedBy(join(import.meta.dirname, '..'), given), ['[] {}\n']);
});
