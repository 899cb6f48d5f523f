// A worker thread of the disease commands: reads the same files and forecasts blocks of rounds.
import { parentPort } from 'node:worker_threads';
import {
  aloneMembers,
  HUBS,
  type PanelConfig,
  type PanelForecast,
  type RawForecast,
  replayBlock,
  replayPanel,
  togetherMembers,
  weeklyMembers,
} from '@madang/disease';
import { readChangeLog, readPanelFile } from './files.ts';
import type { HubFolder, HubName } from './season.ts';

/** One block of deadlines of one signal of a weekly hub. */
export interface WeeklyTask {
  readonly kind: 'weekly';
  readonly id: number;
  readonly hub: HubName;
  /** Folders and whose they are, the hub's own first. */
  readonly folders: readonly HubFolder[];
  readonly target: string;
  readonly rounds: readonly number[];
  readonly seed: string;
  /** Which members forecast: the whole stack, or one kind of model trained together or alone. */
  readonly members: 'stack' | 'together' | 'alone';
}

/** One block of origins of a panel. */
export interface PanelTask {
  readonly kind: 'panel';
  readonly id: number;
  readonly panel: string;
  readonly config: PanelConfig;
  readonly rounds: readonly number[];
  readonly targets: readonly [number, number];
  readonly seed: string;
}

export type BlockTask = WeeklyTask | PanelTask;

/** What a task gives. */
export type Forecasts<T extends BlockTask> = T extends WeeklyTask ? RawForecast[] : PanelForecast[];

export type BlockAnswer =
  | { readonly kind: 'tick'; readonly id: number }
  | { readonly kind: 'done'; readonly id: number; readonly forecasts: RawForecast[] | PanelForecast[] }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

const MEMBERS = { stack: weeklyMembers, together: togetherMembers, alone: aloneMembers } as const;

const logs = new Map<string, ReturnType<typeof readChangeLog>>();

async function runWeekly(task: WeeklyTask, tick: () => void): Promise<RawForecast[]> {
  const read = await Promise.all(
    task.folders.map(f => {
      const known = logs.get(f.path) ?? readChangeLog(f.path, HUBS[f.hub]);
      logs.set(f.path, known);
      return known;
    }),
  );
  const members = MEMBERS[task.members]();
  return replayBlock(
    { hub: HUBS[task.hub], target: task.target, logs: read, members, seed: task.seed },
    task.rounds,
    tick,
  );
}

async function runPanel(task: PanelTask, tick: () => void): Promise<PanelForecast[]> {
  const data = await readPanelFile(task.panel, task.config);
  return replayPanel(data, task.rounds, task.targets, task.seed, tick);
}

parentPort?.on('message', (task: BlockTask) => {
  const answer = (a: BlockAnswer) => parentPort?.postMessage(a);
  const tick = () => answer({ kind: 'tick', id: task.id });
  const work = task.kind === 'weekly' ? runWeekly(task, tick) : runPanel(task, tick);
  work.then(
    forecasts => answer({ kind: 'done', id: task.id, forecasts }),
    (error: Error) => answer({ kind: 'failed', id: task.id, message: error.message }),
  );
});
