// A thread that fits and scores one model of the weather backtest.
import { parentPort, workerData } from 'node:worker_threads';
import {
  forecast,
  type Model,
  type Network,
  type Prepared,
  prepareAlone,
  type ScoreRow,
  scoreAll,
} from '@madang/weather';

/** Scores of one model, and how long its fits and forecasts took. */
export interface Fitted {
  readonly seconds: number;
  readonly rows: ScoreRow[];
}

/** A model of all on what all share, or each station alone, which need not wait for that. */
export type Task =
  | { readonly model: Exclude<Model, 'own'>; readonly prepared: Prepared }
  | { readonly model: 'own'; readonly network: Network; readonly year: number };

if (parentPort) {
  const task = workerData as Task;
  const begun = performance.now();
  const p = task.model === 'own' ? prepareAlone(task.network, task.year) : task.prepared;
  const forecasts = forecast(p, task.model);
  const seconds = Number(((performance.now() - begun) / 1000).toFixed(2));
  parentPort.postMessage({ seconds, rows: scoreAll(p, forecasts) } satisfies Fitted);
}
