// The demo's processes: each started with its own folder, its log kept beside it, ended by its own id. None survives the demo.
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly name: string;
  readonly process: ChildProcess;
  /** The first line it printed. */
  readonly ready: Promise<string>;
}

/** Starts a program of ours in a child process; its stderr goes to `logFile`. The child ends when its stdin closes, so it cannot outlive us. */
export function startChild(
  name: string,
  module: string,
  home: string,
  logFile: string,
  env: Record<string, string> = {},
): Child {
  mkdirSync(dirname(logFile), { recursive: true });
  const child = spawn(process.execPath, [fileURLToPath(import.meta.resolve(module)), home], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env, MADANG_EXIT_WITH_PARENT: '1' },
  });
  child.stderr.pipe(createWriteStream(logFile, { flags: 'a' }));
  let last = '';
  child.stderr.on('data', (chunk: Buffer) => {
    last = chunk.toString().trim().split('\n').at(-1) ?? last;
  });
  child.stdin.on('error', () => undefined);
  const ready = new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
    });
    child.once('error', reject);
    // Not 'exit': what it said last may still be on its way.
    child.once('close', code =>
      reject(
        new Error(`${name} ended with exit ${code} before it was ready: ${last || 'it said nothing'}; see ${logFile}`),
      ),
    );
  });
  // A child that dies early is reported by whoever waits for it.
  ready.catch(() => undefined);
  return { name, process: child, ready };
}

/** Asks all to end, waits, and ends by force what has not ended in time. */
export async function stopChildren(children: readonly Child[], milliseconds = 5000): Promise<void> {
  const ended = (c: Child) => c.process.exitCode !== null || c.process.signalCode !== null;
  const exits = children.filter(c => !ended(c)).map(c => new Promise(resolve => c.process.once('exit', resolve)));
  for (const c of children) if (!ended(c)) c.process.kill('SIGTERM');
  const force = setTimeout(() => {
    for (const c of children) if (!ended(c)) c.process.kill('SIGKILL');
  }, milliseconds);
  await Promise.all(exits);
  clearTimeout(force);
}
