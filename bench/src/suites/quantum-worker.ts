// A helper thread of a large state vector, as the command line starts them.
import { workerData } from 'node:worker_threads';
import { type HelperTask, help } from '@madang/quantum';

help(workerData as HelperTask);
