// npm test [-- pattern …]: runs every *.test.ts with node's own runner, then names what was skipped and why.
// `--strict` (CI) turns a skip into a failure, unless its reason begins with "optional:". Ends with `N passed, N failed, N skipped`.
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';

const root = join(import.meta.dirname, '..');
const args = process.argv.slice(2);
const strict = args.includes('--strict');
const patterns = args.filter(a => !a.startsWith('--'));
const files = globSync('{apps,packages,science,conformance,bench,scripts,examples}/**/*.test.ts', {
  cwd: root,
  exclude: p => p.includes('node_modules'),
})
  .filter(f => patterns.length === 0 || patterns.some(p => f.includes(p)))
  .map(f => join(root, f))
  .sort();

let passed = 0;
let failed = 0;
const skipped: string[] = [];
const where = (file: string | undefined) => (file ? file.slice(root.length + 1) : '');
// Node 24 takes .ts files as they are; two files at a time keeps the servers that tests start within their time limits.
const stream = run({ files, concurrency: 2, timeout: 600_000 });
stream.on('test:fail', e => {
  if (e.details.type === 'suite') return;
  failed += 1;
  const cause = e.details.error.cause ?? e.details.error;
  console.log(`not ok ${where(e.file)}: ${e.name}`);
  console.log(
    `  ${(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)).replaceAll('\n', '\n  ')}`,
  );
});
stream.on('test:pass', e => {
  if (e.details.type === 'suite') return;
  if (e.skip !== undefined && e.skip !== false) {
    skipped.push(`${where(e.file)}: ${e.name}: ${typeof e.skip === 'string' && e.skip ? e.skip : 'no reason given'}`);
  } else {
    passed += 1;
    if (process.stdout.isTTY || process.env['VERBOSE']) console.log(`ok ${where(e.file)}: ${e.name}`);
  }
});
stream.on('test:stdout', e => process.env['VERBOSE'] && process.stdout.write(e.message));
stream.on('test:stderr', e => process.env['VERBOSE'] && process.stderr.write(e.message));
await new Promise(resolve => stream.on('close', resolve).resume());

if (skipped.length > 0) {
  console.log(`\nSkipped on this machine${strict ? ' (a failure here, unless optional)' : ''}:`);
  for (const s of skipped) console.log(`  ${s}`);
}
// What needs a third party's checkout that no machine has by itself says "optional"; everything else must run in CI.
const bad = failed + (strict ? skipped.filter(s => !s.includes(': optional: ')).length : 0);
console.log(`\n${passed} passed, ${bad} failed${strict ? '' : `, ${skipped.length} skipped`}`);
process.exitCode = bad === 0 && passed > 0 ? 0 : 1;
