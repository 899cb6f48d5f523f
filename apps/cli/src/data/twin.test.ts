import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { CommandError, type Io } from '../command.ts';
import { twin } from './twin.ts';

const folder = tempFolder('twin-');
const io: Io = { json: true, log: () => undefined, progress: () => ({ tick: () => undefined, done: () => undefined }) };
const defaults = { epsilon: '2', delta: '1e-6', unit: 'person', rowsPerUnit: '1', seed: '1' };
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

test('writes a twin and a report', async () => {
  const path = file(
    'visits.csv',
    `sex,age\n${Array.from({ length: 2000 }, (_, i) => `${i % 2 ? 'f' : 'm'},${20 + (i % 50)}`).join('\n')}\n`,
  );
  const [out, report] = [join(folder, 'out.csv'), join(folder, 'report.json')];
  const outcome = await twin.run([path], { ...defaults, out, report }, io);
  assert.equal((outcome!.json as { ok: boolean }).ok, true);
  const lines = readFileSync(out, 'utf8').trim().split('\n');
  assert.equal(lines[0], 'sex,age');
  assert.ok(Math.abs(lines.length - 2001) < 150 && lines.slice(1).every(l => /^[fm]?(other)?,\d*$/.test(l)), lines[1]);
  const told = JSON.parse(readFileSync(report, 'utf8'));
  assert.ok(told.lost.length > 0 && told.kept.length > 0 && told.spending.length >= 6);
});

test('bad input is named', async () => {
  const fails = async (path: string, more: Record<string, string>, exit: number, message: RegExp) =>
    assert.rejects(twin.run([path], { ...defaults, out: join(folder, 'x.csv'), ...more }, io), (error: unknown) => {
      assert.ok(error instanceof CommandError && error.exit === exit, String(error));
      assert.match(error.message, message);
      return true;
    });
  await fails(join(folder, 'none.csv'), {}, 2, /none\.csv.*give a CSV file/);
  await fails(file('empty.csv', ''), {}, 1, /empty/);
  await fails(file('header.csv', 'a,b\n'), {}, 1, /no rows/);
  await fails(file('ragged.csv', 'a,b\n1\n'), {}, 1, /row 2: 1 values/);
  await fails(file('ok.csv', 'a\n1\n'), { epsilon: '-1' }, 2, /--epsilon: "-1"/);
  await fails(file('ok.csv', 'a\n1\n'), { rowsPerUnit: '0' }, 2, /--rows-per-unit/);
});
