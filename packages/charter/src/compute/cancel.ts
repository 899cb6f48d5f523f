// compute.cancel: who asked for a job takes it back while it waits, or gives it up when its provider has been silent for a day beyond its time.
import { digest, type Infer, object } from '../schema.ts';
import { isRefusal, refuse, type StatementType } from '../statement-type.ts';
import { findJob, isOver, withJob } from './find.ts';

const PATIENCE_SECONDS = 86_400;

const body = object({ job: digest });

export const cancelCompute: StatementType<Infer<typeof body>> = {
  kind: 'compute.cancel',
  summary: 'Takes a waiting job back, or gives up one whose provider is silent.',
  body,
  signers: ['researcher', 'officer'],
  refusals: {
    'unknown-job': 'There is no such job.',
    'not-requester': 'Only the member that asked for a job cancels it.',
    'job-over': 'The job has ended or was cancelled.',
    running: 'The job runs and its provider may still be at it.',
  },
  apply: {
    1(state, { org, body: b }) {
      const found = findJob(state, b.job);
      if (isRefusal(found)) return found;
      const { job } = found;
      if (job.org !== org) return refuse('not-requester', `${job.org} asked for this job`);
      if (isOver(job)) return refuse('job-over', `the job is ${job.stage}`);
      if (job.startedAt !== undefined) {
        const patience = job.startedAt + Math.ceil(job.maximum.milliseconds / 1000) + PATIENCE_SECONDS;
        if (state.time <= patience)
          return refuse('running', `the job runs; it can be given up from log time ${patience} on`);
      }
      return withJob(state, found, { stage: 'cancelled', endedAt: state.time });
    },
  },
};
