// Batches of power flows over worker threads: each thread reads nothing, gets the case's text, and takes a range of the cases.
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { BatchResult, Grid } from '@madang/energy';
import { CommandError, type Io, type Options, type Outcome } from '../command.ts';

/** What a thread is told. */
export interface BatchJob {
  readonly text: string;
  readonly first: number;
  readonly count: number;
  readonly spread: number;
  readonly seed: string;
  readonly reactiveLimits: boolean;
}

/** Cases a thread solves between two signs of life. */
const CHUNK = 64;

export async function runBatch(path: string, grid: Grid, options: Options, io: Io): Promise<Outcome> {
  const cases = whole(options['cases'], '--cases', 1, 10_000_000);
  const threads = Math.min(
    Math.ceil(cases / CHUNK),
    options['threads'] === undefined ? availableParallelism() : whole(options['threads'], '--threads', 1, 512),
  );
  const spread = Number(options['spread']);
  if (!(spread >= 0 && spread < 1))
    throw new CommandError(`--spread ${options['spread']}: a share from 0 to below 1 is needed`, 2);
  const text = (await readFile(path)).toString('utf8');
  const start = performance.now();
  const progress = io.progress('power flows', cases);
  let next = 0;
  const parts: { first: number; result: BatchResult }[] = [];
  const work = async () => {
    const worker = new Worker(new URL('./pf-worker.ts', import.meta.url));
    try {
      while (next < cases) {
        const first = next;
        const count = Math.min(CHUNK, cases - first);
        next += count;
        const job: BatchJob = {
          text,
          first,
          count,
          spread,
          seed: String(options['seed']),
          reactiveLimits: options['reactiveLimits'] === true,
        };
        const result = await ask(worker, job);
        parts.push({ first, result });
        progress.tick(count);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
  progress.done();
  const seconds = (performance.now() - start) / 1000;
  parts.sort((a, b) => a.first - b.first);
  const all = (f: (r: BatchResult) => ArrayLike<number>) => parts.flatMap(p => Array.from(f(p.result)));
  const converged = all(r => r.converged).reduce((s, v) => s + v, 0);
  const good = all(r => r.converged);
  const kept = (list: number[]) => list.filter((_, i) => good[i] === 1);
  const lowest = kept(all(r => r.lowestPu));
  const losses = kept(all(r => r.lossMw));
  const mean = losses.reduce((s, v) => s + v, 0) / Math.max(1, losses.length);
  return {
    json: {
      ok: converged > 0,
      cases,
      converged,
      threads,
      seconds,
      perSecond: cases / seconds,
      lowestVoltagePu: lowest.length > 0 ? Math.min(...lowest) : null,
      meanLossMw: losses.length > 0 ? mean : null,
    },
    text: `${grid.name}: ${converged} of ${cases} cases converged, ${(cases / seconds).toFixed(0)} a second on ${threads} threads, mean losses ${mean.toFixed(2)} MW`,
    exit: converged > 0 ? 0 : 1,
  };
}

function ask(worker: Worker, job: BatchJob): Promise<BatchResult> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      finish();
    };
    const onMessage = (result: BatchResult) => settle(() => resolve(result));
    const onError = (error: Error) => settle(() => reject(error));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage(job);
  });
}

function whole(value: unknown, name: string, low: number, high: number): number {
  const x = Number(value);
  if (!(Number.isInteger(x) && x >= low && x <= high))
    throw new CommandError(`${name} ${String(value)}: a whole number from ${low} to ${high} is needed`, 2);
  return x;
}
