// The provider's work: offer the backends of the configuration, take the oldest waiting job of each, run it, publish what came out.
// What a job gave is on disk before anything is said about it; a job that ran when this process died is run again from its seed, or asked for
// again at its device. Running takes its own time: the other workers, and cosigning, go on.
import type { ComputeBackend, Job } from '@madang/charter';
import { QUANTUM } from '@madang/compute';
import { digestOf } from '@madang/study';
import { type Json, utf8 } from '@madang/trust';
import type { BackendConfig } from '../config.ts';
import { type Desk, submitOnce } from './desk.ts';
import { type Ended, runJob } from './run-job.ts';

/** Jobs that this process is running, by the desk that runs them. */
const running = new WeakMap<Desk, Map<string, Promise<void>>>();

export async function provide(desk: Desk): Promise<void> {
  for (const config of desk.config.backends ?? []) {
    const all = desk.state.backends ?? {};
    const backend = Object.hasOwn(all, config.handle) ? all[config.handle] : undefined;
    if (await offer(desk, config, backend)) await work(desk, config, backend!);
  }
}

/** True once the terms in the log are those of the configuration. */
async function offer(desk: Desk, config: BackendConfig, backend: ComputeBackend | undefined): Promise<boolean> {
  const terms = {
    ...QUANTUM,
    order: 'arrival',
    maximum: { milliseconds: config.maximum.milliseconds, units: config.maximum.shots },
    quotaMilliseconds: config.quotaMilliseconds,
  };
  const slot = `offer-${config.handle}-${digestOf(utf8(JSON.stringify(terms))).slice(0, 16)}`;
  if (backend && sameTerms(backend, terms)) {
    // The same terms may come again after others; then they are signed afresh.
    for (const path of [`sent/${slot}.receipt`, `sent/${slot}`]) await desk.memory.remove(path);
    return backend.org === desk.config.org;
  }
  const steward = desk.has('steward') ? await desk.signer('steward') : undefined;
  if (steward && desk.state.keys[steward.keyId])
    await submitOnce(
      desk,
      slot,
      'compute.offer',
      { backend: config.handle, ...terms } as Record<string, Json>,
      'steward',
    );
  return false;
}

function sameTerms(b: ComputeBackend, terms: { order: string; maximum: Job['maximum']; quotaMilliseconds: number }) {
  return (
    b.order === terms.order &&
    b.quota === terms.quotaMilliseconds &&
    b.maximum.milliseconds === terms.maximum.milliseconds &&
    b.maximum.units === terms.maximum.units
  );
}

async function work(desk: Desk, config: BackendConfig, backend: ComputeBackend): Promise<void> {
  const busy = Object.entries(desk.state.jobs ?? {}).find(
    ([, j]) => j.backend === config.handle && j.stage === 'running',
  );
  if (busy) await proceed(desk, config, ...busy);
  else if (backend.queue.length > 0)
    await submitOnce(desk, `start-${backend.queue[0]}`, 'compute.start', { job: backend.queue[0] }, 'node');
}

async function proceed(desk: Desk, config: BackendConfig, id: string, job: Job): Promise<void> {
  const ended = await desk.memory.json<Ended>(`jobs/${id}.end`);
  if (ended) {
    await desk.hub.putBlob(utf8(ended.document));
    const { outcome, usage } = ended;
    const body = { job: id, outcome, result: digestOf(utf8(ended.document)), usage: { ...usage } };
    await submitOnce(desk, `end-${id}`, 'compute.end', body, 'node');
    return;
  }
  const mine = running.get(desk) ?? new Map<string, Promise<void>>();
  running.set(desk, mine);
  if (mine.has(id)) return;
  const run = runJob(desk, config, id, job)
    .then(end => desk.memory.putJson(`jobs/${id}.end`, end))
    .catch(error => desk.log(`job ${id.slice(0, 12)}…: ${error instanceof Error ? error.message : String(error)}`))
    .finally(() => mine.delete(id));
  mine.set(id, run);
}
