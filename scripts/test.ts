// npm test: runs every *.test.ts with node's own runner, then names what was skipped and why. Ends with `N passed, N failed, N skipped`.
// A file has a temporary folder of its own, and fails when it leaves something there. Progress goes to stderr.
import { chmodSync, globSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { parseArgs } from 'node:util';
import { duration, keepSeconds, lastSeconds, longestFirst, secondsLeft } from './test-pace.ts';

const USAGE = `npm test [-- option … pattern …]
Runs the test files whose path contains a pattern; all without one.
  --strict     a skip is a failure, unless its reason begins with "optional:" (CI)
  --slowest    name the slowest files and tests at the end
  --at-once N  files at a time (default: as many as there are cores, 2 to 4)
  --keep       leave the temporary folders of the tests
  --verbose    name every test that passed, and print what tests print`;

const root = join(import.meta.dirname, '..');
/** A journey's processes and a browser take up to 1.5 GB. */
const atOnce = Math.max(2, Math.min(4, availableParallelism(), Math.floor(totalmem() / 2e9)));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    strict: { type: 'boolean', default: false },
    slowest: { type: 'boolean', default: false },
    'at-once': { type: 'string', default: String(atOnce) },
    keep: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

const cache = join(root, 'node_modules/.cache');
const pace = join(cache, 'test-seconds.json');
const last = lastSeconds(pace);
const files = longestFirst(
  globSync('{apps,packages,science,conformance,bench,scripts}/**/*.test.ts', {
    cwd: root,
    exclude: p => p.includes('node_modules'),
  }).filter(f => positionals.length === 0 || positionals.some(p => f.includes(p))),
  last,
);

// A PostgreSQL that a test starts is another user's process, and works in here too.
const temporary = mkdtempSync(join(tmpdir(), 'madang-test-'));
chmodSync(temporary, 0o755);
// What a test had started may still write for a moment when the run is interrupted.
const remove = { recursive: true, force: true, maxRetries: 10, retryDelay: 200 };
process.once('exit', () => values.keep || rmSync(temporary, remove));
const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    // Takes the files that run along; what these had started ends by itself, a little later.
    ended.abort();
    setTimeout(() => process.exit(130), 5000);
  });

let passed = 0;
let failed = 0;
const skipped: { readonly name: string; readonly why: string }[] = [];
const seconds: Record<string, number> = {};
const tests: { readonly name: string; readonly seconds: number }[] = [];
const started = performance.now();
const elapsed = () => (performance.now() - started) / 1000;
const say = (text: string) => process.stderr.write(`${text}\n`);

say(`${files.length} test files, ${values['at-once']} at a time`);
const queue = files.entries();
await Promise.all(Array.from({ length: Number(values['at-once']) }, lane));
keepSeconds(pace, seconds);

async function lane(): Promise<void> {
  for (const [i, file] of queue) {
    if (ended.signal.aborted) return;
    const folder = join(temporary, String(i));
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    const at = elapsed();
    let bad = await runFile(file, folder);
    const left = readdirSync(folder);
    if (left.length > 0 && !values.keep) bad += fail(file, 'left in the temporary folder', left.join(', '));
    failed += bad;
    if (!values.keep) rmSync(folder, remove);
    seconds[file] = elapsed() - at;
    const done = new Set(Object.keys(seconds));
    const rest =
      files.length === done.size ? '' : `, about ${duration(secondsLeft(files, done, elapsed(), last))} left`;
    say(`${done.size} of ${files.length}${rest}: ${file} ${seconds[file].toFixed(1)} s${bad ? `, ${bad} FAILED` : ''}`);
  }
}

/** Prints a failure, which is one. */
function fail(file: string, name: string, why: string): number {
  console.log(`not ok ${file}: ${name}\n  ${why.replaceAll('\n', '\n  ')}`);
  return 1;
}

/** The number of failures. Node 24 takes .ts files as they are; what it compiled is kept, for a journey starts a dozen processes. */
async function runFile(file: string, folder: string): Promise<number> {
  let bad = 0;
  const env = {
    NODE_COMPILE_CACHE: join(cache, 'node-compile'),
    ...process.env,
    TMPDIR: folder,
    ...(values.keep ? { MADANG_KEEP: '1' } : {}),
  };
  const stream = run({ files: [join(root, file)], timeout: 600_000, env, signal: ended.signal });
  stream.on('test:fail', e => {
    if (e.details.type === 'suite') return;
    const cause = e.details.error.cause ?? e.details.error;
    bad += fail(file, e.name, cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
  });
  stream.on('test:pass', e => {
    if (e.details.type === 'suite') return;
    if (e.skip !== undefined && e.skip !== false) {
      skipped.push({
        name: `${file}: ${e.name}`,
        why: typeof e.skip === 'string' && e.skip ? e.skip : 'no reason given',
      });
      return;
    }
    passed += 1;
    tests.push({ name: `${file}: ${e.name}`, seconds: e.details.duration_ms / 1000 });
    if (values.verbose) console.log(`ok ${file}: ${e.name}`);
  });
  stream.on('test:stdout', e => values.verbose && process.stdout.write(e.message));
  stream.on('test:stderr', e => values.verbose && process.stderr.write(e.message));
  await new Promise(resolve => stream.on('close', resolve).resume());
  return bad;
}

if (values.slowest) {
  const list = (rows: readonly { name: string; seconds: number }[]) =>
    [...rows]
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, 25)
      .map(r => `  ${r.seconds.toFixed(1).padStart(6)} s  ${r.name}`)
      .join('\n');
  console.log(`\nSlowest files:\n${list(Object.entries(seconds).map(([name, s]) => ({ name, seconds: s })))}`);
  console.log(`\nSlowest tests:\n${list(tests)}`);
}
if (skipped.length > 0) {
  console.log(`\nSkipped on this machine${values.strict ? ' (a failure here, unless optional)' : ''}:`);
  for (const [why, tests] of Map.groupBy(skipped, s => s.why))
    console.log([`  ${why}:`, ...tests.map(t => `    ${t.name}`)].join('\n'));
}
// What needs a third party's checkout that no machine has by itself says "optional"; everything else must run in CI.
const bad = failed + (values.strict ? skipped.filter(s => !s.why.startsWith('optional:')).length : 0);
console.log(`\n${passed} passed, ${bad} failed${values.strict ? '' : `, ${skipped.length} skipped`}`);
process.exitCode = bad === 0 && passed > 0 ? 0 : 1;
