// Writes the golden log of the compute statements of rules 1: run once when they were adopted, never again (`node packages/charter/src/testing/make-golden-compute.ts FILE`).
import { writeFileSync } from 'node:fs';
import { joinBundle } from '@madang/trust';
import { stateDigest } from '../replay.ts';
import { settledWorld } from './world.ts';

const world = await settledWorld();
const maximum = { milliseconds: 60_000, units: 1000 };
const offer = { backend: 'simulator', kind: 'quantum', unit: 'shot', order: 'arrival', maximum };
await world.must('beta', 'steward', 'compute.offer', { ...offer, quotaMilliseconds: 150_000 });
const ask = (org: string, digest: string) =>
  world.must(org, 'researcher', 'compute.request', { backend: 'simulator', program: digest.repeat(32), maximum });
const done = await ask('alpha', '01');
const failed = await ask('alpha', '02');
const cancelled = await ask('gamma', '03');
const waiting = await ask('gamma', '04');
await world.must('beta', 'node', 'compute.start', { job: done });
await world.must('beta', 'node', 'compute.end', {
  job: done,
  outcome: 'done',
  result: '0a'.repeat(32),
  usage: { milliseconds: 1234, units: 1000 },
});
await world.must('beta', 'node', 'compute.start', { job: failed });
await world.must('beta', 'node', 'compute.end', {
  job: failed,
  outcome: 'failed',
  result: '0b'.repeat(32),
  usage: { milliseconds: 5, units: 0 },
});
await world.must('gamma', 'researcher', 'compute.cancel', { job: cancelled });
await world.must('beta', 'steward', 'compute.offer', { ...offer, order: 'own', quotaMilliseconds: 90_000 });
await world.must('beta', 'node', 'compute.start', { job: waiting });
await world.time(world.state.time + 100);

const [target] = process.argv.slice(2);
writeFileSync(target, joinBundle(world.entries));
console.log(JSON.stringify({ entries: world.entries.length, stateDigest: stateDigest(world.state) }, null, 2));
