// Runs blocks of rounds on worker threads and keeps each finished block in a side file, so that an interrupted replay goes on.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { CommandError, type Io, type Progress } from '../command.ts';
import type { BlockAnswer, BlockTask, Forecasts } from './replay-worker.ts';

export interface PoolOptions {
  readonly threads: number;
  /** Folder for finished blocks, removed when all are done; without one nothing is kept. */
  readonly resume?: string;
  readonly progress: Progress;
}

/** A number of worker threads; a CommandError on anything else. */
export function threadsOf(option: unknown): number {
  const threads = Math.floor(Number(option));
  if (!(threads >= 1 && threads <= 64)) throw new CommandError(`--threads takes 1 to 64, not "${option}"`, 2);
  return threads;
}

/** Progress over the rounds of all tasks. */
export function roundsProgress(io: Io, tasks: readonly { readonly rounds: readonly number[] }[]): Progress {
  return io.progress(
    'rounds',
    tasks.reduce((n, t) => n + t.rounds.length, 0),
  );
}

/** Forecasts of every task, in task order. Throws CommandError with the worker's message when one fails. */
export async function runBlocks<T extends BlockTask>(
  tasks: readonly T[],
  options: PoolOptions,
): Promise<Forecasts<T>[]> {
  const results = new Array<Forecasts<T> | undefined>(tasks.length);
  const { resume } = options;
  if (resume !== undefined) await mkdir(resume, { recursive: true });
  const keys = resume === undefined ? [] : await Promise.all(tasks.map(keyOf));
  const waiting: T[] = [];
  for (const [i, task] of tasks.entries()) {
    if (resume !== undefined) results[i] = await load(join(resume, `${keys[i]}.json`));
    if (results[i]) options.progress.tick(task.rounds.length);
    else waiting.push(task);
  }
  const store = async (task: T, forecasts: Forecasts<T>) => {
    results[task.id] = forecasts;
    if (resume === undefined) return;
    const path = join(resume, `${keys[task.id]}.json`);
    await writeFile(`${path}.new`, save(forecasts));
    await rename(`${path}.new`, path);
  };
  const workers = Array.from({ length: Math.min(options.threads, waiting.length) }, () => startWorker());
  try {
    await Promise.all(
      workers.map(async worker => {
        for (let task = waiting.shift(); task; task = waiting.shift())
          await store(task, await ask(worker, task, () => options.progress.tick()));
      }),
    );
  } finally {
    options.progress.done();
    await Promise.all(workers.map(w => w.terminate()));
  }
  if (resume !== undefined) await rm(resume, { recursive: true, force: true });
  return results.map(r => r ?? ([] as unknown as Forecasts<T>));
}

const startWorker = () => new Worker(new URL('./replay-worker.ts', import.meta.url));

function ask<T extends BlockTask>(worker: Worker, task: T, tick: () => void): Promise<Forecasts<T>> {
  return new Promise((resolve, reject) => {
    const end = () => {
      worker.off('message', hear);
      worker.off('error', fail);
    };
    const fail = (error: Error) => {
      end();
      reject(error);
    };
    const hear = (a: BlockAnswer) => {
      if (a.kind === 'tick') tick();
      else {
        end();
        if (a.kind === 'done') resolve(a.forecasts as Forecasts<T>);
        else reject(new CommandError(a.message));
      }
    };
    worker.on('message', hear);
    worker.on('error', fail);
    worker.postMessage(task);
  });
}

/** A finished block is good only for the same task on unchanged files. */
async function keyOf(task: BlockTask): Promise<string> {
  const paths = task.kind === 'weekly' ? task.folders.map(f => join(f.path, 'vintages.csv')) : [task.panel];
  const files = await Promise.all(
    paths.map(async path => {
      const s = await stat(path);
      return [path, s.size, s.mtimeMs];
    }),
  );
  const { id: _, ...rest } = task;
  return createHash('sha256')
    .update(JSON.stringify([rest, files, VERSION]))
    .digest('hex')
    .slice(0, 32);
}

/** Raised whenever the models change, so that old blocks are not taken for new ones. */
const VERSION = 23;

/** Arrays of numbers are kept as `{"f64":[…]}`; JSON has no NaN, so null stands for it. */
function save(forecasts: unknown): string {
  return JSON.stringify(forecasts, (_, v: unknown) => (v instanceof Float64Array ? { f64: Array.from(v) } : v));
}

async function load<T extends BlockTask>(path: string): Promise<Forecasts<T> | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8'), (_, v: { f64?: (number | null)[] } | null) =>
      v && typeof v === 'object' && Array.isArray(v.f64) ? Float64Array.from(v.f64, x => x ?? Number.NaN) : v,
    ) as Forecasts<T>;
  } catch {
    return undefined;
  }
}
