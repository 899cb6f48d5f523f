// A round in one process: contributors, two aggregators, a collector; honest, lying and vanishing. No network, the very code of a live study.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBase64, opener, openStatement, randomBytes, seal, softwareSigner, toHex } from '@madang/trust';
import type { RoundIntake } from './aggregator/intake.ts';
import { makeContribution, packParcel, unpackParcel } from './contributor.ts';
import { addShares } from './result.ts';
import { digestOf, roundContext, SHARE_INFO, shareAad } from './round/binding.ts';
import { encodingOf } from './round/encoding.ts';
import { packFrame, unpackFrame } from './round/frame.ts';
import { noiseShare } from './round/noise-share.ts';
import { readSlip, signSlip } from './round/slip.ts';
import { localRound, OPENING } from './testing/local-round.ts';

const SHAPE = { encoding: 'prio3-sumvec', length: 6, maximum: 15, field: 64, proofs: 3, chunk: 4 } as const;
const setUp = (count: number) => localRound(count, SHAPE);

function conclude(intakes: readonly RoundIntake[]) {
  const messages = intakes.map(i => i.verifierMessage());
  return Promise.all(intakes.map(i => i.conclude(messages)));
}

test('the sum of all contributions, exactly, and no share says anything alone', async () => {
  const { orgs, intakes, contribute, check } = setUp(5);
  const sums = [0, 0, 0, 0, 0, 0];
  for (const [n, org] of orgs.entries()) {
    const measurement = SHAPE.length === 6 ? [n, 1, 15, 0, n % 3, 7] : [];
    measurement.forEach((v, i) => {
      sums[i] += v;
    });
    const parcels = await contribute(org, measurement);
    for (const [i, p] of parcels.entries()) assert.equal(intakes[i].take(packParcel(p), check), undefined);
  }
  assert.ok(intakes.every(i => i.complete));
  const [a, b] = await conclude(intakes);
  assert.deepEqual(a.organisations, orgs);
  assert.deepEqual(a.organisations, b.organisations);
  assert.equal(a.verifierDigest, b.verifierDigest);
  assert.deepEqual(addShares([a.aggregate, b.aggregate], SHAPE), sums);
  assert.notDeepEqual(addShares([a.aggregate], SHAPE), sums);
});

test('noise is added by each aggregator and may make a sum negative', async () => {
  const { orgs, intakes, contribute, check } = setUp(3);
  for (const org of orgs)
    for (const [i, p] of (await contribute(org, [0, 0, 0, 0, 0, 0])).entries()) intakes[i].take(packParcel(p), check);
  // 120 numbers about zero, each of two noises with a standard deviation of 20.
  const sums: number[] = [];
  for (let draw = 0; draw < 20; draw++) {
    const shares = (await conclude(intakes)).map(c => noiseShare(SHAPE, 2, c.aggregate, 400).share);
    sums.push(...addShares(shares, SHAPE));
  }
  assert.ok(sums.some(s => s < 0) && sums.some(s => s > 0));
  assert.ok(sums.every(s => Math.abs(s) < 400));
  const variance = sums.reduce((sum, s) => sum + s * s, 0) / sums.length;
  assert.ok(variance > 300 && variance < 1600, `${variance}; twice 400 is 800`);
  const again = (await conclude(intakes)).map(c => noiseShare(SHAPE, 2, c.aggregate, 0).share);
  assert.deepEqual(addShares(again, SHAPE), [0, 0, 0, 0, 0, 0]);
});

