// A thread that fits one model of the weather backtest.
import { parentPort, workerData } from 'node:worker_threads';
import { forecast, type Model, type Prepared } from '@madang/weather';

const { prepared, model } = workerData as { prepared: Prepared; model: Model };
parentPort?.postMessage(forecast(prepared, model));
