// The README's example runs as it stands, in a folder of its own.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../../scripts/temp-folder.ts';

test('the example in README.md', () => {
  const home = join(import.meta.dirname, '..');
  const code = /```ts\n(.*?)```/s.exec(readFileSync(join(home, 'README.md'), 'utf8'))?.[1] ?? '';
  assert.ok(code.includes("folderStore('log')"));
  const folder = tempFolder('madang-readme-');
  const program = code.replaceAll("folderStore('log')", `folderStore(${JSON.stringify(folder)})`);
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', program], { cwd: home, encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  assert.match(run.stdout, /ok: true, tiles: 2/);
});
