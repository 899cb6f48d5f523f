// A standing policy approves sums without noise only for kinds that say why they need none; every other such proposal waits, and no person can wave it through.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HubError } from '@madang/api';
import type { State, Study } from '@madang/charter';
import { borderPlanning, digestOf, kindOf, type StudyKind, sharedRidge } from '@madang/study';
import { generateHybridKey, generateSealKey, openStatement, softwareSigner, toBase64, utf8 } from '@madang/trust';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { folderMemory } from '../store/memory.ts';
import type { Desk } from './desk.ts';
import { type Decision, type PendingRequest, steward } from './steward.ts';

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

const POLICY = {
  kinds: [borderPlanning.kind, sharedRidge.kind],
  purposes: ['DUO:0000007'],
  minimumContributors: 3,
  maximumRounds: 5,
  maximumMicroRhoPerRound: 1,
};

/** A node that is asked this, at a hub that can be down, and what it has sent. */
function nodeAsked(query: { kind: string; version: number }, standingPolicy?: typeof POLICY) {
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
    replyKey: toBase64(generateSealKey().publicKey),
  } as unknown as Study;
  const folder = tempFolder('madang-steward-');
  const memory = folderMemory(folder);
  const sent: string[] = [];
  const hubIs = { down: false };
  const desk = {
    config: { org: 'a', datasets: [], standingPolicy },
    hub: {
      blob: async () => utf8(text),
      submit: async (envelope: Uint8Array) => {
        if (hubIs.down) throw new HubError('unreachable', 'the hub does not answer', 0);
        sent.push(openStatement(envelope).kind);
        return { index: 1 };
      },
      sendMail: async (_to: string, topic: string) => void sent.push(topic),
    },
    follower: { seen: { size: 1, root: 'ab'.repeat(32) } },
    memory,
    state: { time: 0, studies: { s: study }, datasets: { d: { org: 'a' } }, ledgers: {} } as unknown as State,
    now: () => 0,
    log: () => undefined,
    signer: async () => softwareSigner(generateHybridKey()),
  } as unknown as Desk;
  return { desk, folder, sent, hubIs };
}

/** What a node with a policy for these kinds submits and leaves waiting. */
async function decided(query: { kind: string; version: number }, decision?: 'approve') {
  const { desk, sent } = nodeAsked(query, POLICY);
  if (decision) await desk.memory.putJson('steward/decisions/s.json', { decision });
  await steward(desk);
  const pending = await desk.memory.json<PendingRequest>('steward/pending/s.json');
  return { submitted: sent, waitsBecause: pending?.waitsBecause };
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

test('a steward who thinks again before the hub has heard is heard', async () => {
  const { desk, folder, sent, hubIs } = nodeAsked(borders);
  // `madang node approve` and `decline` are processes of their own.
  const decide = (decision: Decision) => folderMemory(folder).putJson('steward/decisions/s.json', decision);
  await steward(desk);
  await decide({ decision: 'approve' });
  hubIs.down = true;
  await assert.rejects(steward(desk), /does not answer/);
  await decide({ decision: 'decline', reason: 'not this year' });
  hubIs.down = false;
  await steward(desk);
  assert.deepEqual(sent, ['decline/s']);
});

test('a request that waits is written once', async () => {
  const { desk } = nodeAsked(borders);
  await steward(desk);
  desk.memory.putJson = () => assert.fail('it was written again');
  await steward(desk);
});

test('a stop is said in the log once the approval is there, and nothing is approved after it', async () => {
  const { desk, folder, sent } = nodeAsked(borders, POLICY);
  await folderMemory(folder).putJson('steward/stopped/s.json', { by: 'a' });
  await steward(desk);
  assert.deepEqual(sent, []);
  const study = desk.state.studies['s'] as { stage: string; approvals: object };
  study.stage = 'open';
  study.approvals = { a: { id: 'ab'.repeat(32) } };
  await steward(desk);
  await steward(desk);
  assert.deepEqual(sent, ['study.withdraw']);
});
