// Worker threads for large ensembles: each reads the input itself once and then runs blocks of members.
import { Worker } from 'node:worker_threads';
import type { BlockResult, BlockTask } from './fair-block.ts';

export interface Pool {
  run(task: BlockTask): Promise<BlockResult>;
  close(): Promise<void>;
}

/** A pool of `size` threads; tasks go to whichever is free, in the order they came. */
export function pool(size: number): Pool {
  interface Job {
    readonly task: BlockTask;
    readonly resolve: (r: BlockResult) => void;
    readonly reject: (e: Error) => void;
  }
  const waiting: Job[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Job>();
  const workers = Array.from({ length: size }, () => new Worker(new URL('./fair-worker.ts', import.meta.url)));
  const next = () => {
    while (idle.length > 0 && waiting.length > 0) {
      const worker = idle.pop()!;
      const job = waiting.shift()!;
      busy.set(worker, job);
      worker.postMessage(job.task);
    }
  };
  for (const worker of workers) {
    const settle = (done: (job: Job) => void) => {
      const job = busy.get(worker);
      busy.delete(worker);
      if (job) done(job);
    };
    worker.on('message', (m: { ok: true; result: BlockResult } | { ok: false; error: Error }) => {
      settle(job => (m.ok ? job.resolve(m.result) : job.reject(m.error)));
      idle.push(worker);
      next();
    });
    worker.on('error', error => settle(job => job.reject(error as Error)));
    idle.push(worker);
  }
  return {
    run: task =>
      new Promise((resolve, reject) => {
        waiting.push({ task, resolve, reject });
        next();
      }),
    close: async () => {
      await Promise.all(workers.map(w => w.terminate()));
    },
  };
}
