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
const name = words.slice(0, 2).join('-');
const bundle = /^[a-z-]+$/.test(name) ? require('./bundle.js').load(`${__dirname}/../src/generated`, name) : undefined;
if (bundle) {
  // Ends at once when all is written: taking the heap down in order costs more than it is worth for a process that is over.
  bundle.main(words).then(code => process.stdout.write('', () => process.exit(code)));
} else {
  // Compiled code is kept between runs: a command then starts in a third of the time. The folder is Node's own choice under the system's temporary one.
  require('node:module').enableCompileCache?.();
  import('../src/main.ts').then(async ({ main }) => {
    process.exitCode = await main(words);
  });
}
