// The snapshot of a command that starts fast: it says what the sources say, and it is left aside as soon as a source is another or its Node is gone.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { TINY_MEMBERS, TINY_SPECIES, tinyEmissions, tinyForcing } from '@madang/climate';
import { tempFolder } from '../../../scripts/temp-folder.ts';

const cli = join(import.meta.dirname, '..');
const skip = process.platform === 'win32' ? 'a launcher for POSIX shells' : false;

test('a command from its snapshot, from the sources, and which of the two starts', { skip }, () => {
  const folder = tempFolder('madang-snapshot-');
  execFileSync(process.execPath, [join(cli, 'build.ts')]);
  // Without what Node has compiled of its own modules: 7.5 MB with it.
  assert.ok(statSync(join(cli, 'src/generated/climate-fair.snapshot')).size < 5e6);
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
  const tree = join(folder, 'a tree');
  const bin = join(tree, 'apps/cli/bin');
  mkdirSync(bin, { recursive: true });
  const kept = join(tree, 'apps/cli/src/generated');
  cpSync(join(cli, 'src/generated'), kept, { recursive: true });
  const inside = readdirSync(join(cli, 'src')).filter(f => f !== 'generated');
  for (const part of [
    ...['science', 'packages', 'node_modules', 'apps/cli/bin/snapshot.js'],
    ...inside.map(f => `apps/cli/src/${f}`),
  ])
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

  // The launcher may be called by a path from where one is, and by a link.
  const fromHere = ['sh', '-c', 'cd "$0" && exec sh apps/cli/bin/madang "$@"', tree];
  const link = join(folder, 'linked');
  symlinkSync(join(bin, 'madang'), link);
  const npm = join(folder, 'npm');
  for (const f of ['.bin', '@madang']) mkdirSync(join(npm, f), { recursive: true });
  symlinkSync(join(bin, 'madang'), join(npm, '.bin/madang'));
  symlinkSync(join(tree, 'apps/cli'), join(npm, '@madang/cli'));
  const byNpx = ['sh', join(npm, '.bin/madang')];
  for (const [program, rest] of [
    [fromHere, ['plan', ...bands]],
    [fromHere, ['plan', '--help']],
    [
      ['sh', link],
      ['plan', ...bands],
    ],
  ] as const)
    assert.deepEqual(run(program, rest), run(sources, rest), rest.join(' '));

  const how = (env: NodeJS.ProcessEnv = nodeFirst, program: readonly string[] = snapshot) => {
    const { said, stderr } = run(program, ['plan', ...bands], { ...env, MADANG_DEBUG: '1' });
    return said.said === 'from the sources\n' ? stderr : stderr === 'madang: started from its snapshot\n';
  };
  for (const program of [snapshot, fromHere, ['sh', link], byNpx])
    assert.equal(how(nodeFirst, program), true, program.join(' '));
  assert.match(String(how({ ...nodeFirst, NODE_OPTIONS: '--no-warnings' })), /the sources, since NODE_OPTIONS is set/);
  mkdirSync(join(folder, 'other'));
  writeFileSync(join(folder, 'other/node'), `#!/bin/sh\nexec "${process.execPath}" "$@"\n`, { mode: 0o755 });
  const otherFirst = { ...nodeFirst, PATH: `${join(folder, 'other')}:${nodeFirst.PATH}` };
  assert.equal(how(otherFirst), true, 'the Node that made it is started, whatever the path has');
  const maker = join(kept, 'climate-fair.node');
  writeFileSync(maker, readFileSync(maker, 'utf8').replace(process.execPath, '/moved/node'));
  assert.equal(how(), true, 'found on the path');
  assert.match(String(how(otherFirst)), /since the Node that made the snapshot is gone: npm run prepare/);
  rmSync(about);
  copyFileSync(join(cli, 'package.json'), about);
  assert.match(String(how()), /the sources, since they have changed after the snapshot/, 'another time of change');
  rmSync(about);
  assert.match(String(how()), /since they have changed after the snapshot/, 'a source is gone');
  rmSync(maker);
  assert.match(String(how()), /no snapshot was kept/);
});
