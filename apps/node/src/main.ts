// The node's process: `node main.ts HOME`. HOME has config.json, keys/, data/. Prints `running ORG` on stdout when it has started.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startNode } from './node.ts';

const [home] = process.argv.slice(2);
if (!home) {
  console.error('usage: node HOME');
  process.exit(2);
}
let name = 'node';
const say = (line: string) => console.error(`${new Date().toISOString()} ${name} ${line}`);

try {
  mkdirSync(home, { recursive: true });
  takeFolder(home);
  const node = await startNode(home, say);
  name = node.config.org;
  console.log(`running ${name}`);
  const stop = () => {
    node.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // A demo's nodes end with the terminal that started them.
  if (process.env['MADANG_EXIT_WITH_PARENT']) process.stdin.on('end', stop).resume();
} catch (error) {
  say(`cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
process.on('unhandledRejection', reason =>
  say(`unexpected: ${reason instanceof Error ? reason.message : String(reason)}`),
);

/** Two nodes with one set of keys would contradict each other: the kernel frees this lock on kill -9. */
function takeFolder(folder: string): void {
  const db = new DatabaseSync(join(folder, 'lock.sqlite'));
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch {
    throw new Error(`another node works in ${folder}; stop it first`);
  }
}
