// Threads for large state vectors, started only where there is enough to do for them.
import { Worker } from 'node:worker_threads';
import type { Crew } from '@madang/quantum';

/** `threads` counts the caller too. */
export function crewOf(threads: number): Crew {
  return {
    helpers: threads - 1,
    start(task) {
      const worker = new Worker(new URL('./state-worker.ts', import.meta.url), { workerData: task });
      // A helper that cannot start is only missed; one that waits does not keep the program from ending.
      worker.on('error', () => undefined);
      worker.unref();
    },
  };
}
