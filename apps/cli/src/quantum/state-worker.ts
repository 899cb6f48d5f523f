// A helper thread of a large state vector: does blocks beside the main thread until the state is closed.
import { workerData } from 'node:worker_threads';
import { type HelperTask, help } from '@madang/quantum';

help(workerData as HelperTask);
