// A worker thread of `madang disease backtest`: reads the same files and forecasts blocks of rounds.
import { parentPort } from 'node:worker_threads';
import { aloneMembers, HUBS, type RawForecast, replayBlock, togetherMembers, weeklyMembers } from '@madang/disease';
import { readChangeLog } from './files.ts';

/** What a worker is asked: one block of rounds of one signal. */
export interface BlockTask {
  readonly id: number;
  readonly hub: 'respicast' | 'flusight';
  /** Folders and whose they are, the hub's own first. */
  readonly folders: readonly { readonly path: string; readonly hub: 'respicast' | 'flusight' }[];
  readonly target: string;
  readonly rounds: readonly number[];
  readonly seed: string;
  /** Which members forecast: the whole stack, or one kind of model trained together or alone. */
  readonly members: 'stack' | 'together' | 'alone';
}

export type BlockAnswer =
  | { readonly kind: 'tick'; readonly id: number }
  | { readonly kind: 'done'; readonly id: number; readonly forecasts: readonly RawForecast[] }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

const MEMBERS = { stack: weeklyMembers, together: togetherMembers, alone: aloneMembers } as const;

const logs = new Map<string, ReturnType<typeof readChangeLog>>();

/** Forecasts one block; change logs are read once a process. */
export async function runBlock(task: BlockTask, tick: () => void): Promise<RawForecast[]> {
  const read = await Promise.all(
    task.folders.map(f => {
      const known = logs.get(f.path) ?? readChangeLog(f.path, HUBS[f.hub]);
      logs.set(f.path, known);
      return known;
    }),
  );
  const plan = {
    hub: HUBS[task.hub],
    target: task.target,
    logs: read,
    members: MEMBERS[task.members](),
    seed: task.seed,
  };
  return replayBlock(plan, task.rounds, tick);
}

parentPort?.on('message', (task: BlockTask) => {
  const answer = (a: BlockAnswer) => parentPort?.postMessage(a);
  runBlock(task, () => answer({ kind: 'tick', id: task.id })).then(
    forecasts => answer({ kind: 'done', id: task.id, forecasts }),
    (error: Error) => answer({ kind: 'failed', id: task.id, message: error.message }),
  );
});
