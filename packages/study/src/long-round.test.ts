// A round of long vectors in one process, over stores that hold parts: sums, noise, results, liars, restarts. The least length that goes in parts.
import assert from 'node:assert/strict';
import * as nodeCrypto from 'node:crypto';
import { test } from 'node:test';
import type { Round, Shape, State, Study } from '@madang/charter';
import { nodeBody, nodeMask } from '@madang/privacy';
import { concat, utf8 } from '@madang/trust';
import { makeResult } from './collector.ts';
import { type BodyTarget, makeContribution, packParcel, unpackParcel } from './contributor.ts';
import { checkResult, type ResultDocument, revealedSums, unpackDoubles } from './result.ts';
import { digestOf } from './round/binding.ts';
import { packFrame } from './round/frame.ts';
import type { BodySource, LongCipher } from './round/long.ts';
import { noisePart } from './round/long-share.ts';
import { PART_BYTES, packManifest, partCount, partRange, readManifest } from './round/parts.ts';
import { localRound, OPENING } from './testing/local-round.ts';

const cipher: LongCipher = { mask: nodeMask(nodeCrypto), body: nodeBody(nodeCrypto) };
const LENGTH = 600_001;
const shapeOf = (field: 32 | 64): Shape => ({
  encoding: 'masked-sum',
  length: LENGTH,
  maximum: field === 32 ? 2 ** 20 : 2 ** 45,
  field,
  proofs: 1,
  chunk: 1,
});
const vectorOf = (n: number) => Float64Array.from({ length: LENGTH }, (_, i) => (i * (n + 1) * 7919) % 1_000_003);

/** Chunks of one contributor in memory. */
class Chunks implements BodyTarget, BodySource {
  readonly cipher = cipher;
  readonly list: Uint8Array[] = [];
  async store(index: number, chunk: Uint8Array): Promise<void> {
    this.list[index] = chunk.slice();
  }
  complete(count: number): boolean {
    return this.list.filter(c => c).length === count;
  }
  async read(index: number): Promise<Uint8Array> {
    return this.list[index];
  }
}

async function contributed(field: 32 | 64, aggregators = 2, count = 3) {
  const shape = shapeOf(field);
  const round = localRound(count, shape, aggregators, 1, cipher);
  const bodies = new Map<string, Chunks>();
  for (const [n, org] of round.orgs.entries()) {
    const chunks = new Chunks();
    const request = {
      opening: OPENING,
      round: 1,
      org,
      shape,
      aggregators: round.targets,
      measurement: vectorOf(n).map(v => Math.min(v, shape.maximum)),
    };
    const parcels = await makeContribution(request, round.signerOf(org), chunks);
    assert.ok(parcels.every(p => p.sealedShare.length < 3000));
    assert.ok(round.send(parcels).every(r => r === undefined));
    bodies.set(digestOf(parcels[0].sealedShare), chunks);
  }
  const body = async (header: string) => bodies.get(header);
  return { shape, round, bodies, body };
}

/** A study as the log has it after everybody has revealed, and the blobs. */
async function published(field: 32 | 64, variance: number, aggregators = 2) {
  const { shape, round, body } = await contributed(field, aggregators);
  for (const intake of round.intakes) assert.deepEqual(await intake.takeBodies(body), []);
  const blobs = new Map<string, Uint8Array>();
  const put = async (bytes: Uint8Array) => {
    const digest = digestOf(bytes);
    blobs.set(digest, bytes.slice());
    return digest;
  };
  const reveals: Record<string, { share: string; blind: string }> = {};
  const conclusions = await round.conclude();
  for (const [i, c] of conclusions.entries()) {
    assert.equal(c.aggregate.length, 0);
    const digests: string[] = [];
    for await (const part of c.parts!()) digests.push(await put(noisePart(shape, aggregators, part, variance, cipher)));
    assert.equal(digests.length, partCount(shape));
    reveals[round.aggregators[i]] = { share: await put(packManifest(digests)), blind: '' };
  }
  const transcript = { id: 't', organisations: conclusions[0].organisations, slips: await put(conclusions[0].slips) };
  const keys = Object.fromEntries(round.orgs.map(o => [round.keys.get(o)!.keyId, round.logKeyOf(o)]));
  const r = { transcript, reveals, result: { id: 'r', digest: '' } };
  const study = {
    title: 'long',
    kind: 'kmeans',
    version: 1,
    shape,
    aggregators: round.aggregators,
    charges: [],
    collector: 'public',
    opening: { id: OPENING, rounds: { '1': r } },
  } as unknown as Study;
  const blob = async (digest: string) => blobs.get(digest) ?? assert.fail(`no blob ${digest}`);
  return { shape, round, study, r, blobs, put, blob, state: { keys } as unknown as State };
}

