// The program that build.ts keeps as a snapshot: the frame and one command, after a small run that has made what is made at first use.
// It serves only while size and time of change of every source agree; else the launcher starts from the sources, in this process.
const { realpathSync, statSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');
const { startupSnapshot } = require('node:v8');
const { main } = require('../src/main.ts');
// Needed when stdout is first written to; loaded here, so that they are in the snapshot.
require('node:net');
require('node:tty');

/** From build.ts: the sources (path from this folder, size, time of change in seconds) and the command line of the small run. */
const { sources, words } = JSON.parse(process.env.MADANG_SNAPSHOT);

startupSnapshot.setDeserializeMainFunction(() => {
  // As the shell had it, so perhaps relative or through npm's links: with a snapshot Node leaves that to the program.
  const launcher = realpathSync(process.argv[1]);
  const folder = dirname(launcher);
  const same = agree(folder);
  if (process.env.MADANG_DEBUG)
    console.error(
      `madang: started from ${same ? 'its snapshot' : 'the sources, since they have changed after the snapshot: npm run prepare'}`,
    );
  if (!same) return createRequire(launcher)(launcher);
  globalThis.madangRequire = createRequire(join(folder, '../src/generated/snapshot'));
  // Ends at once when all is written: taking the heap down in order costs more than it is worth for a process that is over.
  main(process.argv.slice(2)).then(code => process.stdout.write('', () => process.exit(code)));
});

warmUp();

function agree(folder) {
  try {
    return sources.every(([path, size, seconds]) => {
      const now = statSync(join(folder, path));
      return now.size === size && Math.floor(now.mtimeMs / 1000) === seconds;
    });
  } catch {
    return false;
  }
}

/** A stream that is opened here would be part of the snapshot, so the small run speaks to nobody. */
async function warmUp() {
  const stdout = Object.getOwnPropertyDescriptor(process, 'stdout');
  Object.defineProperty(process, 'stdout', { configurable: true, value: { write() {} } });
  const code = await main(words);
  Object.defineProperty(process, 'stdout', stdout);
  if (code !== 0) process.exit(code);
}
