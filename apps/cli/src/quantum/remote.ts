// Running on a device over HTTP: posts the program with its includes put in place, waits with growing pauses, reports the counts.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Loaded, print, restBackend, runTask } from '@madang/quantum';
import type { Io, Outcome } from '../command.ts';
import { refusal } from './read.ts';

export async function remote(
  program: Loaded,
  task: { url: string; shots: number; seed: string },
  io: Io,
): Promise<Outcome> {
  const wait = (ms: number) => sleep(ms);
  const token = process.env['MADANG_QUANTUM_TOKEN'];
  try {
    const backend = restBackend({ url: new URL(task.url).href, fetch, sleep: wait, ...(token && { token }) });
    const target = await backend.target();
    let last = '';
    const start = performance.now();
    const result = await runTask(
      backend,
      { program: print(program.program), shots: task.shots, seed: task.seed },
      {
        sleep: wait,
        onStatus(status, id) {
          if (status.state !== last && performance.now() - start > 2000)
            io.log(`task ${id} on ${target.name}: ${status.state}`);
          last = status.state;
        },
      },
    );
    const seconds = Number(((performance.now() - start) / 1000).toFixed(3));
    const lines = Object.entries(result.counts).sort(([, a], [, b]) => b - a);
    return {
      json: { ...result, shots: task.shots, backend: target, seed: task.seed, seconds },
      text: [
        ...lines.slice(0, 40).map(([key, n]) => `${key || '(no bits)'}  ${n}`),
        `${task.shots} shots on ${target.name}, task ${result.id}, ${seconds} s`,
      ].join('\n'),
    };
  } catch (error) {
    throw refusal(error);
  }
}
