// A thread that fits and scores one model of the weather backtest.
import { parentPort, workerData } from 'node:worker_threads';
import { forecast, type Model, type Prepared, type ScoreRow, scoreAll } from '@madang/weather';

/** Scores of one model, and how long its fits and forecasts took. */
export interface Fitted {
  readonly seconds: number;
  readonly rows: ScoreRow[];
}

if (parentPort) {
  const { prepared, model } = workerData as { prepared: Prepared; model: Model };
  const begun = performance.now();
  const forecasts = forecast(prepared, model);
  const seconds = Number(((performance.now() - begun) / 1000).toFixed(2));
  parentPort.postMessage({ seconds, rows: scoreAll(prepared, forecasts) } satisfies Fitted);
}
