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
const loader = join(cli, 'bin/bundle.js');
const { load } = require(loader) as {
  load(folder: string, name: string): { main: unknown; script: { cachedDataRejected?: boolean } } | undefined;
};

test('a bundle serves only while size and time of every source agree', t => {
  const folder = mkdtempSync(join(tmpdir(), 'madang-bundle-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const source = join(folder, 'a.ts');
  writeFileSync(source, 'one');
  writeFileSync(join(folder, 'x.script'), '(function (module) { module.exports = { main: 1 }; })');
  const { size, mtimeMs } = statSync(source);
  const list = (entries: unknown) => writeFileSync(join(folder, 'x.json'), JSON.stringify(entries));
  assert.equal(load(folder, 'x'), undefined, 'there is none');
  list([['a.ts', size, mtimeMs]]);
  assert.equal(load(folder, 'x')?.main, 1);
  list([['a.ts', size + 1, mtimeMs]]);
  assert.equal(load(folder, 'x'), undefined, 'another size');
  list([['a.ts', size, mtimeMs]]);
  utimesSync(source, 1, 1);
  assert.equal(load(folder, 'x'), undefined, 'another time');
  rmSync(source);
  assert.equal(load(folder, 'x'), undefined, 'a source is gone');
});

test('the bundled command writes what the sources write, and refuses as they do', t => {
  const folder = mkdtempSync(join(tmpdir(), 'madang-bundle-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const put = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  execFileSync(process.execPath, [join(cli, 'build.ts')]);
  const folderOfBundles = join(cli, 'src/generated');
  assert.equal(load(folderOfBundles, 'climate-fair')?.script.cachedDataRejected, false, 'compiled code fits');
  const words = [
    ...['--emissions', put('E.csv', tinyEmissions(1850, 60)), '--forcing', put('V.csv', tinyForcing(1850, 60))],
    ...['--configs', put('P.csv', TINY_MEMBERS), '--species', put('S.csv', TINY_SPECIES), '--scenario'],
  ];
  const bundled = `require(${JSON.stringify(loader)}).load(${JSON.stringify(folderOfBundles)}, 'climate-fair')`;
  const sources = `await import(${JSON.stringify(join(cli, 'src/main.ts'))})`;
  const run = (program: string, ...rest: string[]) => {
    const out = join(folder, 'out.csv');
    const code = `(async () => { process.exitCode = await (${program}).main(process.argv.slice(1)); })()`;
    try {
      execFileSync(process.execPath, ['-e', code, 'climate', 'fair', ...words, ...rest, '--out', out], {
        stdio: 'pipe',
      });
      return readFileSync(out, 'utf8');
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: Buffer };
      return `${status} ${stderr.toString()}`;
    }
  };
  // What stays with the sources is found from the bundle too: noise, threads.
  for (const rest of [['plan'], ['another'], ['plan', '--noise', '7'], ['plan', '--threads', '2']])
    assert.equal(run(bundled, ...rest), run(sources, ...rest));
  assert.match(run(bundled, 'another'), /^1 madang: no scenario "another"/);
  assert.match(run(bundled, 'plan', '--noise', '7'), /^scenario,config/);
});
