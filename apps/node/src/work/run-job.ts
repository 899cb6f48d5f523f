// One job on its device, within its limits: the simulator in a thread of its own that is ended when time is up, or a device over HTTP.
// The program comes from somebody else: it is checked against its digest, parsed with limits, and can do nothing but count.
import { Worker } from 'node:worker_threads';
import { LIMITS } from '@madang/api';
import type { Job, Usage } from '@madang/charter';
import { BadDocument, formatResult, type JobResult, parseProgram, type QuantumProgram } from '@madang/compute';
import { awaitTask, QuantumError, restBackend } from '@madang/quantum';
import { digestOf } from '@madang/study';
import { fromUtf8 } from '@madang/trust';
import type { BackendConfig } from '../config.ts';
import type { Desk } from './desk.ts';

/** What is remembered of a job that ended, until the log says so. */
export interface Ended {
  readonly outcome: 'done' | 'failed';
  readonly usage: Usage;
  /** The result's blob as text. */
  readonly document: string;
}

/** What a device gave. `milliseconds`: how long it says it was busy. */
export interface Found {
  readonly counts: Readonly<Record<string, number>>;
  readonly device: string;
  readonly simulator: boolean;
  readonly milliseconds?: number;
}

/** Runs a job to its end. Rejects only for what is not the job's fault (its program is not to be had, the device cannot be reached): try again. */
export async function runJob(desk: Desk, config: BackendConfig, id: string, job: Job): Promise<Ended> {
  const bytes = await desk.hub.blob(job.program);
  if (!bytes || digestOf(bytes) !== job.program)
    throw new Error('the hub does not give the program that was asked for');
  const started = performance.now();
  let result: JobResult;
  let busy: number | undefined;
  try {
    const program = parseProgram(bytes);
    if (program.shots > job.maximum.units)
      throw new BadDocument(`the program asks for ${program.shots} shots, the job for at most ${job.maximum.units}`);
    const { device } = config;
    const found =
      device.type === 'simulator'
        ? await simulated(program, device.qubits, job.maximum.milliseconds)
        : await remote(desk, device, id, program, job.maximum.milliseconds);
    busy = found.milliseconds;
    const { counts, device: name, simulator } = found;
    result = { job: id, outcome: 'done', counts, device: name, simulator };
  } catch (error) {
    if (!(error instanceof QuantumError || error instanceof BadDocument)) throw error;
    result = { job: id, outcome: 'failed', why: error.message.slice(0, 2000) };
  }
  let document = fromUtf8(formatResult(result));
  if (document.length > LIMITS.blobBytes) {
    const why = `the counts take ${document.length} bytes, a result at most ${LIMITS.blobBytes}: ask for fewer shots`;
    result = { job: id, outcome: 'failed', why };
    document = fromUtf8(formatResult(result));
  }
  const milliseconds = Math.min(job.maximum.milliseconds, Math.ceil(busy ?? performance.now() - started));
  const units = result.outcome === 'done' ? Object.values(result.counts).reduce((a, b) => a + b, 0) : 0;
  return { outcome: result.outcome, usage: { milliseconds, units: Math.min(units, job.maximum.units) }, document };
}

function simulated(program: QuantumProgram, qubits: number, milliseconds: number): Promise<Found> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./simulate-worker.ts', import.meta.url), { workerData: { program, qubits } });
    // The thread must not keep a stopped node from ending; the job is run again after the next start.
    worker.unref();
    const timer = setTimeout(() => {
      void worker.terminate();
      reject(new QuantumError('backend', `the job took longer than the ${milliseconds} ms it was allowed`));
    }, milliseconds);
    timer.unref();
    worker.once('message', (answer: { counts: Found['counts'] } | { why: string }) => {
      clearTimeout(timer);
      if ('why' in answer) reject(new QuantumError('backend', answer.why));
      else resolve({ counts: answer.counts, device: 'madang simulator', simulator: true });
    });
    worker.once('error', error => {
      clearTimeout(timer);
      reject(new QuantumError('backend', `the simulator stopped: ${error.message}`));
    });
  });
}

/** The device's own id of the task is kept, so that a restarted node waits for it and does not send it twice. */
async function remote(
  desk: Desk,
  device: { readonly url: string; readonly tokenVariable?: string },
  id: string,
  { program, shots, seed }: QuantumProgram,
  milliseconds: number,
): Promise<Found> {
  const token = device.tokenVariable === undefined ? undefined : process.env[device.tokenVariable];
  const sleep = (ms: number) => new Promise<void>(resolve => void setTimeout(resolve, ms).unref());
  const backend = restBackend({ url: device.url, fetch, sleep, ...(token === undefined ? {} : { token }) });
  const target = await reached(backend.target(), () => true);
  const slot = `jobs/${id}.task`;
  let task = (await desk.memory.json<{ id: string }>(slot))?.id;
  if (task === undefined) {
    task = await reached(backend.start({ program, shots, seed, label: id }));
    await desk.memory.putJson(slot, { id: task });
  }
  const until = performance.now() + milliseconds;
  const patiently = async (ms: number) => {
    if (performance.now() > until) {
      await backend.stop(task);
      throw new QuantumError('backend', `the job took longer than the ${milliseconds} ms it was allowed`);
    }
    await sleep(ms);
  };
  const waiting = awaitTask(backend, task, { sleep: patiently, longestPauseMs: 2000, questions: 1e9 });
  const { counts, deviceSeconds } = await reached(waiting);
  return {
    counts,
    device: target.name,
    simulator: target.simulator,
    ...(deviceSeconds === undefined ? {} : { milliseconds: 1000 * deviceSeconds }),
  };
}

/** A device that cannot be reached is nobody's failed job; what it answers is the job's fate. */
async function reached<T>(answer: Promise<T>, excused = (e: Error) => e.cause !== undefined): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof QuantumError && excused(error)) throw new Error(error.message, { cause: error });
    throw error;
  }
}
