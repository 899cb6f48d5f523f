// The thread behind fair-threads.ts: reads the run's files at its first task, then answers each task with the block's result.
import { parentPort } from 'node:worker_threads';
import { type BlockTask, noiseSource, runBlock } from './fair-block.ts';
import { type FairInput, readFairInput } from './fair-input.ts';

let input: FairInput | undefined;

parentPort!.on('message', async (task: BlockTask) => {
  try {
    input ??= readFairInput(task.request);
    parentPort!.postMessage({ ok: true, result: runBlock(task, input, await noiseSource(task.noise)) });
  } catch (error) {
    parentPort!.postMessage({ ok: false, error });
  }
});