test('parts: the same numbers everywhere, whole in both rings', () => {
  for (const field of [32, 64] as const) {
    const shape = shapeOf(field);
    let next = 0;
    for (let part = 0; part < partCount(shape); part++) {
      const { first, count } = partRange(shape, part);
      assert.equal(first, next);
      assert.ok((count * field) / 8 <= PART_BYTES && count * 8 <= 8 << 20);
      next += count;
    }
    assert.equal(next, LENGTH);
  }
  const digests = ['ab', 'cd'].map(x => x.repeat(32));
  assert.deepEqual(readManifest(packManifest(digests), 2), digests);
  for (const count of [1, 3]) assert.equal(readManifest(packManifest(digests), count), undefined);
  assert.equal(readManifest(concat(utf8('x'), packManifest(digests).subarray(1)), 2), undefined);
});

test('sums in both rings, with two and three aggregators, part by part', async () => {
  for (const [field, aggregators] of [
    [32, 2],
    [64, 3],
  ] as const) {
    const { study, shape, r, blob } = await published(field, 0, aggregators);
    let seen = 0;
    for await (const { first, sums } of revealedSums(study, r as unknown as Round, blob))
      for (const [k, sum] of sums.entries()) {
        let expected = 0;
        for (let n = 0; n < 3; n++) expected += Math.min(((first + k) * (n + 1) * 7919) % 1_000_003, shape.maximum);
        if (sum !== expected) assert.equal(sum, expected, `number ${first + k}`);
        seen += 1;
      }
    assert.equal(seen, LENGTH);
  }
});

test('a noised result in parts is checked; a changed part, a missing one and a wrong list are found', async () => {
  const p = await published(64, 900);
  const query = {
    kind: 'kmeans',
    version: 1,
    file: 'rows',
    features: [{ column: 'a', low: 0, high: 1 }],
    unit: 'person',
    rowsPerUnit: 1,
    maximumRows: 9,
    settings: { clusters: 2, seed: '', rounds: 2, tolerance: 0, bits: 8 },
  };
  const bytes = await makeResult(p.study, 1, JSON.stringify(query), p.blob, p.put);
  p.r.result.digest = await p.put(bytes);
  const document = JSON.parse(new TextDecoder().decode(bytes)) as ResultDocument;
  assert.ok(bytes.length < 2000 && document.sums.length === 0);
  const read = async (digest: string) => p.blobs.get(digest);
  const good = await checkResult(p.state, p.study, '1', read);
  assert.ok(good.outcome === 'checked', JSON.stringify(good));
  const expected = Array.from({ length: LENGTH }, (_, i) => [0, 1, 2].reduce((s, n) => s + vectorOfAt(n, i), 0));
  const off = expected.map((x, i) => good.sums[i] - x);
  assert.ok(off.some(d => d > 0) && off.some(d => d < 0) && off.every(d => Math.abs(d) < 400));
  const light = await checkResult(p.state, p.study, '1', read, false);
  assert.ok(light.outcome === 'checked' && light.sums.length === 0);

  const last = document.sumParts!.at(-1)!;
  const republish = async (change: Partial<ResultDocument>) => {
    p.r.result.digest = await p.put(utf8(JSON.stringify({ ...document, ...change })));
    return checkResult(p.state, p.study, '1', read);
  };
  const spoilt = unpackDoubles(p.blobs.get(last)!);
  spoilt[5] += 1;
  const wrongPart = await p.put(new Uint8Array(spoilt.buffer));
  for (const change of [
    { sumParts: [...document.sumParts!.slice(0, -1), wrongPart] },
    { sumParts: document.sumParts!.slice(0, -1) },
    { sumParts: [...document.sumParts!].reverse() },
    { sums: [1] },
    { round: 2 },
  ])
    assert.equal((await republish(change)).outcome, 'wrong', JSON.stringify(change).slice(0, 60));
  p.r.result.digest = digestOf(bytes);
  p.blobs.delete(last);
  assert.equal((await checkResult(p.state, p.study, '1', read)).outcome, 'missing');
  await p.put(new Uint8Array(spoilt.buffer));
  const manifest = p.r.reveals[p.round.aggregators[0]];
  manifest.share = await p.put(p.blobs.get(manifest.share)!.slice(0, -32));
  const cut = await checkResult(p.state, p.study, '1', read);
  assert.ok(cut.outcome === 'wrong' && /neither in one piece nor a list/.test(cut.why), JSON.stringify(cut));
});

