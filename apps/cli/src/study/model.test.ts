// What the command says when there is nothing to print; a whole study is printed in e2e/early.test.ts.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { CommandError, type Io } from '../command.ts';
import { model } from './model.ts';

const io: Io = { json: true, log: () => undefined, progress: () => ({ tick: () => undefined, done: () => undefined }) };

test('a place without a log, and a hub that does not answer, could not be checked: exit 3', async () => {
  const folder = tempFolder('madang-model-');
  for (const [where, message] of [
    [folder, /holds no log/],
    [join(folder, 'nowhere'), /there is no folder/],
    ['http://127.0.0.1:9', /does not answer/],
  ] as const)
    await assert.rejects(model.run(['any', where], {}, io), (error: unknown) => {
      assert.ok(error instanceof CommandError && error.exit === 3, String(error));
      assert.match(error.message, message);
      return true;
    });
});
