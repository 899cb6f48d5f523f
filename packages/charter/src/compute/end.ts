// compute.end: the provider says how a job ended, what it used, and which blob holds what came out (or why nothing did). Once for each job.
import { digest, type Infer, object, oneOf } from '../schema.ts';
import { isRefusal, refuse, type StatementType } from '../statement-type.ts';
import { findJob, isOver, withJob } from './find.ts';
import { usage } from './offer.ts';

const body = object({ job: digest, outcome: oneOf('done', 'failed'), result: digest, usage });

export const endCompute: StatementType<Infer<typeof body>> = {
  kind: 'compute.end',
  summary: 'Says how a job ended and what it used.',
  body,
  signers: ['node'],
  refusals: {
    'unknown-job': 'There is no such job.',
    'not-provider': 'Only the member that offers the backend runs its jobs.',
    'not-started': 'The job has not been started.',
    'job-over': 'The job has ended or was cancelled.',
    'over-limit': 'More is booked than the job was allowed to use.',
  },
  apply: {
    1(state, { org, body: b }) {
      const found = findJob(state, b.job);
      if (isRefusal(found)) return found;
      const { job, backend } = found;
      if (backend.org !== org) return refuse('not-provider', `${job.backend} is run by ${backend.org}`);
      if (job.stage === 'queued') return refuse('not-started', 'the job waits; say first that it starts');
      if (isOver(job)) return refuse('job-over', `the job is ${job.stage}`);
      if (b.usage.milliseconds > job.maximum.milliseconds || b.usage.units > job.maximum.units)
        return refuse('over-limit', `the job may use ${job.maximum.milliseconds} ms and ${job.maximum.units} units`);
      return withJob(state, found, { stage: b.outcome, endedAt: state.time, usage: b.usage, result: b.result });
    },
  },
};
