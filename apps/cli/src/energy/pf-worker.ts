// A worker thread of `madang energy pf --cases`: keeps the network it was given and solves ranges of cases. The factors of case c depend on
// the seed and c alone, so that the number of threads changes nothing.
import { parentPort } from 'node:worker_threads';
import { type FlowPlan, type Grid, makeGrid, preparePowerFlow, readCase, solveBatch } from '@madang/energy';
import { random } from '@madang/numerics';
import type { BatchJob } from './pf-batch.ts';

let kept: { text: string; grid: Grid; plan: FlowPlan } | undefined;

parentPort?.on('message', (job: BatchJob) => {
  if (kept?.text !== job.text) {
    const grid = makeGrid(readCase(job.text));
    kept = { text: job.text, grid, plan: preparePowerFlow(grid) };
  }
  const { grid, plan } = kept;
  const factors = new Float64Array(grid.buses.count);
  let current = -1;
  const result = solveBatch(
    grid,
    job.count,
    (index, bus) => {
      if (index !== current) {
        current = index;
        const r = random(`${job.seed}/${job.first + index}`);
        for (let i = 0; i < factors.length; i++) factors[i] = 1 + job.spread * r.normal();
      }
      return factors[bus];
    },
    { reactiveLimits: job.reactiveLimits },
    plan,
  );
  parentPort?.postMessage(result);
});
