// The examples of README.md run as they stand.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const examples = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(m => m[1]);

test('the examples of the README run and print what they say', async t => {
  assert.equal(examples.length, 3);
  const folder = join(import.meta.dirname, 'generated');
  mkdirSync(folder, { recursive: true });
  const printed: unknown[] = [];
  t.mock.method(console, 'log', (...args: unknown[]) => void printed.push(...args));
  for (const [i, code] of examples.entries()) {
    const file = join(folder, `readme-${process.pid}-${i}.ts`);
    writeFileSync(file, code);
    try {
      await import(file);
    } finally {
      rmSync(file);
    }
  }
  assert.deepEqual(printed[0], { ok: true });
  assert.deepEqual(printed[1], { ok: true });
  assert.deepEqual((printed[2] as number[])[17], 1);
  assert.match(String(printed[3]), /at most 1 /);
  assert.equal(printed[4], 0.25);
  const [, fiveReleases, tight] = printed.slice(5) as number[];
  assert.equal(fiveReleases.toFixed(2), '3.54');
  assert.equal(tight.toFixed(3), '19.517');
});
