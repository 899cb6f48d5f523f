// A standing policy approves sums without noise only for kinds that say why they need none; every other such proposal waits, and no person can wave it through.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { State, Study } from '@madang/charter';
import { borderPlanning, digestOf, kindOf, type StudyKind, sharedRidge } from '@madang/study';
import { generateHybridKey, openStatement, softwareSigner, utf8 } from '@madang/trust';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { folderMemory } from '../store/memory.ts';
import type { Desk } from './desk.ts';
import { type PendingRequest, steward } from './steward.ts';

const borders = {
  kind: 'border-planning',
  version: 1,
  borders: [{ name: 'x', from: { operator: 'a', bus: '1' }, to: { operator: 'b', bus: '1' }, capacityMw: 10 }],
  snapshots: 2,
  mostRounds: 3,
  rho: 0.3,
  gap: 1e-3,
  mostCost: 1000,
};
const ridge = {
  kind: 'shared-ridge',
  version: 1,
  target: 'ILI',
  frozenOn: '2020-10-07',
  asOf: ['2024-10-02'],
  spec: {
    steps: 5,
    terms: ['anomaly'],
    rowNorm: 2,
    targetBound: 0.4,
    penaltyPeriods: 50,
    shapes: 'one',
    cells: 16,
  },
  maximumRows: 100,
  bits: 10,
  variance: 0,
  aggregators: 2,
};

/** What a node with a policy for these kinds submits and leaves waiting. */
async function decided(query: { kind: string; version: number }, decision?: 'approve') {
  const kind = kindOf(query.kind, query.version) as StudyKind<unknown>;
  const text = JSON.stringify(query);
  const study = {
    org: 'p',
    kind: query.kind,
    version: 1,
    title: 't',
    purpose: 'DUO:0000007',
    query: digestOf(utf8(text)),
    datasets: ['d'],
    shape: kind.shape(kind.parse(text)),
    rounds: 3,
    minimum: 3,
    aggregators: ['x', 'y'],
    collector: 'public',
    charges: [],
    approveBy: 10,
    stage: 'proposed',
    approvals: {},
    ready: {},
  } as unknown as Study;
  const folder = tempFolder('madang-steward-');
  const memory = folderMemory(folder);
  if (decision) await memory.putJson('steward/decisions/s.json', { decision });
  const submitted: string[] = [];
  const desk = {
    config: {
      org: 'a',
      datasets: [],
      standingPolicy: {
        kinds: [borderPlanning.kind, sharedRidge.kind],
        purposes: ['DUO:0000007'],
        minimumContributors: 3,
        maximumRounds: 5,
        maximumMicroRhoPerRound: 1,
      },
    },
    hub: {
      blob: async () => utf8(text),
      submit: async (envelope: Uint8Array) => {
        submitted.push(openStatement(envelope).kind);
        return { index: 1 };
      },
    },
    follower: { seen: { size: 1, root: 'ab'.repeat(32) } },
    memory,
    state: { time: 0, studies: { s: study }, datasets: { d: { org: 'a' } }, ledgers: {} } as unknown as State,
    now: () => 0,
    log: () => undefined,
    signer: async () => softwareSigner(generateHybridKey()),
  } as unknown as Desk;
  await steward(desk);
  const pending = await memory.json<PendingRequest>('steward/pending/s.json');
  return { submitted, waitsBecause: pending?.waitsBecause };
}

test('exact totals of a kind that says why are approved by the policy', async () => {
  assert.deepEqual(await decided(borders), { submitted: ['study.approve'], waitsBecause: undefined });
});

test('a kind of people’s data without noise waits, also when a person has approved it', async () => {
  for (const decision of [undefined, 'approve'] as const)
    assert.deepEqual(await decided(ridge, decision), {
      submitted: [],
      waitsBecause: 'the proposal releases sums without noise',
    });
});
