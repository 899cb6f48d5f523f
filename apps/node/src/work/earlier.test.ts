// A round is computed on earlier results only when they are the sums of the revealed shares: a lying collector is not followed, an absent blob is waited for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HubClient } from '@madang/api';
import type { Shape, State, Study } from '@madang/charter';
import { addShares, digestOf, makeContribution, packFrame, type ResultDocument } from '@madang/study';
import { encodePublicKey, generateHybridKey, generateSealKey, softwareSigner, toBase64, utf8 } from '@madang/trust';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { folderMemory } from '../store/memory.ts';
import type { Desk } from './desk.ts';
import { earlierRounds } from './earlier.ts';

const OPENING = 'ab'.repeat(32);
const SHAPE: Shape = { encoding: 'masked-sum', length: 3, maximum: 100, field: 64, proofs: 1, chunk: 1 };
const AGGREGATORS = ['agg-a', 'agg-b'];
const ORGS = ['org-a', 'org-b', 'org-c'];

/** A study whose first round is published, the blobs it rests on, and a desk that reads them. */
async function published(folder: string, sums: readonly number[]) {
  const blobs = new Map<string, Uint8Array>();
  const blob = (bytes: Uint8Array) => {
    blobs.set(digestOf(bytes), bytes);
    return digestOf(bytes);
  };
  const keys: Record<string, unknown> = {};
  const slips: [string, Uint8Array][] = [];
  for (const org of ORGS) {
    const key = generateHybridKey();
    keys[key.keyId] = { org, use: 'node', key: encodePublicKey(key.publicKey) };
    const targets = AGGREGATORS.map(a => ({ org: a, sealKey: toBase64(generateSealKey().publicKey) }));
    const [{ slip }] = await makeContribution(
      { opening: OPENING, round: 1, org, shape: SHAPE, aggregators: targets, measurement: [1, 2, 3] },
      softwareSigner(key),
    );
    slips.push([org, slip]);
  }
  const shares = [
    new Uint8Array(new BigInt64Array([5n, -7n, 9n]).buffer),
    new Uint8Array(new BigInt64Array([-2n, 13n, 1n]).buffer),
  ];
  const document: ResultDocument = {
    opening: OPENING,
    round: 1,
    kind: 'kmeans',
    contributors: ORGS,
    noise: [],
    sums,
    decoded: {},
  };
  const study = {
    kind: 'kmeans',
    version: 1,
    title: 'A study',
    shape: SHAPE,
    aggregators: AGGREGATORS,
    opening: {
      id: OPENING,
      rounds: {
        '1': {
          transcript: { id: 't', organisations: ORGS, slips: blob(packFrame(slips)) },
          reveals: { 'agg-a': { share: blob(shares[0]) }, 'agg-b': { share: blob(shares[1]) } },
          result: { id: 'r', digest: blob(utf8(JSON.stringify(document))) },
        },
      },
    },
  } as unknown as Study;
  const lines: string[] = [];
  const desk = {
    memory: folderMemory(folder),
    hub: { blob: async (d: string) => blobs.get(d) } as Partial<HubClient> as HubClient,
    state: { keys } as unknown as State,
    log: (line: string) => lines.push(line),
  } as Partial<Desk> as Desk;
  return { study, desk, lines, blobs, exact: addShares(shares, SHAPE) };
}

test('an honest result is taken, kept, and read from disk the next time; a round before it needs nothing', async () => {
  const folder = tempFolder('madang-earlier-');
  const { study, desk, blobs, exact } = await published(folder, [3, 6, 10]);
  assert.deepEqual(exact, [3, 6, 10]);
  assert.deepEqual(await earlierRounds(desk, study, 1), []);
  const rounds = [{ sums: Float64Array.of(3, 6, 10), contributors: 3, set: 'org-a org-b org-c' }];
  assert.deepEqual(await earlierRounds(desk, study, 2), rounds);
  blobs.clear();
  assert.deepEqual(await earlierRounds(desk, study, 2), rounds);
  assert.deepEqual(await earlierRounds(desk, { ...study, kind: 'statistics' }, 2), []);
});

test("a collector's own numbers are not computed on; a share that is missing is waited for, and said once", async () => {
  const folder = tempFolder('madang-earlier-');
  const lie = await published(folder, [3, 6, 11]);
  assert.equal(await earlierRounds(lie.desk, lie.study, 2), undefined);
  assert.match(lie.lines.join(), /waits for the result of round 1: the result of round 1 is not the sum/);
  const late = await published(folder, [3, 6, 10]);
  const share = late.study.opening!.rounds['1'].reveals['agg-b'].share;
  const bytes = late.blobs.get(share)!;
  late.blobs.delete(share);
  assert.equal(await earlierRounds(late.desk, late.study, 2), undefined);
  assert.equal(await earlierRounds(late.desk, late.study, 2), undefined);
  assert.equal(late.lines.length, 1);
  assert.match(late.lines[0], /the share of agg-b .* is not to be had/);
  late.blobs.set(share, bytes);
  assert.equal((await earlierRounds(late.desk, late.study, 2))?.length, 1);
});
