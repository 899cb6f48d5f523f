#!/usr/bin/env node
// Launcher: plain JavaScript that any Node can parse, so that an old one gets a sentence and not a stack trace.
const words = process.argv.slice(2);
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `madang needs Node 24 or newer; this is ${process.version}.\n` +
      'In a checkout, run "npm install" (it brings Node 24 along) and start it with "npx madang …" or "npm run …".',
  );
  process.exit(2);
}
// Compiled code is kept between runs: a command then starts in a third of the time. The folder is Node's own choice under the system's temporary one.
const cache = require('node:module').enableCompileCache?.().directory;
// Threads and child processes do not inherit it otherwise: each would compile all its modules anew.
if (cache) process.env.NODE_COMPILE_CACHE ??= cache;
import('../src/main.ts').then(async ({ main }) => {
  process.exitCode = await main(words);
});
