// A place where circuits run: a simulator here, or a device elsewhere. Few methods, in the steps that devices have in common: QRMI (start, status,
// result, stop of a task; target) and QDMI (submit, check, results, cancel of a job; device properties) map on them one to one.
import { QuantumError } from '../error.ts';

/** A program to run. The text is OpenQASM 3, which is what crosses every border. */
export interface Task {
  readonly program: string;
  readonly shots: number;
  /** For simulators; devices ignore it. */
  readonly seed?: string;
  /** Name for the operator's log. */
  readonly label?: string;
}

export type TaskStatus =
  | { readonly state: 'queued' | 'running' | 'done' | 'stopped' }
  | { readonly state: 'failed'; readonly why: string };

export interface TaskResult {
  /** Shots by key, the highest bit of a register first. */
  readonly counts: Readonly<Record<string, number>>;
  /** What to account: seconds the device was busy, where it says so. */
  readonly deviceSeconds?: number;
}

/** What a device can do, as far as it says. */
export interface Target {
  readonly name: string;
  readonly qubits: number;
  readonly simulator: boolean;
  readonly maxShots?: number;
  /** Gates it runs directly; absent: any. */
  readonly gates?: readonly string[];
}

export interface Backend {
  target(): Promise<Target>;
  /** Queues a task and gives its id. */
  start(task: Task): Promise<string>;
  status(id: string): Promise<TaskStatus>;
  /** Of a task that is done. */
  result(id: string): Promise<TaskResult>;
  /** Stops a task; one that has ended stays as it is. */
  stop(id: string): Promise<void>;
}

export interface WaitOptions {
  /** Waits between questions; given, since this package has no clock. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Longest wait between two questions; the first is a twentieth of it, then each twice the last. Default 5,000. */
  readonly longestPauseMs?: number;
  /** Questions after which the task is stopped and given up; default 10,000. */
  readonly questions?: number;
  readonly onStatus?: (status: TaskStatus, id: string) => void;
}

/** Starts a task, waits for it, and gives its counts. Throws QuantumError 'backend' when it fails, is stopped, or takes too long. */
export async function runTask(
  backend: Backend,
  task: Task,
  options: WaitOptions,
): Promise<TaskResult & { readonly id: string }> {
  const id = await backend.start(task);
  return { ...(await awaitTask(backend, id, options)), id };
}

/** Waits for a task that was started, here or before a restart. Throws as runTask does; what `sleep` throws ends the waiting, not the task. */
export async function awaitTask(backend: Backend, id: string, options: WaitOptions): Promise<TaskResult> {
  const longest = options.longestPauseMs ?? 5000;
  let pause = longest / 20;
  for (let asked = 0; asked < (options.questions ?? 10_000); asked++) {
    const status = await backend.status(id);
    options.onStatus?.(status, id);
    if (status.state === 'done') return backend.result(id);
    if (status.state === 'failed') throw new QuantumError('backend', `task ${id} failed: ${status.why}`);
    if (status.state === 'stopped') throw new QuantumError('backend', `task ${id} was stopped`);
    await options.sleep(pause);
    pause = Math.min(longest, pause * 2);
  }
  await backend.stop(id);
  throw new QuantumError('backend', `task ${id} did not end in time and was stopped`);
}
