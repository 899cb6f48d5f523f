// The compute page with nothing on offer, and with a backend, an account and jobs of every stage.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Site } from '../models.ts';
import { EMPTY_SITE } from '../testing/site.ts';
import { drawCompute } from './compute.ts';

const site: Site = { ...EMPTY_SITE, nameOf: org => `The ${org} office` };

test('nothing on offer', () => {
  assert.match(drawCompute(site, { backends: [], jobs: [] }), /No member offers to compute/);
});

test('terms, accounts, jobs', () => {
  const account = { org: 'health', jobs: 2, milliseconds: 1500, units: 1300, reserved: 60_000, left: 138_500 };
  const backend = {
    handle: 'sim',
    org: 'labour',
    kind: 'quantum',
    unit: 'shot',
    order: 'arrival',
    maximum: { milliseconds: 60_000, units: 5000 },
    quota: 200_000,
    waiting: 1,
    accounts: [account],
  } as const;
  const job = { backend: 'sim', org: 'health', requested: 1_800_000_000 };
  const text = drawCompute(site, {
    backends: [backend],
    jobs: [
      { ...job, id: 'a'.repeat(64), stage: 'queued', milliseconds: null, units: null, result: null },
      { ...job, id: 'b'.repeat(64), stage: 'done', milliseconds: 1500, units: 1300, result: 'c'.repeat(64) },
    ],
  });
  for (const words of [
    /5,000 shots/,
    /The oldest job runs first/,
    /1,300/,
    /138\.5 s/,
    /queued/,
    /The labour office/,
    /\/v1\/blobs\/c{64}/,
  ])
    assert.match(text, words);
});
