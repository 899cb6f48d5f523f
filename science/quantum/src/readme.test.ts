// The lines of README.md run as they stand.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { load, simulate } from './index.ts';

test('the example of the README', () => {
  const text = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const code = /```ts\n([\s\S]*?)```/.exec(text)?.[1].replaceAll(/^import .*$/gm, '');
  assert.ok(code);
  const printed: { counts: Record<string, number>; method: string; operations: number }[] = [];
  new Function('random', 'load', 'simulate', 'console', code)(random, load, simulate, {
    log: (x: (typeof printed)[0]) => printed.push(x),
  });
  assert.deepEqual(Object.keys(printed[0].counts).sort(), ['000', '111']);
  assert.equal(printed[0].method, 'stabiliser');
  assert.equal(printed[0].operations, 6);
});
