// Keeps the commands whose start is part of what is promised of them, each with the frame, started and warm as a snapshot in src/generated:
// NAME.snapshot, which bin/madang starts, and NAME.node, which tells the Node that made it: size and time of change in seconds, and where it is. docs/decisions/0122.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { withoutCompiledModules } from './compiled-modules.ts';
import { warmUp } from './warm-up.ts';

const root = join(import.meta.dirname, '../..');
const launchers = join(import.meta.dirname, 'bin');
const folder = join(import.meta.dirname, 'src/generated');
mkdirSync(folder, { recursive: true });
/** The dynamic imports that belong to the snapshot; all others stay with the sources. */
await keep('climate-fair', ['./climate/fair.ts', './fair-run.ts'], warmUp());

/** Bundles the program with `inside`, runs it on small tables, given by option, and keeps what has become of it. */
async function keep(name: string, inside: readonly string[], tables: Readonly<Record<string, string>>): Promise<void> {
  const { metafile, outputFiles } = await build({
    entryPoints: [join(launchers, 'snapshot.js')],
    absWorkingDir: root,
    outfile: join(folder, `${name}.cjs`),
    write: false,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    // A snapshot cannot import, and its own `require` knows Node's modules alone: what stays with the sources is required by the loader that
    // snapshot.js makes where it lies.
    supported: { 'dynamic-import': false },
    banner: { js: 'const own = require; require = id => (globalThis.madangRequire ?? own)(id);' },
    metafile: true,
    logLevel: 'error',
    plugins: [leaveOut(inside)],
  });
  const sources = Object.keys(metafile.inputs).map(path => {
    const { size, mtimeMs } = statSync(join(root, path));
    return [relative(launchers, join(root, path)), size, Math.floor(mtimeMs / 1000)];
  });
  const scratch = mkdtempSync(join(tmpdir(), 'madang-build-'));
  const put = (file: string, text: string | Buffer) => {
    writeFileSync(join(scratch, file), text);
    return join(scratch, file);
  };
  const words = Object.entries(tables).flatMap(([option, text]) => [`--${option}`, put(option, text)]);
  const line = [...name.split('-'), ...words, '--percentiles', join(scratch, 'bands'), '--json'];
  const builder = put('program.cjs', outputFiles[0].text);
  // With what the engine has compiled: a third of the time that is left after Node's own start.
  const config = put('config.json', JSON.stringify({ builder, withoutCodeCache: false }));
  const made = join(folder, `${name}.new`);
  const env = { ...process.env, NODE_OPTIONS: '', MADANG_SNAPSHOT: JSON.stringify({ sources, words: line }) };
  try {
    execFileSync(process.execPath, ['--snapshot-blob', made, '--build-snapshot-config', config], {
      env,
      stdio: 'pipe',
    });
    const smaller = withoutCompiledModules(readFileSync(made));
    if (smaller && runs(put('smaller', smaller), line)) copyFileSync(join(scratch, 'smaller'), made);
  } finally {
    rmSync(scratch, { recursive: true });
  }
  // In this order, so that a command that starts now meets no snapshot with another one's Node.
  rmSync(join(folder, `${name}.node`), { force: true });
  renameSync(made, join(folder, `${name}.snapshot`));
  const { size, mtimeMs } = statSync(process.execPath);
  writeFileSync(join(folder, `${name}.node`), `${size}:${Math.floor(mtimeMs / 1000)}\n${process.execPath}\n`);
  console.log(`built apps/cli ${name}: ${sources.length} sources`);
}

/** Whether the command runs from a snapshot. */
function runs(snapshot: string, line: readonly string[]): boolean {
  const flags = ['--no-rehash-snapshot', '--snapshot-blob', snapshot];
  const { status, stdout } = spawnSync(process.execPath, [...flags, join(launchers, 'madang.js'), ...line]);
  return status === 0 && stdout.toString().startsWith('{"ok":true');
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
