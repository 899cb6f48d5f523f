import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prio3Histogram } from './variants.ts';

test('the chunk length chosen makes the shortest share there is', () => {
  for (const length of [1, 2, 3, 10, 64, 100, 333]) {
    const best = prio3Histogram({ length }).inputShareSize(0);
    for (let chunkLength = 1; chunkLength <= length; chunkLength++)
      assert.ok(best <= prio3Histogram({ length, chunkLength }).inputShareSize(0), `${length} with ${chunkLength}`);
  }
});
