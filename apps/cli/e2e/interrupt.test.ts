// However a demo is ended, no process of it stays: Ctrl-C at any time, and even when the demo itself is killed. The port that another program has is named.
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { tempFolder } from '../../../scripts/temp-folder.ts';

const bin = join(import.meta.dirname, '../bin/madang.js');

/** Starts a demo in a new folder under `home` and resolves once its stderr shows `line`. */
async function demoUntil(line: RegExp): Promise<{ demo: ChildProcess; home: string; ended: Promise<number | null> }> {
  const home = tempFolder('madang-interrupt-');
  const args = [bin, 'demo', '--nodes', '6', '--port', '0', '--json'];
  const demo = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: home },
  });
  const ended = new Promise<number | null>(resolve => demo.once('close', resolve));
  let said = '';
  await new Promise<void>((resolve, reject) => {
    demo.stderr!.on('data', chunk => {
      said += chunk;
      if (line.test(said)) resolve();
    });
    demo.once('exit', code => reject(new Error(`ended with ${code}: ${said}`)));
  });
  demo.stdout!.resume();
  return { demo, home, ended };
}

/** Processes that work in a folder. */
function processesIn(home: string): string[] {
  return execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter(l => l.includes(home));
}

const demosIn = (home: string) => readdirSync(home).filter(f => f.startsWith('madang-demo-')).length;

async function goneWithin(home: string, seconds: number): Promise<void> {
  for (let i = 0; i < seconds * 5 && processesIn(home).length > 0; i++) await delay(200);
  assert.deepEqual(processesIn(home), []);
}

for (const [when, line] of [
  ['while keys are made', /Keys and folders/],
  ['while members join', /Members joined: [2-6]/],
] as const)
  test(`Ctrl-C ${when} leaves no process and no folder`, async () => {
    const { demo, home, ended } = await demoUntil(line);
    assert.equal(demosIn(home), 1);
    demo.kill('SIGINT');
    assert.notEqual(await ended, null);
    await goneWithin(home, 5);
    assert.equal(demosIn(home), 0);
  });

test('a demo that is killed takes its processes along', async () => {
  const { demo, home, ended } = await demoUntil(/Members joined: [2-6]/);
  assert.ok(processesIn(home).length > 6);
  demo.kill('SIGKILL');
  await ended;
  await goneWithin(home, 15);
});

test('a port that is taken is named, and nothing stays', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const home = tempFolder('madang-port-');
  const args = [bin, 'demo', '--nodes', '6', '--port', String(port), '--home', home, '--json'];
  const demo = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let out = '';
  demo.stdout.on('data', chunk => {
    out += chunk;
  });
  assert.equal(await new Promise(resolve => demo.once('close', resolve)), 1);
  assert.match(JSON.parse(out).error, new RegExp(`cannot listen on 127.0.0.1:${port}: another program has this port`));
  await goneWithin(home, 5);
  server.close();
});
