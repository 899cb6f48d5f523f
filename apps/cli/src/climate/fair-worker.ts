// The thread behind fair-threads.ts: reads the run's files at its first task, then answers each task with the block's result.
import { parentPort } from 'node:worker_threads';
import { type BlockTask, blankPaper, noiseSource, runBlock } from './fair-block.ts';
import { type FairInput, readFairInput } from './fair-input.ts';

let input: FairInput | undefined;

parentPort!.on('message', async (task: BlockTask) => {
  try {
    input ??= readFairInput(task.request);
    const result = runBlock(task, input, blankPaper(), await noiseSource(task.noise));
    // Handed over, not copied.
    const buffers = Object.values(result).map((a: Float64Array | Uint8Array) => a.buffer as ArrayBuffer);
    parentPort!.postMessage({ ok: true, result }, [...new Set(buffers)]);
  } catch (error) {
    parentPort!.postMessage({ ok: false, error });
  }
});
