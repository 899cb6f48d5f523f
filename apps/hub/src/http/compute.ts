// Compute jobs for programs: what is on offer with its accounts, and the jobs themselves. All of it follows from the log; nothing here decides.
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { type BackendLine, backendList, digest, handle, type JobLine, job, jobList } from '@madang/api';
import { accounts } from '@madang/compute';
import { z } from 'zod';
import type { Hub } from '../hub.ts';
import { problemResponse } from './problem.ts';
import { answers } from './routes.ts';

const LIMIT = 200;
const backends = createRoute({
  method: 'get',
  path: '/v1/backends',
  summary: 'Backends that members offer, and what each organisation used of them.',
  responses: answers('Backends', backendList),
});

const jobs = createRoute({
  method: 'get',
  path: '/v1/jobs',
  summary: `Compute jobs, newest first, at most ${LIMIT}; by backend, organisation, stage.`,
  request: {
    query: z.object({
      backend: handle.optional(),
      org: handle.optional(),
      stage: job.shape.stage.optional(),
      limit: z.coerce.number().int().min(1).max(LIMIT).default(50),
    }),
  },
  responses: answers('Jobs', jobList),
});

const one = createRoute({
  method: 'get',
  path: '/v1/jobs/{id}',
  summary: 'One compute job.',
  request: { params: z.object({ id: digest }) },
  responses: answers('Job', job),
});

export function addCompute(app: OpenAPIHono, hub: Hub): void {
  app.openapi(backends, c => c.json({ backends: backendLines(hub) }));

  app.openapi(jobs, async c => {
    await hub.settled();
    return c.json({ jobs: await jobLines(hub, c.req.valid('query')) });
  });

  app.openapi(one, async c => {
    await hub.settled();
    const { id } = c.req.valid('param');
    const row = await hub.database.db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? c.json(jobLine(row)) : problemResponse({ code: 'not-found', why: 'no such job is in the log' });
  });
}

type Wanted = { readonly [column in 'backend' | 'org' | 'stage']?: string | undefined };

/** Jobs as the tables show them, newest first. */
export async function jobLines(hub: Hub, wanted: Wanted & { readonly limit: number }): Promise<JobLine[]> {
  let rows = hub.database.db.selectFrom('jobs').selectAll();
  for (const column of ['backend', 'org', 'stage'] as const) {
    const value = wanted[column];
    if (value !== undefined) rows = rows.where(column, '=', value);
  }
  const found = await rows.orderBy('requested', 'desc').orderBy('id').limit(wanted.limit).execute();
  return found.map(jobLine);
}

export function backendLines(hub: Hub): BackendLine[] {
  const lines = accounts(hub.state);
  return Object.entries(hub.state.backends ?? {}).map(([name, b]) => ({
    handle: name,
    org: b.org,
    kind: b.kind,
    unit: b.unit,
    order: b.order,
    maximum: b.maximum,
    quota: b.quota,
    waiting: b.queue.length,
    accounts: lines
      .filter(a => a.backend === name)
      .map(({ org, jobs: count, milliseconds, units, reserved, left }) => ({
        org,
        jobs: count,
        milliseconds,
        units,
        reserved,
        left,
      })),
  }));
}

/** Engines give large whole numbers as text. */
const whole = (x: unknown) => (x === null ? null : Number(x));

function jobLine(row: Record<string, unknown>): JobLine {
  const numbers = ['requested', 'started', 'ended', 'milliseconds', 'units'].map(name => [name, whole(row[name])]);
  return { ...row, ...Object.fromEntries(numbers) } as JobLine;
}
