import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { KEPT, openEmbedded } from './embedded.ts';

test('a new database begins as a copy of the kept one, which stays as it was; an old one is opened where it stands', async () => {
  const home = tempFolder('madang-embedded-');
  const [kept, folder] = [join(home, 'kept'), join(home, 'database')];
  cpSync(KEPT, kept, { recursive: true });
  writeFileSync(join(kept, 'mark'), 'kept');
  // What a process that died while it copied left behind.
  mkdirSync(`${folder}.new`);
  writeFileSync(join(`${folder}.new`, 'half'), '');
  for (const [start, rows] of [
    ['first', 1],
    ['second', 2],
  ] as const) {
    const database = await openEmbedded(folder, kept);
    await database.exec(`CREATE TABLE IF NOT EXISTS starts (name text); INSERT INTO starts VALUES ('${start}')`);
    const found = await database.query('SELECT name FROM starts');
    assert.equal(found.rows.length, rows);
    await database.close();
    assert.equal(readFileSync(join(folder, 'mark'), 'utf8'), 'kept');
    assert.ok(!existsSync(join(folder, 'half')) && !existsSync(`${folder}.new`));
    // From now on it must not be needed.
    writeFileSync(join(kept, 'PG_VERSION'), 'none');
  }
  assert.notEqual(readFileSync(join(KEPT, 'PG_VERSION'), 'utf8'), 'none');
});

test('the kept database was made by the PGlite that is installed', () => {
  const installed = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'));
  assert.equal(readFileSync(`${KEPT}.version`, 'utf8'), JSON.parse(readFileSync(installed, 'utf8')).version);
});
