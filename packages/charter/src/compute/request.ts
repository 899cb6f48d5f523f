// compute.request: a researcher asks for a job: a program by its digest, where, and what it may use at most. The time is set aside from the
// organisation's quota until the job ends. Program and result are public blobs.
import { digest, handle, type Infer, object } from '../schema.ts';
import { isRefusal, put, refuse, type StatementType } from '../statement-type.ts';
import { accountOf, findBackend } from './find.ts';
import { usage } from './offer.ts';

/** Jobs that may wait at one backend. */
const MAX_QUEUE = 1_000;

const body = object({ backend: handle, program: digest, maximum: usage });

export const requestCompute: StatementType<Infer<typeof body>> = {
  kind: 'compute.request',
  summary: 'Asks for a job on an offered backend.',
  body,
  signers: ['researcher'],
  refusals: {
    'unknown-backend': 'Nobody offers such a backend.',
    'over-limit': 'The backend allows less for one job.',
    'over-quota': 'The organisation has not so much left at this backend.',
    'queue-full': 'Too many jobs wait there.',
  },
  apply: {
    1(state, { id, org, body: b }) {
      const backend = findBackend(state, b.backend);
      if (isRefusal(backend)) return backend;
      const { maximum, quota } = backend;
      if (b.maximum.milliseconds > maximum.milliseconds || b.maximum.units > maximum.units)
        return refuse(
          'over-limit',
          `one job at ${b.backend} may use ${maximum.milliseconds} ms and ${maximum.units} of unit ${backend.unit}`,
        );
      const account = accountOf(backend, org);
      const left = quota - account.milliseconds - account.reserved;
      if (b.maximum.milliseconds > left)
        return refuse('over-quota', `${org} has ${Math.max(0, left)} ms left of its ${quota} at ${b.backend}`);
      if (backend.queue.length >= MAX_QUEUE) return refuse('queue-full', `${MAX_QUEUE} jobs wait at ${b.backend}`);
      const reserved = { ...account, reserved: account.reserved + b.maximum.milliseconds };
      return {
        ...state,
        jobs: put(state.jobs ?? {}, id, { ...b, org, stage: 'queued', requestedAt: state.time }),
        backends: put(state.backends ?? {}, b.backend, {
          ...backend,
          queue: [...backend.queue, id],
          accounts: put(backend.accounts, org, reserved),
        }),
      };
    },
  },
};
