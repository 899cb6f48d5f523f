// Jobs by the rules: queue, order, quota, accounts, and every refusal.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Body, settledWorld, type World } from '../testing/world.ts';
import { accountOf } from './find.ts';

const program = 'ab'.repeat(32);
const result = 'cd'.repeat(32);
const maximum = { milliseconds: 1000, units: 500 };
const offer = { backend: 'sim', kind: 'quantum', unit: 'shot', order: 'arrival', maximum, quotaMilliseconds: 2500 };

async function offered(change: Body = {}): Promise<World> {
  const world = await settledWorld();
  await world.must('beta', 'steward', 'compute.offer', { ...offer, ...change });
  return world;
}
const ask = (world: World, org = 'alpha', change: Body = {}) =>
  world.must(org, 'researcher', 'compute.request', { backend: 'sim', program, maximum, ...change });
const end = (job: string, change: Body = {}): Body => ({
  job,
  outcome: 'done',
  result,
  usage: { milliseconds: 400, units: 500 },
  ...change,
});
async function refused(answer: Promise<unknown>, code: string): Promise<void> {
  assert.equal(((await answer) as { code?: string }).code, code);
}

test('a job is asked for, started and ended; time is set aside and then booked to who asked', async () => {
  const world = await offered();
  const job = await ask(world);
  const account = () => accountOf(world.state.backends!['sim'], 'alpha');
  assert.deepEqual(account(), { jobs: 0, milliseconds: 0, units: 0, reserved: 1000 });
  assert.deepEqual(world.state.backends!['sim'].queue, [job]);
  await world.must('beta', 'node', 'compute.start', { job });
  assert.equal(world.state.jobs![job].stage, 'running');
  assert.deepEqual(world.state.backends!['sim'].queue, []);
  await world.must('beta', 'node', 'compute.end', end(job));
  assert.deepEqual(account(), { jobs: 1, milliseconds: 400, units: 500, reserved: 0 });
  const { stage, usage, result: found } = world.state.jobs![job];
  assert.deepEqual([stage, usage, found], ['done', { milliseconds: 400, units: 500 }, result]);
});

test('order of arrival is kept, or the provider chooses, as offered', async () => {
  const world = await offered();
  const first = await ask(world);
  const second = await ask(world, 'gamma');
  await refused(world.act('beta', 'node', 'compute.start', { job: second }), 'not-next');
  await world.must('beta', 'steward', 'compute.offer', { ...offer, order: 'own' });
  await world.must('beta', 'node', 'compute.start', { job: second });
  await world.must('beta', 'node', 'compute.start', { job: first });
});

test('only the provider starts and ends, once, within the limit', async () => {
  const world = await offered();
  const job = await ask(world);
  await refused(world.act('gamma', 'node', 'compute.start', { job }), 'not-provider');
  await refused(world.act('beta', 'node', 'compute.end', end(job)), 'not-started');
  await world.must('beta', 'node', 'compute.start', { job });
  await refused(world.act('beta', 'node', 'compute.start', { job }), 'not-queued');
  await refused(world.act('gamma', 'node', 'compute.end', end(job)), 'not-provider');
  for (const usage of [
    { milliseconds: 1001, units: 1 },
    { milliseconds: 1, units: 501 },
  ])
    await refused(world.act('beta', 'node', 'compute.end', end(job, { usage })), 'over-limit');
  await world.must('beta', 'node', 'compute.end', end(job, { outcome: 'failed' }));
  await refused(world.act('beta', 'node', 'compute.end', end(job)), 'job-over');
  await refused(world.act('beta', 'node', 'compute.end', end(program)), 'unknown-job');
});

test('requests: limits of the backend, quota of the organisation', async () => {
  const world = await offered();
  const asks = (change: Body) =>
    world.act('alpha', 'researcher', 'compute.request', { backend: 'sim', program, maximum, ...change });
  await refused(asks({ backend: 'other' }), 'unknown-backend');
  await refused(asks({ backend: 'constructor' }), 'bad-body');
  await refused(asks({ maximum: { milliseconds: 1001, units: 1 } }), 'over-limit');
  await refused(asks({ maximum: { milliseconds: 1, units: 501 } }), 'over-limit');
  const job = await ask(world);
  await ask(world);
  await refused(asks({}), 'over-quota');
  await ask(world, 'gamma');
  await world.must('alpha', 'researcher', 'compute.cancel', { job });
  await ask(world);
});

test('cancelling: while it waits, or when the provider is silent for a day', async () => {
  const world = await offered();
  const job = await ask(world);
  const cancel = (org: string) => world.act(org, 'researcher', 'compute.cancel', { job });
  await refused(cancel('gamma'), 'not-requester');
  await world.must('beta', 'node', 'compute.start', { job });
  await refused(cancel('alpha'), 'running');
  await world.time(world.state.time + 86_402);
  await world.must('alpha', 'researcher', 'compute.cancel', { job });
  await refused(cancel('alpha'), 'job-over');
  await refused(world.act('beta', 'node', 'compute.end', end(job)), 'job-over');
  assert.deepEqual(accountOf(world.state.backends!['sim'], 'alpha'), {
    jobs: 1,
    milliseconds: 0,
    units: 0,
    reserved: 0,
  });
});

test('an offer belongs to its member and keeps its queue', async () => {
  const world = await offered();
  const job = await ask(world);
  await refused(world.act('gamma', 'steward', 'compute.offer', offer), 'handle-taken');
  await refused(world.act('beta', 'steward', 'compute.offer', { ...offer, kind: 'batch' }), 'handle-taken');
  await world.must('beta', 'steward', 'compute.offer', { ...offer, quotaMilliseconds: 0 });
  assert.deepEqual(world.state.backends!['sim'].queue, [job]);
  await refused(
    world.act('gamma', 'researcher', 'compute.request', { backend: 'sim', program, maximum }),
    'over-quota',
  );
});
