import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { printedBy } from '../../../scripts/readme.ts';

test('the example of the README, on a grid of three buses', () => {
  const file = "import { caseText } from './src/testing/small-case.ts'; globalThis.text = caseText();";
  const [printed] = printedBy(join(import.meta.dirname, '..'), code => `${file}\n${code}`);
  const [cost, gap, dcCost, lossMw] = printed.split(/\s/).map(Number);
  assert.ok(cost > dcCost && dcCost > 0 && lossMw > 0, printed);
  assert.ok(gap >= 0 && gap < 0.1, printed);
});
