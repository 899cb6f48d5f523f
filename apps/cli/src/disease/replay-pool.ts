// Runs blocks of rounds on worker threads and keeps each finished block in a side file, so that an interrupted replay goes on.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RawForecast } from '@madang/disease';
import { CommandError, type Progress } from '../command.ts';
import type { BlockAnswer, BlockTask } from './replay-worker.ts';

export interface PoolOptions {
  readonly threads: number;
  /** Folder for finished blocks; removed when all are done. */
  readonly resume: string;
  readonly progress: Progress;
}

/** Forecasts of every task, in task order. Throws CommandError with the worker's message when one fails. */
export async function runBlocks(tasks: readonly BlockTask[], options: PoolOptions): Promise<RawForecast[][]> {
  const results = new Array<RawForecast[] | undefined>(tasks.length);
  await mkdir(options.resume, { recursive: true });
  const keys = await Promise.all(tasks.map(keyOf));
  const waiting: BlockTask[] = [];
  for (const [i, task] of tasks.entries()) {
    results[i] = await load(join(options.resume, `${keys[i]}.json`));
    if (results[i]) options.progress.tick(task.rounds.length);
    else waiting.push(task);
  }
  const store = async (task: BlockTask, forecasts: readonly RawForecast[]) => {
    results[task.id] = [...forecasts];
    const path = join(options.resume, `${keys[task.id]}.json`);
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
  await rm(options.resume, { recursive: true, force: true });
  return results.map(r => r ?? []);
}

const startWorker = () => new Worker(new URL('./replay-worker.ts', import.meta.url));

function ask(worker: Worker, task: BlockTask, tick: () => void): Promise<readonly RawForecast[]> {
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
        if (a.kind === 'done') resolve(a.forecasts);
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
  const files = await Promise.all(
    task.folders.map(async f => {
      const s = await stat(join(f.path, 'vintages.csv'));
      return [f.hub, s.size, s.mtimeMs];
    }),
  );
  const { id: _, folders: __, ...rest } = task;
  return createHash('sha256')
    .update(JSON.stringify([rest, files, VERSION]))
    .digest('hex')
    .slice(0, 32);
}

/** Raised whenever the models change, so that old blocks are not taken for new ones. */
const VERSION = 3;

function save(forecasts: readonly RawForecast[]): string {
  return JSON.stringify(forecasts.map(f => ({ ...f, increments: Array.from(f.increments) })));
}

async function load(path: string): Promise<RawForecast[] | undefined> {
  try {
    const rows = JSON.parse(await readFile(path, 'utf8')) as (Omit<RawForecast, 'increments'> & {
      increments: (number | null)[];
    })[];
    return rows.map(r => ({ ...r, increments: Float64Array.from(r.increments, v => v ?? Number.NaN) }));
  } catch {
    return undefined;
  }
}
