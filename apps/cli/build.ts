// Bundles the commands whose start is part of what is promised of them, each with the frame, into src/generated/NAME.cjs. Beside it NAME.json lists
// every source with size and time of change: bin/madang.js takes a bundle only while all of them agree, and else the sources (docs/decisions/0120).
import { mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** By bundle (group and command, as typed): the dynamic imports that belong to it. All others stay with the sources. */
const bundles = { 'climate-fair': ['./climate/fair.ts', './fair-run.ts'] };

const root = join(import.meta.dirname, '../..');
const folder = join(import.meta.dirname, 'src/generated');
mkdirSync(folder, { recursive: true });
for (const [name, inside] of Object.entries(bundles)) {
  const { metafile, outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'src/main.ts')],
    absWorkingDir: root,
    write: false,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    metafile: true,
    logLevel: 'error',
    plugins: [leaveOut(inside)],
  });
  const sources = Object.keys(metafile.inputs).map(path => {
    const { size, mtimeMs } = statSync(join(root, path));
    return [relative(folder, join(root, path)), size, mtimeMs];
  });
  put(`${name}.cjs`, outputFiles[0].text);
  put(`${name}.json`, JSON.stringify(sources));
  console.log(`built apps/cli ${name}: ${sources.length} sources`);
}

/** Writes a file whole, since a command may be starting from the one before. */
function put(name: string, text: string): void {
  writeFileSync(join(folder, `${name}.new`), text);
  renameSync(join(folder, `${name}.new`), join(folder, name));
}

function leaveOut(inside: readonly string[]): Plugin {
  return {
    name: 'leave-out',
    setup(b) {
      b.onResolve({ filter: /./ }, ({ kind, path, importer }) => {
        if (kind !== 'dynamic-import' || inside.includes(path)) return undefined;
        const local = path.startsWith('.');
        return { external: true, path: local ? relative(folder, resolve(dirname(importer), path)) : path };
      });
    },
  };
}
