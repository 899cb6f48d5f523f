// compute.start: the provider says that a job runs now. Where it promised the order of arrival, it can only be the oldest.
import { digest, type Infer, object } from '../schema.ts';
import { isRefusal, refuse, type StatementType } from '../statement-type.ts';
import { findJob, withJob } from './find.ts';

const body = object({ job: digest });

export const startCompute: StatementType<Infer<typeof body>> = {
  kind: 'compute.start',
  summary: 'Says that a job has started.',
  body,
  signers: ['node'],
  refusals: {
    'unknown-job': 'There is no such job.',
    'not-provider': 'Only the member that offers the backend runs its jobs.',
    'not-queued': 'The job does not wait (any more).',
    'not-next': 'The backend promised the order of arrival, and an older job waits.',
  },
  apply: {
    1(state, { org, body: b }) {
      const found = findJob(state, b.job);
      if (isRefusal(found)) return found;
      const { job, backend } = found;
      if (backend.org !== org) return refuse('not-provider', `${job.backend} is run by ${backend.org}`);
      if (job.stage !== 'queued') return refuse('not-queued', `the job is ${job.stage}`);
      if (backend.order === 'arrival' && backend.queue[0] !== b.job)
        return refuse('not-next', `job ${backend.queue[0].slice(0, 12)}… came before`);
      return withJob(state, found, { stage: 'running', startedAt: state.time });
    },
  },
};
