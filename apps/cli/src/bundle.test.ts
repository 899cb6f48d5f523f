// The bundle of a command that starts fast: it says what the sources say, and it is left aside as soon as one of them has changed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { TINY_MEMBERS, TINY_SPECIES, tinyEmissions, tinyForcing } from '@madang/climate';

const cli = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
const { bundle } = require('../bin/bundle.js') as { bundle(folder: string, name: string): string | undefined };

test('a bundle serves only while size and time of every source agree', t => {
  const folder = mkdtempSync(join(tmpdir(), 'madang-bundle-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const source = join(folder, 'a.ts');
  writeFileSync(source, 'one');
  const { size, mtimeMs } = statSync(source);
  const list = (entries: unknown) => writeFileSync(join(folder, 'x.json'), JSON.stringify(entries));
  assert.equal(bundle(folder, 'x'), undefined, 'there is none');
  list([['a.ts', size, mtimeMs]]);
  assert.equal(bundle(folder, 'x'), join(folder, 'x.cjs'));
  list([['a.ts', size + 1, mtimeMs]]);
  assert.equal(bundle(folder, 'x'), undefined, 'another size');
  list([['a.ts', size, mtimeMs]]);
  utimesSync(source, 1, 1);
  assert.equal(bundle(folder, 'x'), undefined, 'another time');
  rmSync(source);
  assert.equal(bundle(folder, 'x'), undefined, 'a source is gone');
});

test('the bundled command writes what the sources write, and refuses as they do', t => {
  const folder = mkdtempSync(join(tmpdir(), 'madang-bundle-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const put = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  execFileSync(process.execPath, [join(cli, 'build.ts')]);
  const made = bundle(join(cli, 'src/generated'), 'climate-fair');
  assert.ok(made);
  const words = [
    ...['--emissions', put('E.csv', tinyEmissions(1850, 60)), '--forcing', put('V.csv', tinyForcing(1850, 60))],
    ...['--configs', put('P.csv', TINY_MEMBERS), '--species', put('S.csv', TINY_SPECIES), '--scenario'],
  ];
  const start = `import(process.argv[1]).then(async m => process.exitCode = await m.main(process.argv.slice(2)))`;
  const run = (program: string, scenario: string) => {
    const out = join(folder, 'out.csv');
    const end = [program, 'climate', 'fair', ...words, scenario, '--out', out];
    try {
      execFileSync(process.execPath, ['-e', start, ...end], { stdio: 'pipe' });
      return readFileSync(out, 'utf8');
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: Buffer };
      return `${status} ${stderr.toString()}`;
    }
  };
  for (const scenario of ['plan', 'another'])
    assert.equal(run(made, scenario), run(join(cli, 'src/main.ts'), scenario));
  assert.match(run(made, 'another'), /^1 madang: no scenario "another"/);
});
