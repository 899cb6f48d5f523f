// The node's process: `node main.ts HOME`. HOME has config.json, keys/, data/. Prints `running ORG` on stdout when it has started.
import { mkdirSync } from 'node:fs';
import { lockFolder } from '@madang/trust/lock';
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
  // Two nodes with one set of keys would contradict each other.
  const lock = lockFolder(home);
  const node = await startNode(home, say);
  name = node.config.org;
  console.log(`running ${name}`);
  const stop = () => {
    node.stop().then(
      () => {
        lock.release();
        process.exit(0);
      },
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
