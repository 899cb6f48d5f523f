// Shared lookups of the compute statements, with the refusals they give.
import type { State } from '../state.ts';
import { put, type Refusal, refuse } from '../statement-type.ts';
import { type Account, type ComputeBackend, type Job, NO_ACCOUNT } from './records.ts';

export interface FoundJob {
  readonly id: string;
  readonly job: Job;
  readonly backend: ComputeBackend;
}

export function findBackend(state: State, handle: string): ComputeBackend | Refusal {
  const all = state.backends ?? {};
  return Object.hasOwn(all, handle) ? all[handle] : refuse('unknown-backend', `nobody offers a backend ${handle}`);
}

export function findJob(state: State, id: string): FoundJob | Refusal {
  const job = state.jobs?.[id];
  if (!job) return refuse('unknown-job', `no job ${id.slice(0, 12)}… is in the log`);
  return { id, job, backend: state.backends![job.backend] };
}

export const isOver = (job: Job): boolean => job.stage !== 'queued' && job.stage !== 'running';

/** The state with a job changed, and what that means for its backend: its place in the queue, and its organisation's account. */
export function withJob(state: State, { id, job, backend }: FoundJob, change: Partial<Job>): State {
  const next: Job = { ...job, ...change };
  const queue = next.stage === 'queued' ? backend.queue : backend.queue.filter(other => other !== id);
  const accounts = isOver(next)
    ? put(backend.accounts, job.org, settled(accountOf(backend, job.org), next))
    : backend.accounts;
  return {
    ...state,
    jobs: put(state.jobs ?? {}, id, next),
    backends: put(state.backends ?? {}, job.backend, { ...backend, queue, accounts }),
  };
}

export function accountOf(backend: ComputeBackend, org: string): Account {
  return Object.hasOwn(backend.accounts, org) ? backend.accounts[org] : NO_ACCOUNT;
}

/** What was set aside goes back, what was used is booked. */
function settled(account: Account, job: Job): Account {
  return {
    jobs: account.jobs + 1,
    milliseconds: account.milliseconds + (job.usage?.milliseconds ?? 0),
    units: account.units + (job.usage?.units ?? 0),
    reserved: account.reserved - job.maximum.milliseconds,
  };
}
