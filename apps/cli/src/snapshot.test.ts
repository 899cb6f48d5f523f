// The snapshot of a command that starts fast: it says what the sources say, and it is left aside as soon as a source or the Node is another.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { TINY_MEMBERS, TINY_SPECIES, tinyEmissions, tinyForcing } from '@madang/climate';
import { tempFolder } from '../../../scripts/temp-folder.ts';

const cli = join(import.meta.dirname, '..');
const skip = process.platform === 'win32' ? 'a launcher for POSIX shells' : false;

test('a command from its snapshot, from the sources, and which of the two starts', { skip }, () => {
  const folder = tempFolder('madang-snapshot-');
  execFileSync(process.execPath, [join(cli, 'build.ts')]);
  const put = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const words = [
    ...['climate', 'fair'],
    ...['--emissions', put('E.csv', tinyEmissions(1850, 60)), '--forcing', put('V.csv', tinyForcing(1850, 60))],
    ...['--configs', put('P.csv', TINY_MEMBERS), '--species', put('S.csv', TINY_SPECIES), '--scenario'],
  ];
  const nodeFirst = { ...process.env, NODE_OPTIONS: '', PATH: `${dirname(process.execPath)}:${process.env['PATH']}` };

  // A tree of links to this one, whose plain launcher only says that it was called.
  const tree = join(folder, 'tree');
  const bin = join(tree, 'apps/cli/bin');
  mkdirSync(bin, { recursive: true });
  for (const part of ['science', 'packages', 'node_modules', 'apps/cli/src', 'apps/cli/bin/snapshot.js'])
    symlinkSync(join(cli, '../..', part), join(tree, part));
  const about = join(tree, 'apps/cli/package.json');
  symlinkSync(join(cli, 'package.json'), about);
  copyFileSync(join(cli, 'bin/madang'), join(bin, 'madang'));
  writeFileSync(join(bin, 'madang.js'), 'console.log("from the sources");');

  const run = (program: readonly string[], rest: readonly string[], env: NodeJS.ProcessEnv = nodeFirst) => {
    const files = ['out.csv', 'bands.csv'].map(f => join(folder, f));
    for (const f of files) rmSync(f, { force: true });
    const r = spawnSync(program[0], [...program.slice(1), ...words, ...rest], { env, encoding: 'utf8' });
    const { seconds, ...said } = r.stdout.startsWith('{') ? JSON.parse(r.stdout) : { said: r.stdout };
    return {
      status: r.status,
      said,
      stderr: r.stderr,
      files: files.map(f => existsSync(f) && readFileSync(f, 'utf8')),
    };
  };
  const snapshot = ['sh', join(bin, 'madang')];
  const sources = [process.execPath, join(cli, 'bin/madang.js')];
  const bands = ['--percentiles', join(folder, 'bands.csv'), '--json'];
  const out = ['--out', join(folder, 'out.csv'), '--json'];
  // What stays with the sources is found from the snapshot too: noise, threads, help.
  for (const rest of [
    ['plan', ...bands],
    ['plan', ...out],
    ['plan', '--noise', '7', ...out],
    ['plan', '--threads', '2', ...out],
    ['another', ...bands],
    ['another'],
    ['plan', '--nonsense'],
    ['plan', '--help'],
  ])
    assert.deepEqual(run(snapshot, rest), run(sources, rest), rest.join(' '));
  assert.match(run(snapshot, ['plan', ...bands]).files[1] || '', /^scenario,members,year/);
  assert.match(run(snapshot, ['another']).stderr, /E.csv: no scenario "another"/);
  assert.equal(run(snapshot, ['another']).status, 1);

  // Many members have flags of their own; and the launcher may be called by a path from where one is.
  const many = `--configs=${put('many.csv', TINY_MEMBERS + '\n'.repeat(400_001))}`;
  const fromHere = ['sh', '-c', 'cd "$0" && exec sh apps/cli/bin/madang "$@"', tree];
  for (const [program, rest] of [
    [snapshot, ['plan', many, ...bands]],
    [fromHere, ['plan', ...bands]],
    [fromHere, ['plan', '--help']],
  ] as const)
    assert.deepEqual(run(program, rest), run(sources, rest), rest.join(' '));
  assert.equal(run(snapshot, ['plan', many, ...bands]).status, 0);

  const plain = (env: NodeJS.ProcessEnv = nodeFirst) =>
    run(snapshot, ['plan', ...bands], env).said.said === 'from the sources\n';
  assert.equal(plain(), false);
  assert.equal(plain({ ...nodeFirst, NODE_OPTIONS: '--no-warnings' }), true, 'options of the engine are the caller’s');
  mkdirSync(join(folder, 'other'));
  writeFileSync(join(folder, 'other/node'), `#!/bin/sh\nexec "${process.execPath}" "$@"\n`, { mode: 0o755 });
  assert.equal(plain({ ...nodeFirst, PATH: `${join(folder, 'other')}:${nodeFirst.PATH}` }), true, 'another Node');
  rmSync(about);
  copyFileSync(join(cli, 'package.json'), about);
  assert.equal(plain(), true, 'a source has another time of change');
  rmSync(about);
  assert.equal(plain(), true, 'a source is gone');
});