const vectorOfAt = (n: number, i: number) => (i * (n + 1) * 7919) % 1_000_003;

test('a body that is late, broken or cut costs its own contribution; after a restart the same stands', async () => {
  const { round, body, bodies } = await contributed(64);
  const [first, second, third] = [...bodies.values()];
  assert.equal(round.intakes[0].complete, false);
  assert.ok(round.intakes[1].complete, 'seeds have no body');
  const kept = second.list.pop()!;
  third.list[0][1000] ^= 1;
  const refusals = await round.intakes[0].takeBodies(body);
  assert.deepEqual(
    refusals.map(r => r.code),
    ['body-broken'],
  );
  assert.equal(round.intakes[0].count, 1);
  second.list.push(kept);
  assert.deepEqual(await round.intakes[0].takeBodies(body), []);
  assert.ok(round.intakes[0].complete);
  const messages = round.intakes.map(i => i.verifierMessage());
  const [a, b] = await Promise.all(round.intakes.map(i => i.conclude(messages)));
  assert.deepEqual(a.organisations, round.orgs.slice(0, 2));
  assert.equal(a.verifierDigest, b.verifierDigest);
  assert.deepEqual(a.rejected, [{ org: round.orgs[2], reason: 'body-broken' }]);
  // Bytes that change on disk after they were taken in stop the aggregator, not the contributor.
  first.list[1][7] ^= 1;
  await assert.rejects(async () => {
    for await (const _ of a.parts!());
  }, /stored body of org-00 is not the one that was taken in/);
  first.list[1][7] ^= 1;
  const again = round.intake(0);
  await assert.rejects(again.conclude(messages), /no longer has the contribution/);
});

test('a body of another length, or a short share where a body belongs, is refused by name', async () => {
  const { shape, round } = await contributed(64);
  const [org] = round.orgs;
  const fresh = round.intake(0);
  const forged = async (length: number) => {
    const request = {
      opening: OPENING,
      round: 1,
      org,
      shape: { ...shape, length },
      aggregators: round.targets,
      measurement: new Float64Array(length),
    };
    return (await makeContribution(request, round.signerOf(org), new Chunks()))[0];
  };
  assert.equal(fresh.take(packParcel(await forged(2_000_000)), round.check)?.code, 'wrong-length');
  const short = packParcel(await forged(10));
  assert.equal(round.intake(0).take(short, round.check)?.code, 'malformed');
  const parcel = await forged(LENGTH);
  const spoilt = unpackParcel(packParcel(parcel));
  const header = spoilt.sealedShare.slice();
  header[header.length - 1] ^= 1;
  const swapped = packFrame([
    ['slip', spoilt.slip],
    ['public', spoilt.publicShare],
    ['sealed', header],
  ]);
  assert.equal(round.intake(0).take(swapped, round.check)?.code, 'share-digest');
  const request = { opening: OPENING, round: 1, org, shape, aggregators: round.targets, measurement: vectorOf(0) };
  await assert.rejects(makeContribution(request, round.signerOf(org)), /needs a place for its chunks/);
});
