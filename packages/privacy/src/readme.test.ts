// The examples of README.md run as they stand.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { printedBy } from '../../../scripts/readme.ts';

test('the examples of the README run and print what they say', () => {
  const [count, model, noise] = printedBy(join(import.meta.dirname, '..'));
  assert.match(count, /^\{ ok: true \}\n\{ ok: true \}\n\[/);
  const buckets = count.slice(count.indexOf('[')).match(/-?\d+/g)!.map(Number);
  assert.deepEqual(
    buckets,
    Array.from({ length: 64 }, (_, i) => (i === 17 ? 1 : 0)),
  );
  assert.match(model, /at most 1 /);
  assert.match(model, /\n0\.25\n$/);
  const [length, fiveReleases, tight] = noise.split(/\s/).map(Number);
  assert.deepEqual([length, fiveReleases.toFixed(2), tight.toFixed(3)], [2000, '3.54', '19.517']);
});
