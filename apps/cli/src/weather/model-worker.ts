// A thread that fits and scores one model of the weather backtest.
import { parentPort, workerData } from 'node:worker_threads';
import { forecast, type Model, type Prepared, scoreAll } from '@madang/weather';

const { prepared, model } = workerData as { prepared: Prepared; model: Model };
parentPort?.postMessage(scoreAll(prepared, forecast(prepared, model)));