test('liars are named and the rest finishes', async () => {
  const { orgs, keys, intakes, contribute, check, targets } = setUp(8);
  const honest = orgs.slice(6);
  const send = async (parcels: readonly { slip: Uint8Array; publicShare: Uint8Array; sealedShare: Uint8Array }[]) =>
    parcels.map((p, i) => intakes[i].take(packParcel(p), check));
  for (const org of honest) await send(await contribute(org, [1, 1, 1, 1, 1, 1]));
  // Out of range: the node's own code refuses; a forged shape bypasses it and fails its proof or its length.
  await assert.rejects(contribute(orgs[0], [16, 0, 0, 0, 0, 0]), /allows whole numbers from 0 to 15/);
  await assert.rejects(contribute(orgs[0], [1, 2]), /2 numbers; the study asks for 6/);
  const wide = { ...SHAPE, maximum: 1023 };
  const forged = await makeContribution(
    { opening: OPENING, round: 1, org: orgs[0], shape: wide, aggregators: targets, measurement: [1000, 0, 0, 0, 0, 0] },
    softwareSigner(keys.get(orgs[0])!),
  );
  assert.equal((await send(forged))[0]?.code, 'wrong-length');
  // Another round's contribution.
  assert.equal(
    (await send(await contribute(orgs[1], [1, 1, 1, 1, 1, 1], { opening: OPENING, round: 2 })))[0]?.code,
    'other-round',
  );
  // A sealed share that is not the one in the slip.
  const [x] = await contribute(orgs[2], [1, 1, 1, 1, 1, 1]);
  const [y] = await contribute(orgs[2], [2, 2, 2, 2, 2, 2]);
  assert.equal(intakes[0].take(packParcel({ ...x, sealedShare: y.sealedShare }), check)?.code, 'share-digest');
  // Sealed to the wrong aggregator.
  const parcels = await contribute(orgs[3], [1, 1, 1, 1, 1, 1]);
  assert.equal(intakes[1].take(packParcel(parcels[0]), check)?.code, 'share-digest');
  const swapped = await makeContribution(
    {
      opening: OPENING,
      round: 1,
      org: orgs[3],
      shape: SHAPE,
      aggregators: [targets[1], targets[0]],
      measurement: [1, 1, 1, 1, 1, 1],
    },
    softwareSigner(keys.get(orgs[3])!),
  );
  assert.equal((await send(swapped))[0]?.code, 'sealed-to-another');
  // A slip in another's name.
  const stolen = await makeContribution(
    { opening: OPENING, round: 1, org: orgs[6], shape: SHAPE, aggregators: targets, measurement: [9, 9, 9, 9, 9, 9] },
    softwareSigner(keys.get(orgs[4])!),
  );
  assert.equal((await send(stolen))[0]?.code, 'unknown-key');
  // Two different slips: neither counts. orgs[5] vanishes half way: only one aggregator hears it.
  const [first] = await contribute(orgs[5], [3, 3, 3, 3, 3, 3]);
  intakes[0].take(packParcel(first), check);
  const [a, b] = await conclude(intakes);
  assert.deepEqual(a.organisations, honest);
  assert.deepEqual(b.organisations, honest);
  assert.deepEqual(addShares([a.aggregate, b.aggregate], SHAPE), [2, 2, 2, 2, 2, 2]);
  const reasons = new Map(a.rejected.map(r => [r.org, r.reason]));
  assert.equal(reasons.get(orgs[0]), 'wrong-length');
  assert.equal(reasons.get(orgs[5]), 'not-at-every-aggregator');
});

/** What a liar's own program would send: the first number's lowest bit raised by `by` in the plain share, and all sealed and signed as it should be. */
async function liar(round: ReturnType<typeof setUp>, org: string, by: bigint) {
  const ref = { opening: OPENING, round: 1 };
  const encoding = encodingOf(SHAPE, 2);
  const nonce = randomBytes(encoding.nonceSize);
  const shares = await encoding.shard(roundContext(ref), [1, 1, 1, 1, 1, 1], nonce, randomBytes(encoding.randSize));
  const first = shares.inputShares[0];
  const view = new DataView(first.buffer, first.byteOffset);
  view.setBigUint64(0, (view.getBigUint64(0, true) + by) % (2n ** 32n * 4294967295n + 1n), true);
  const publicShare = digestOf(shares.publicShare);
  const sealed = shares.inputShares.map((share, part) => {
    const { org: aggregator, sealKey } = round.targets[part];
    return seal(fromBase64(sealKey), SHARE_INFO, shareAad(ref, org, part, aggregator, publicShare), share);
  });
  const body = { ...ref, org, nonce: toHex(nonce), publicShare, shares: sealed.map(digestOf) };
  const slip = await signSlip(body, round.signerOf(org));
  return sealed.map(sealedShare => ({ slip, publicShare: shares.publicShare, sealedShare }));
}

