// Programs to measure against, outside the repository: under MADANG_PEERS, or a folder of their own in the system's temporary folder.
// Built or installed when first asked for; where that fails the reason is kept and printed beside the figure.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folder = process.env['MADANG_PEERS'] ?? join(tmpdir(), 'madang-peers');

export type Peer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** One line of bench/peers/libprio: seconds for one report of one type, and a whole report in hex. */
export interface LibprioTiming {
  readonly name: string;
  readonly shard: number;
  readonly verify: number;
  readonly publicShare: string;
  readonly inputShares: readonly string[];
  readonly verifierShares: readonly string[];
}

/** Builds libprio-rs with cargo and runs it once; `chunks` are `name=chunkLength` words. */
export async function libprio(chunks: readonly string[]): Promise<Peer<LibprioTiming[]>> {
  const manifest = join(import.meta.dirname, '../../../peers/libprio/Cargo.toml');
  const target = join(folder, 'target');
  try {
    const env = { ...process.env, CARGO_TARGET_DIR: target };
    await run('cargo', ['build', '--release', '--locked', '--quiet', '--manifest-path', manifest], { env });
    const { stdout } = await run(join(target, 'release/libprio-peer'), [...chunks], { maxBuffer: 1 << 28 });
    const value = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as LibprioTiming);
    return { ok: true, value };
  } catch (error) {
    return { ok: false, why: `not built: ${firstLine(error)}` };
  }
}

export interface Divviup {
  readonly Prio3Histogram: new (o: object) => DivviupPrio3;
  readonly Prio3SumVec: new (o: object) => DivviupPrio3;
}

export interface DivviupPrio3 {
  readonly randSize: number;
  readonly verifyKeySize: number;
  shard(m: unknown, nonce: Buffer, rand: Buffer): Promise<{ publicShare: unknown; inputShares: unknown[] }>;
  prepareInit(
    key: Buffer,
    aggId: number,
    parameter: null,
    nonce: Buffer,
    publicShare: unknown,
    inputShare: unknown,
  ): Promise<{ preparationState: unknown; preparationShare: unknown }>;
  unshardPreparationShares(parameter: null, shares: unknown[]): Promise<unknown>;
  prepareNext(state: unknown, message: unknown): unknown;
}

/** @divviup/prio3 0.8.0 (draft 8), from npm. */
export async function divviup(): Promise<Peer<Divviup>> {
  const home = join(folder, 'npm');
  const entry = join(home, 'node_modules/@divviup/prio3/dist/index.js');
  try {
    if (!existsSync(entry)) {
      mkdirSync(home, { recursive: true });
      await run('npm', ['install', '--prefix', home, '--ignore-scripts', '--no-audit', '@divviup/prio3@0.8.0']);
    }
    return { ok: true, value: (await import(pathToFileURL(entry).href)) as Divviup };
  } catch (error) {
    return { ok: false, why: `not installed: ${firstLine(error)}` };
  }
}

/** One line of bench/peers/python. */
export interface PythonTiming {
  readonly task: string;
  readonly seconds: number;
  readonly epsilon?: number;
  readonly loss?: number;
}

/** dp-accounting, OpenDP and LightGBM in a virtual environment, one thread; `rows` is the JSON file to train on. */
export async function python(rows: string): Promise<Peer<Map<string, PythonTiming>>> {
  const home = join(folder, 'python');
  const scripts = join(import.meta.dirname, '../../../peers/python');
  const ready = join(home, 'ready');
  try {
    if (!existsSync(ready)) {
      await run('python3', ['-m', 'venv', home]);
      await run(join(home, 'bin/pip'), ['install', '--quiet', '-r', join(scripts, 'requirements.txt')]);
      mkdirSync(ready);
    }
    const env = { ...process.env, OMP_NUM_THREADS: '1' };
    const { stdout } = await run(join(home, 'bin/python'), [join(scripts, 'learning_and_dp.py'), rows], { env });
    const lines = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as PythonTiming);
    return { ok: true, value: new Map(lines.map(l => [l.task, l])) };
  } catch (error) {
    return { ok: false, why: `not installed: ${firstLine(error)}` };
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0].slice(0, 160);
}
