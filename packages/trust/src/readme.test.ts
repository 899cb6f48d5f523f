// The README's examples run, as a stranger would run them: in a folder of their own that has the package.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const folder = mkdtempSync(join(tmpdir(), 'madang-readme-'));
after(() => rmSync(folder, { recursive: true }));

test('the examples of the README run', () => {
  const trust = join(import.meta.dirname, '..');
  mkdirSync(join(folder, 'node_modules/@madang'), { recursive: true });
  symlinkSync(trust, join(folder, 'node_modules/@madang/trust'));
  const blocks = [...readFileSync(join(trust, 'README.md'), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)];
  assert.ok(blocks.length > 0, 'the README has an example');
  for (const [, block] of blocks) {
    const options = { cwd: folder, encoding: 'utf8' } as const;
    const output = execFileSync(process.execPath, ['--input-type=module-typescript', '--eval', block], options);
    // Each example ends by printing a verdict.
    assert.match(output, /\btrue\b/);
    assert.doesNotMatch(output, /ok: false/);
  }
});
