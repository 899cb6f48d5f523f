// Bundles the commands whose start is part of what is promised of them, each with the frame, into src/generated: NAME.script, which bin/bundle.js
// loads; NAME.json, every source with size and time of change, since a bundle holds only while all of them agree; NAME.compiled, the engine's code
// after a small run. docs/decisions/0120.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { warmUp } from './warm-up.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(import.meta.dirname, 'src/generated');
mkdirSync(folder, { recursive: true });
/** The dynamic imports that belong to the bundle; all others stay with the sources. */
await bundle('climate-fair', ['./climate/fair.ts', './fair-run.ts']);
compile('climate-fair', warmUp());

async function bundle(name: string, inside: readonly string[]): Promise<void> {
  const { metafile, outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'src/main.ts')],
    absWorkingDir: root,
    outfile: join(folder, `${name}.script`),
    write: false,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    banner: { js: '(function (module, require) {' },
    footer: { js: '})' },
    target: 'node24',
    // A script cannot import; it requires, by the loader's leave, also what stays with the sources.
    supported: { 'dynamic-import': false },
    metafile: true,
    logLevel: 'error',
    plugins: [leaveOut(inside)],
  });
  const sources = Object.keys(metafile.inputs).map(path => {
    const { size, mtimeMs } = statSync(join(root, path));
    return [relative(folder, join(root, path)), size, mtimeMs];
  });
  rmSync(join(folder, `${name}.compiled`), { force: true });
  put(`${name}.script`, outputFiles[0].text);
  put(`${name}.json`, JSON.stringify(sources));
  console.log(`built apps/cli ${name}: ${sources.length} sources`);
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

/** Runs the bundled command once on small tables, given by option, and keeps what the engine has compiled by then. */
function compile(name: string, tables: Readonly<Record<string, string>>): void {
  const scratch = mkdtempSync(join(tmpdir(), 'madang-build-'));
  const at = (file: string) => join(scratch, file);
  const words = Object.entries(tables).flatMap(([option, text]) => {
    writeFileSync(at(option), text);
    return [`--${option}`, at(option)];
  });
  const program = `
    const [, loader, folder, name, out, ...words] = process.argv;
    const { script, main } = require(loader).load(folder, name);
    main(words).then(code => {
      if (code !== 0) process.exit(code);
      require('node:fs').writeFileSync(out, script.createCachedData());
    });`;
  const loader = join(import.meta.dirname, 'bin/bundle.js');
  const line = [...name.split('-'), ...words, '--percentiles', at('bands'), '--json'];
  execFileSync(process.execPath, ['-e', program, loader, folder, name, at('compiled'), ...line], { stdio: 'pipe' });
  renameSync(at('compiled'), join(folder, `${name}.compiled`));
  rmSync(scratch, { recursive: true });
}

/** Writes a file whole, since a command may be starting from the one before. */
function put(name: string, text: string): void {
  writeFileSync(join(folder, `${name}.new`), text);
  renameSync(join(folder, `${name}.new`), join(folder, name));
}
