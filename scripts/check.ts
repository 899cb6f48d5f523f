// npm run check: format, lint, types, import rules, dead code; each prints one line, the first failure ends with exit 1 after all have run.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules/.bin', name);
const checks: readonly (readonly [what: string, command: string, ...args: string[]])[] = [
  ['format and lint', bin('biome'), 'check', '--error-on-warnings', '.'],
  ['types', bin('tsc'), '-p', '.'],
  ['import rules', process.execPath, join(root, 'scripts/imports.ts')],
  ['dead code', bin('knip'), '--no-progress'],
];

let failed = 0;
for (const [what, command, ...args] of checks) {
  const started = performance.now();
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const ok = result.status === 0;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${what} (${seconds} s)`);
  if (!ok) {
    failed += 1;
    console.log(`${result.stdout}${result.stderr}`.split('\n').slice(0, 120).join('\n'));
  }
}
console.log(`${checks.length - failed} of ${checks.length} checks passed`);
process.exitCode = failed === 0 ? 0 : 1;
