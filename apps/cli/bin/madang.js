#!/usr/bin/env node
// Launcher: plain JavaScript that any Node can parse, so that an old one gets a sentence and not a stack trace.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `madang needs Node 24 or newer; this is ${process.version}.\n` +
      'In a checkout, run "npm install" (it brings Node 24 along) and start it with "npx madang …" or "npm run …".',
  );
  process.exit(2);
}
// Compiled code is kept between runs: a command then starts in a third of the time. The folder is Node's own choice under the system's temporary one.
const { enableCompileCache } = await import('node:module');
enableCompileCache?.();
const { main } = await import('../src/main.ts');
process.exitCode = await main(process.argv.slice(2));
