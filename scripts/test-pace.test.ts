import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from './temp-folder.ts';
import { duration, keepSeconds, lastSeconds, longestFirst, secondsLeft } from './test-pace.ts';

test('the longest files run first, journeys among those that never ran', () => {
  const files = ['a.test.ts', 'b.test.ts', 'apps/x/e2e/c.test.ts', 'd.test.ts'];
  assert.deepEqual(longestFirst(files, {}), ['apps/x/e2e/c.test.ts', 'a.test.ts', 'b.test.ts', 'd.test.ts']);
  assert.deepEqual(longestFirst(files, { 'd.test.ts': 90, 'apps/x/e2e/c.test.ts': 1 }).slice(0, 2), [
    'd.test.ts',
    'a.test.ts',
  ]);
});

test('the remaining time goes by what the files weigh, not by how many they are', () => {
  const last = { a: 60, b: 20, c: 20 };
  assert.equal(secondsLeft(['a', 'b', 'c'], new Set(), 5, last), 0);
  // This machine is twice as slow as the one before.
  assert.equal(secondsLeft(['a', 'b', 'c'], new Set(['a']), 120, last), 80);
  assert.equal(secondsLeft(['a', 'b', 'c'], new Set(['a', 'b', 'c']), 200, last), 0);
  assert.deepEqual([duration(0.2), duration(89), duration(91)], ['1 s', '89 s', '2 min']);
});

test('seconds are kept by file; the others stay, a broken file is none', () => {
  const path = join(tempFolder('madang-pace-'), 'cache/seconds.json');
  assert.deepEqual(lastSeconds(path), {});
  keepSeconds(path, { a: 1, b: 2 });
  keepSeconds(path, { b: 3 });
  assert.deepEqual(lastSeconds(path), { a: 1, b: 3 });
  assert.deepEqual(lastSeconds(import.meta.filename), {});
});
