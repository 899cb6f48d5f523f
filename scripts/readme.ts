// The examples of a package's README, for its readme.test.ts: each ```ts block runs as it stands, in a process of its own, from the package's folder.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What each example prints. `given` may put into an example what the README takes as given. Throws with what a failing one says. */
export function printedBy(home: string, given = (code: string) => code): readonly string[] {
  const text = readFileSync(join(home, 'README.md'), 'utf8');
  const examples = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(m => m[1]);
  if (examples.length === 0) throw new Error(`${home}/README.md has no example`);
  return examples.map((code, i) => {
    const run = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', given(code)], {
      cwd: home,
      encoding: 'utf8',
      env: { ...process.env, FORCE_COLOR: '0' },
    });
    if (run.status !== 0) throw new Error(`example ${i + 1} of ${home}/README.md: ${run.stderr}`);
    return run.stdout;
  });
}
