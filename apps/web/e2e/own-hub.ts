// A hub of its own for a browser test: founded folder, no members, started with the environment that the test needs.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { tempFolder } from '../../../scripts/temp-folder.ts';

export interface OwnHub {
  readonly url: string;
  stop(): Promise<void>;
}

/** `computed`: pages that the science thread computes at their first call; asked for here, so that no page in the browser waits for it on a busy machine. */
export async function startOwnHub(
  env: Readonly<Record<string, string>>,
  computed: readonly string[] = [],
): Promise<OwnHub> {
  const home = tempFolder('madang-hub-');
  const madang = join(import.meta.dirname, '../../cli/bin/madang.js');
  const made = spawnSync(process.execPath, [
    ...[madang, 'hub', 'init', '--home', home, '--origin', 'demo/science', '--port', '0'],
  ]);
  assert.equal(made.status, 0, String(made.stderr));
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../hub/src/main.ts'), home], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async () => {
    if (child.exitCode === null) {
      const ended = new Promise(resolve => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    }
  };
  try {
    const url = await listening(child);
    for (const path of computed) await (await fetch(url + path)).arrayBuffer();
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let err = '';
    child.stderr!.on('data', (d: Buffer) => {
      err += d;
    });
    child.stdout!.on('data', (d: Buffer) => {
      const found = /listening (\S+)/.exec(String(d))?.[1];
      if (found) resolve(found);
    });
    child.once('exit', code => reject(new Error(`the hub ended with ${code}: ${err}`)));
  });
}
