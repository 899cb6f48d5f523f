import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { makeIo } from '../io.ts';
import { commands } from './commands.ts';

test('a port that is none is refused before a folder is made', async () => {
  const home = join(tempFolder('madang-hub-'), 'hub');
  const init = commands.find(c => c.name === 'init')!;
  for (const port of ['abc', '65536', '-1', '80.5', ''])
    await assert.rejects(
      init.run([], { home, origin: 'o', operator: 'hub', host: '::1', port }, makeIo(true)),
      /--port must be a whole number from 0 \(any free one\) to 65535/,
    );
  assert.ok(!existsSync(home));
});
