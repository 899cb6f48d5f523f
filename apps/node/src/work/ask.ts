// The researcher's jobs: files left under asked/ become compute.request statements, as soon as the backend is offered and the quota allows.
import { accountOf } from '@madang/charter';
import { type Desk, submitOnce } from './desk.ts';

/** A job as the command line leaves it. */
export interface AskedJob {
  readonly backend: string;
  /** The program's blob as text. */
  readonly program: string;
  readonly maximum: { readonly milliseconds: number; readonly units: number };
}

export async function ask(desk: Desk): Promise<void> {
  if (!desk.has('researcher')) return;
  const researcher = await desk.signer('researcher');
  if (!desk.state.keys[researcher.keyId]) return;
  for (const path of await desk.memory.list('asked/')) {
    const name = /^asked\/(.+)\.json$/.exec(path)?.[1];
    if (name === undefined || (await desk.memory.json(`sent/ask-${name}.receipt`))) continue;
    const job = await desk.memory.left<AskedJob>(path);
    if (job && mayAsk(desk, job)) await request(desk, name, job);
  }
}

/** What would be refused now and may be allowed later waits here, not at the hub. */
function mayAsk(desk: Desk, { backend, maximum }: AskedJob): boolean {
  const all = desk.state.backends ?? {};
  if (!Object.hasOwn(all, backend)) return false;
  const b = all[backend];
  const account = accountOf(b, desk.config.org);
  const left = b.quota - account.milliseconds - account.reserved;
  return maximum.milliseconds <= Math.min(left, b.maximum.milliseconds) && maximum.units <= b.maximum.units;
}

async function request(desk: Desk, name: string, job: AskedJob): Promise<void> {
  const program = await desk.hub.putBlob(new TextEncoder().encode(job.program));
  const body = { backend: job.backend, program, maximum: { ...job.maximum } };
  await submitOnce(desk, `ask-${name}`, 'compute.request', body, 'researcher');
}
