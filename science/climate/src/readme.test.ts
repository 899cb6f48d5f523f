// The lines in the README run.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

test('the example of the README runs and prints a warming and a band', async t => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const block = /```ts\n([\s\S]*?)```/.exec(readme)?.[1];
  assert.ok(block);
  const printed: unknown[][] = [];
  t.mock.method(console, 'log', (...args: unknown[]) => printed.push(args));
  await import(
    `data:text/javascript,${encodeURIComponent(block.replaceAll('@madang/climate', new URL('./index.ts', import.meta.url).href))}`
  );
  assert.equal(printed[0][0], 2100);
  assert.ok((printed[0][1] as number) > 0.5);
  assert.equal((printed[1][1] as Float64Array).length, 3);
});
