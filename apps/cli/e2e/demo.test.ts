// The main job from the outside, as the README's first command runs it: the demo on simulated data, its document, and `madang verify` before and after
// one byte of any copy of the log is changed.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { tempFolder } from '../../../scripts/temp-folder.ts';

const run = promisify(execFile);
const bin = join(import.meta.dirname, '../bin/madang.js');

async function madang(...args: string[]): Promise<{ code: number; document: Record<string, unknown> }> {
  try {
    const { stdout } = await run(process.execPath, [bin, ...args, '--json'], { maxBuffer: 1 << 26 });
    return { code: 0, document: JSON.parse(stdout) };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, document: JSON.parse(stdout) };
  }
}

test('the demo answers two questions, scores both, and every changed byte is found', async () => {
  const home = tempFolder('madang-demo-test-');
  const { code, document } = await madang(
    'demo',
    '--once',
    '--studies',
    'pilot,ridge',
    '--nodes',
    '6',
    '--port',
    '0',
    '--home',
    home,
  );
  assert.equal(code, 0, String(document['error']));
  const { members, contributors, verification, data, score, sharedRidge } = document as {
    members: number;
    contributors: number;
    verification: string;
    data: string;
    score: { relwis: number; n: number };
    sharedRidge: {
      rounds: number;
      forecasts: string;
      score: { relwis: number; n: number; noise: { epsilon: number } };
    };
  };
  assert.deepEqual(
    { members, contributors, verification, data },
    { members: 6, contributors: 4, verification: 'ok', data: 'simulated' },
  );
  assert.ok(score.n > 50 && score.relwis > 0.3 && score.relwis < 1.5, JSON.stringify(score));
  const ridge = sharedRidge.score;
  assert.ok(ridge.n === score.n && ridge.relwis > 0.3 && ridge.relwis < 1.5, JSON.stringify(ridge));
  assert.ok(sharedRidge.rounds === 3 && ridge.noise.epsilon <= 4);
  assert.match(readFileSync(sharedRidge.forecasts, 'utf8'), /^origin_date,target,/);
  assert.match(readFileSync(String(document['forecasts']), 'utf8'), /^origin_date,target,/);

  const good = await madang('verify', home);
  assert.equal(good.code, 0);
  assert.equal(good.document['ok'], true);
  const foreign = await madang('verify', home, '--root', 'ab'.repeat(32));
  assert.equal(foreign.code, 1);

  const files = globSync(join(home, '**/tile/**')).filter(f => statSync(f).isFile());
  assert.ok(files.length >= 14);
  // The first and the last of them, and one in the middle: the hub's own and members' copies.
  for (const file of [files[0], files[Math.floor(files.length / 2)], files[files.length - 1]]) {
    const bytes = readFileSync(file);
    const spoilt = Buffer.from(bytes);
    spoilt[Math.floor(spoilt.length / 2)] ^= 1;
    writeFileSync(file, spoilt);
    const bad = await madang('verify', home);
    assert.equal(bad.code, 1, file);
    assert.equal(bad.document['ok'], false);
    assert.ok(String(bad.document['at']).length > 0 && String(bad.document['reason']).length > 0);
    writeFileSync(file, bytes);
  }
  assert.equal((await madang('verify', home)).code, 0);
});

test('wrong use is told from failure', async () => {
  assert.equal((await madang('demo', '--nodes', '3')).code, 2);
  assert.equal((await madang('demo', '--data', '/nowhere')).code, 2);
  assert.equal((await madang('demo', '--studies', 'pilot,moon')).code, 2);
  assert.equal((await madang('verify', '/nowhere')).code, 3);
});
