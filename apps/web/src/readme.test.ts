// The lines in the README run.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { test } from 'node:test';

test('the example of the README draws a page', async t => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const block = /```ts\n([\s\S]*?)```/.exec(readme)?.[1];
  assert.ok(block);
  const printed: unknown[] = [];
  t.mock.method(console, 'log', (x: unknown) => printed.push(x));
  const code = stripTypeScriptTypes(block).replaceAll('@madang/web', new URL('./index.ts', import.meta.url).href);
  await import(`data:text/javascript,${encodeURIComponent(code.replace(/,\s*type Site/, ''))}`);
  assert.deepEqual(printed, [true]);
});
