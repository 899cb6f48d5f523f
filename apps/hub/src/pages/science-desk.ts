// Asks the science thread, keeps its answers, and lets it go when nobody asks. The hub itself computes nothing that takes longer than a request may.
import { Worker } from 'node:worker_threads';
import type { Query, ScienceAnswers, ScienceQuestion, ScienceReply } from './science-worker.ts';

export interface ScienceDesk {
  /** Rejects when the thread cannot answer. Answers are kept by question; of climate's the last few. */
  ask<K extends keyof ScienceAnswers>(what: K, query?: Query): Promise<ScienceAnswers[K]>;
}

const IDLE_MS = 120_000;
const KEPT = 24;

export function scienceDesk(log: (line: string) => void): ScienceDesk {
  const kept = new Map<string, Promise<unknown>>();
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let asked = 0;

  function running(): Worker {
    clearTimeout(idle);
    if (worker) return worker;
    const w = new Worker(new URL('./science-worker.ts', import.meta.url));
    w.on('message', (r: ScienceReply) => {
      const question = waiting.get(r.id);
      waiting.delete(r.id);
      if (r.said !== undefined) log(r.said);
      if (r.ok) question?.resolve(r.value);
      else question?.reject(new Error(r.said ?? 'no answer'));
      if (waiting.size === 0) rest();
    });
    w.on('error', error => {
      worker = undefined;
      for (const q of waiting.values()) q.reject(error instanceof Error ? error : new Error(String(error)));
      waiting.clear();
    });
    w.unref();
    worker = w;
    return w;
  }

  /** A thread holds memory; the next question starts another. */
  function rest(): void {
    idle = setTimeout(() => {
      void worker?.terminate();
      worker = undefined;
    }, IDLE_MS);
    idle.unref();
  }

  return {
    ask<K extends keyof ScienceAnswers>(what: K, query: Query = {}) {
      const key = `${what} ${JSON.stringify(query)}`;
      const same = kept.get(key);
      if (same) return same as Promise<ScienceAnswers[K]>;
      const answer = new Promise<unknown>((resolve, reject) => {
        const id = asked++;
        waiting.set(id, { resolve, reject });
        running().postMessage({ id, what, query } satisfies ScienceQuestion);
      });
      kept.set(key, answer);
      // What failed may succeed another time.
      answer.catch(() => kept.delete(key));
      if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
      return answer as Promise<ScienceAnswers[K]>;
    },
  };
}
