import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from './temp-folder.ts';

test('what a process made is gone when it ends, also when it threw, and stays on demand', () => {
  const place = tempFolder('madang-temp-');
  const script = (end: string) => `
    import { tempFolder } from ${JSON.stringify(join(import.meta.dirname, 'temp-folder.ts'))};
    import { writeFileSync } from 'node:fs';
    for (const name of ['a-', 'b-']) writeFileSync(tempFolder(name) + '/file', 'x');
    ${end}`;
  const left = (end: string, env: Record<string, string> = {}) => {
    const { MADANG_KEEP: _, ...rest } = process.env;
    const args = ['--input-type=module', '--eval', script(end)];
    const { status } = spawnSync(process.execPath, args, { env: { ...rest, TMPDIR: place, ...env } });
    return [status, readdirSync(place).length];
  };
  assert.deepEqual(left(''), [0, 0]);
  assert.deepEqual(left('throw new Error("no");'), [1, 0]);
  assert.deepEqual(left('', { MADANG_KEEP: '1' }), [0, 2]);
});
