import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeGrid } from '../grid/grid.ts';
import { readCase } from '../matpower/read-case.ts';
import { caseText } from '../testing/small-case.ts';
import { dcBranches } from './dc-model.ts';
import { dictionaryOrder } from './parallel-turns.ts';

test('keys come in the order in which Julia walks through them', () => {
  const rank = dictionaryOrder(10);
  const order = Array.from({ length: 10 }, (_, k) => k + 1).sort((a, b) => rank[a] - rank[b]);
  assert.deepEqual(order, [8, 4, 1, 5, 2, 6, 7, 10, 9, 3]);
});

test('a transformer that runs against the first branch of its pair is turned, as in PowerModels', () => {
  // Four rows are walked through as 4, 1, 2, 3.
  const extra = '\t3\t1\t0.065\t0.62\t0.45\t9000\t0\t0\t0.9\t0\t1\t-30\t30;\n];\n';
  const text = caseText().replace(/\];\n$/, extra);
  const turned = dcBranches(makeGrid(readCase(text)), 'powermodels').susceptancePu;
  const plain = 0.62 / (0.065 ** 2 + 0.62 ** 2);
  assert.equal(turned[0], plain);
  assert.equal(turned[3], plain, 'row 4 comes first and stays');
  const other = text.replace(
    '\t1\t3\t0.065\t0.62\t0.45\t9000\t0\t0\t0\t',
    '\t1\t3\t0.065\t0.62\t0.45\t9000\t0\t0\t0.8\t',
  );
  const both = dcBranches(makeGrid(readCase(other)), 'powermodels').susceptancePu;
  assert.ok(Math.abs(both[0] - plain / 0.64) < 1e-12, 'row 1 is turned');
  assert.equal(both[3], plain);
});
