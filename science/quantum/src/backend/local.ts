// The simulator of this package as a backend: a task runs when its status is first asked for, in order of starting.
import { random } from '@madang/numerics';
import { QuantumError } from '../error.ts';
import { load } from '../qasm/load.ts';
import { MAX_STATE_QUBITS } from '../run/options.ts';
import { simulate } from '../run/simulate.ts';
import type { Backend, Task, TaskResult, TaskStatus } from './backend.ts';

/** Most tasks that are kept; older ones that have ended are forgotten first. */
const KEPT = 1000;

export function localBackend(options: { readonly maxStateQubits?: number } = {}): Backend {
  const tasks = new Map<string, { task: Task; status: TaskStatus; result?: TaskResult }>();
  let next = 1;
  const find = (id: string) => {
    const t = tasks.get(id);
    if (!t) throw new QuantumError('backend', `there is no task ${id}`);
    return t;
  };
  return {
    target: async () => ({
      name: 'madang simulator',
      qubits: options.maxStateQubits ?? MAX_STATE_QUBITS,
      simulator: true,
      maxShots: 1e8,
    }),
    async start(task) {
      if (tasks.size >= KEPT) {
        const old = [...tasks].find(([, t]) => t.status.state !== 'queued');
        if (!old) throw new QuantumError('backend', `${KEPT} tasks are waiting; stop some`);
        tasks.delete(old[0]);
      }
      const id = String(next++);
      tasks.set(id, { task, status: { state: 'queued' } });
      return id;
    },
    async status(id) {
      const t = find(id);
      if (t.status.state !== 'queued') return t.status;
      try {
        const r = simulate(load(t.task.program), {
          shots: t.task.shots,
          random: random(t.task.seed ?? id),
          ...(options.maxStateQubits && { maxStateQubits: options.maxStateQubits }),
        });
        t.result = { counts: r.counts };
        t.status = { state: 'done' };
      } catch (error) {
        if (!(error instanceof QuantumError)) throw error;
        t.status = { state: 'failed', why: error.message };
      }
      return t.status;
    },
    async result(id) {
      const t = find(id);
      if (!t.result) throw new QuantumError('backend', `task ${id} has no result`);
      return t.result;
    },
    async stop(id) {
      const t = find(id);
      if (t.status.state === 'queued') t.status = { state: 'stopped' };
    },
  };
}