test('a number out of range fails its proof at every aggregator, however well it is sealed and signed', async () => {
  const round = setUp(5);
  for (const org of round.orgs.slice(2)) round.send(await round.contribute(org, [1, 1, 1, 1, 1, 1]));
  assert.deepEqual(round.send(await liar(round, round.orgs[0], 0n)), [undefined, undefined]);
  assert.deepEqual(round.send(await liar(round, round.orgs[1], 7n)), [undefined, undefined]);
  const [a, b] = await round.conclude();
  assert.deepEqual(a.rejected, [{ org: round.orgs[1], reason: 'proof-failed' }]);
  assert.deepEqual(b.rejected, a.rejected);
  assert.deepEqual(addShares([a.aggregate, b.aggregate], SHAPE), [4, 4, 4, 4, 4, 4]);
});

test('the same parcel again changes nothing; two different slips are evidence and neither counts', async () => {
  const { orgs, intakes, contribute, check } = setUp(3);
  for (const org of orgs) {
    const parcels = await contribute(org, [1, 0, 0, 0, 0, 0]);
    for (const [i, p] of parcels.entries()) {
      assert.equal(intakes[i].take(packParcel(p), check), undefined);
      assert.equal(intakes[i].take(packParcel(p), check), undefined);
    }
  }
  for (const [i, p] of (await contribute(orgs[0], [5, 0, 0, 0, 0, 0])).entries())
    assert.equal(intakes[i].take(packParcel(p), check)?.code, 'two-slips');
  const [a, b] = await conclude(intakes);
  assert.deepEqual(a.organisations, orgs.slice(1));
  assert.equal(a.rejected[0].reason, 'two-slips');
  assert.deepEqual(addShares([a.aggregate, b.aggregate], SHAPE), [2, 0, 0, 0, 0, 0]);
});

test('any changed byte of a parcel keeps it out, or leaves it as it was', async () => {
  const { orgs, intakes, contribute, check } = setUp(1);
  const bytes = packParcel((await contribute(orgs[0], [1, 2, 3, 4, 5, 6]))[0]);
  for (let at = 3; at < bytes.length; at += Math.ceil(bytes.length / 150)) {
    const spoilt = Uint8Array.from(bytes);
    spoilt[at] ^= 4;
    intakes[0].take(spoilt, check);
    assert.equal(intakes[0].count, 0, `byte ${at}`);
  }
});

test('hub and one aggregator together cannot open a contribution', async () => {
  const { orgs, aggregators, seals, contribute } = setUp(2);
  const parcels = await contribute(orgs[0], [1, 2, 3, 4, 5, 6]);
  // What the hub relays is both parcels; what one aggregator adds is its own sealing key. The other part opens with the other's key alone.
  const ref = { opening: OPENING, round: 1 };
  const { publicShare, sealedShare } = parcels[1];
  const openedBy = (aggregator: number) =>
    opener(seals[aggregator].secretKey).open(
      SHARE_INFO,
      shareAad(ref, orgs[0], 1, aggregators[1], digestOf(publicShare)),
      sealedShare,
    );
  assert.throws(() => openedBy(0), { code: 'open-failed' });
  assert.ok(openedBy(1).length > 0);
  assert.notDeepEqual(parcels[0].sealedShare, sealedShare);
});

test('frames: whole or refused', () => {
  const frame = packFrame([
    ['a', new Uint8Array([1, 2, 3])],
    ['b', new Uint8Array(0)],
  ]);
  assert.deepEqual(
    unpackFrame(frame).map(([n]) => n),
    ['a', 'b'],
  );
  for (let cut = 0; cut < frame.length; cut++) assert.throws(() => unpackFrame(frame.subarray(0, cut)), /is cut/);
  assert.throws(() => unpackFrame(Uint8Array.from([...frame, 0])), /is cut/);
  assert.throws(() => unpackParcel(frame), /not a parcel/);
});

test('a slip is a signed statement of a kind that no log admits', async () => {
  const { orgs, contribute } = setUp(1);
  const [p] = await contribute(orgs[0], [1, 1, 1, 1, 1, 1]);
  const opened = openStatement(p.slip);
  assert.equal(opened.kind, 'round.slip');
  assert.equal(readSlip(p.slip).slip.org, orgs[0]);
});
