// The README's examples run as they stand, the first on a folder of its own.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { printedBy } from '../../../scripts/readme.ts';
import { tempFolder } from '../../../scripts/temp-folder.ts';

test('the examples of the README', () => {
  const home = join(import.meta.dirname, '..');
  const folder = join(tempFolder('madang-readme-'), 'log');
  const [log, request] = printedBy(home, code =>
    code.replaceAll("folderStore('log')", `folderStore(${JSON.stringify(folder)})`),
  );
  assert.match(log, /ok: true, tiles: 2/);
  assert.match(request, /ok: true/);
});
