// A small demo for the browser's tests: six members, one simulated season, kept alive so that everything becomes final. One a test file.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { tempFolder } from '../../../scripts/temp-folder.ts';

export const CHROMIUM = '/usr/bin/chromium';

/** Why tests with a browser cannot run here; false when they can. */
export const noBrowser = existsSync(CHROMIUM)
  ? false
  : 'chromium is not installed (apt-get install --no-install-recommends chromium)';

export interface Demo {
  readonly url: string;
  readonly home: string;
  /** Root fingerprint as the demo printed it. */
  readonly root: string;
  stop(): Promise<void>;
}

/** Starts `madang demo` and resolves when it has printed its result and serves. */
export async function startDemo(season?: string): Promise<Demo> {
  const home = tempFolder('madang-web-');
  const madang = join(import.meta.dirname, '../../cli/bin/madang.js');
  const more = season === undefined ? [] : ['--season', season];
  const child = spawn(
    process.execPath,
    [madang, 'demo', '--json', '--nodes', '6', '--port', '0', '--home', home, ...more],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const stop = async () => {
    const ended = new Promise(resolve => child.once('exit', resolve));
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await ended;
    }
  };
  try {
    const line = await firstLine(child);
    const { url, root } = JSON.parse(line) as { url?: string; root?: string };
    if (url === undefined || root === undefined) throw new Error(`the demo did not serve: ${line.slice(0, 500)}`);
    return { url, home, root, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = '';
    let err = '';
    child.stderr!.on('data', (d: Buffer) => {
      err = (err + d).slice(-2000);
    });
    child.stdout!.on('data', (d: Buffer) => {
      out += d;
      if (out.includes('\n')) resolve(out.slice(0, out.indexOf('\n')));
    });
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`the demo ended with ${code}: ${err}`)));
  });
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
