// The README's example runs, and does what it says.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

test('the example of the README runs', () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(match => match[1]);
  assert.ok(blocks.length > 0, 'the README has an example');
  for (const block of blocks) {
    const options = { cwd: import.meta.dirname, encoding: 'utf8' } as const;
    const output = execFileSync(process.execPath, ['--input-type=module-typescript', '--eval', block], options);
    assert.doesNotMatch(output, /false|undefined/);
    assert.match(output, /true/);
  }
});
