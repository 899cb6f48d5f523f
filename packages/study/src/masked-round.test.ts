// A round of masked sums in one process: long vectors, liars, twins, restarts. What proofs would catch is not caught here, and the last test says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Shape } from '@madang/charter';
import { softwareSigner } from '@madang/trust';
import fc from 'fast-check';
import { makeContribution, packParcel } from './contributor.ts';
import { addShares } from './result.ts';
import { noiseShare } from './round/noise-share.ts';
import { joinPieces, piecesOf, readPiece } from './round/pieces.ts';
import { localRound, OPENING } from './testing/local-round.ts';

const shapeOf = (length: number, field: 32 | 64, maximum = 1000): Shape => ({
  encoding: 'masked-sum',
  length,
  maximum,
  field,
  proofs: 1,
  chunk: 1,
});
const SHAPE = shapeOf(6, 64);
const ones = [1, 1, 1, 1, 1, 1];

test('sums in both rings, for two to four aggregators, over many pieces of mask; the others hold 32 bytes', async () => {
  for (const [field, aggregators, length] of [
    [32, 2, 70_001],
    [64, 2, 40_000],
    [32, 3, 5],
    [64, 4, 1],
  ] as const) {
    const maximum = field === 32 ? 2 ** 28 : 2 ** 50;
    const shape = shapeOf(length, field, maximum);
    const round = localRound(4, shape, aggregators);
    const sums = new Array<number>(length).fill(0);
    for (const [n, org] of round.orgs.entries()) {
      const vector = Array.from({ length }, (_, i) => (i === 0 ? maximum : (i * (n + 1) * 7919) % 1000));
      vector.forEach((v, i) => {
        sums[i] += v;
      });
      const parcels = await round.contribute(org, vector);
      assert.ok(parcels[0].sealedShare.length > (length * field) / 8);
      for (const p of parcels.slice(1)) assert.ok(p.sealedShare.length < 1200);
      assert.ok(round.send(parcels).every(r => r === undefined));
    }
    const conclusions = await round.conclude();
    const shares = conclusions.map(c => c.aggregate);
    assert.equal(new Set(conclusions.map(c => c.verifierDigest)).size, 1);
    if (field === 64 || sums[0] < 2 ** 31) assert.deepEqual(addShares(shares, shape), sums);
    assert.notDeepEqual(addShares([...shares.slice(1), new Uint8Array(shares[0].length)], shape), sums);
  }
});

test('noise goes into the ring and may make a sum negative', async () => {
  for (const field of [32, 64] as const) {
    const shape = shapeOf(200, field);
    const round = localRound(3, shape);
    for (const org of round.orgs) round.send(await round.contribute(org, new Float64Array(200)));
    const shares = (await round.conclude()).map(c => noiseShare(shape, 2, c.aggregate, 400).share);
    const sums = addShares(shares, shape);
    assert.ok(sums.some(s => s < 0) && sums.some(s => s > 0));
    assert.ok(sums.every(s => Math.abs(s) < 300));
    // Variance 800: the mean square of 200 draws is within a half of it but for a chance below 1e-6.
    const meanSquare = sums.reduce((t, s) => t + s * s, 0) / sums.length;
    assert.ok(meanSquare > 400 && meanSquare < 1400, String(meanSquare));
  }
});

test('liars are named and the rest finishes', async () => {
  const round = localRound(9, SHAPE);
  const { orgs, keys, intakes, targets, contribute, send, check } = round;
  for (const org of orgs.slice(7)) send(await contribute(org, ones));
  await assert.rejects(contribute(orgs[0], [1001, 0, 0, 0, 0, 0]), /allows whole numbers from 0 to 1000/);
  const forged = (org: string, shape: Shape, aggregators = targets) =>
    makeContribution(
      { opening: OPENING, round: 1, org, shape, aggregators, measurement: new Array(shape.length).fill(1) },
      softwareSigner(keys.get(org)!),
    );
  // Another length, another ring.
  assert.equal(send(await forged(orgs[0], shapeOf(7, 64)))[0]?.code, 'wrong-length');
  assert.equal(send(await forged(orgs[1], shapeOf(6, 32)))[0]?.code, 'wrong-length');
  // Seeds where the vector belongs, and the other way round.
  assert.deepEqual(
    send(await forged(orgs[2], SHAPE, [targets[1], targets[0]])).map(r => r?.code),
    ['sealed-to-another', 'sealed-to-another'],
  );
  // A proof where none is asked for: a public share that nobody reads could carry anything.
  const prio3: Shape = { encoding: 'prio3-sumvec', length: 6, maximum: 15, field: 64, proofs: 3, chunk: 4 };
  assert.ok(send(await forged(orgs[3], prio3)).every(r => r?.code === 'wrong-length'));
  assert.equal(send(await contribute(orgs[4], ones, { opening: OPENING, round: 2 }))[0]?.code, 'other-round');
  // Twins at both; heard by one aggregator alone.
  send(await contribute(orgs[5], ones));
  assert.ok(send(await contribute(orgs[5], ones)).every(r => r?.code === 'two-slips'));
  const [, second] = await contribute(orgs[6], ones);
  assert.equal(intakes[1].take(packParcel(second), check), undefined);
  const [a, b] = await round.conclude();
  assert.deepEqual(a.organisations, orgs.slice(7));
  assert.deepEqual(b.organisations, orgs.slice(7));
  assert.equal(a.verifierDigest, b.verifierDigest);
  assert.deepEqual(addShares([a.aggregate, b.aggregate], SHAPE), [2, 2, 2, 2, 2, 2]);
  const reasons = new Map(a.rejected.map(r => [r.org, r.reason]));
  assert.deepEqual(
    orgs.slice(0, 7).map(o => reasons.get(o)),
    [
      'wrong-length',
      'wrong-length',
      'sealed-to-another',
      'wrong-length',
      'other-round',
      'two-slips',
      'not-at-every-aggregator',
    ],
  );
});

test('any changed byte of a parcel keeps it out', async () => {
  const round = localRound(1, SHAPE);
  for (const [i, parcel] of (await round.contribute(round.orgs[0], ones)).entries()) {
    const bytes = packParcel(parcel);
    for (let at = 3; at < bytes.length; at += Math.ceil(bytes.length / 100)) {
      const spoilt = Uint8Array.from(bytes);
      spoilt[at] ^= 4;
      round.intakes[i].take(spoilt, round.check);
      assert.equal(round.intakes[i].count, 0, `byte ${at}`);
    }
  }
});

const PROVEN: Shape = { encoding: 'prio3-sumvec', length: 6, maximum: 15, field: 64, proofs: 3, chunk: 4 };
for (const shape of [SHAPE, PROVEN])
  test(`${shape.encoding}: what was told the others stands, after a restart and whatever comes later`, async () => {
    const round = localRound(3, shape);
    const { orgs, intakes, intake, contribute, check } = round;
    const letters: Uint8Array[] = [];
    for (const org of orgs)
      for (const [i, p] of (await contribute(org, ones)).entries()) {
        if (i === 0) letters.push(packParcel(p));
        intakes[i].take(packParcel(p), check);
      }
    const messages = intakes.map(i => i.verifierMessage());
    // A twin for one aggregator alone, once both have spoken: it must not be able to split their views.
    const [twin] = await contribute(orgs[0], ones);
    letters.push(packParcel(twin));
    assert.equal(intakes[0].take(packParcel(twin), check)?.code, 'two-slips');
    const [a, b] = await Promise.all(intakes.map(i => i.conclude(messages)));
    assert.deepEqual(a.organisations, orgs);
    assert.deepEqual(addShares([a.aggregate, b.aggregate], shape), [3, 3, 3, 3, 3, 3]);
    const again = intake(0);
    for (const l of letters) again.take(l, check);
    assert.deepEqual(await again.conclude(messages), a);
    // Not everything is back yet: it says so and another try may succeed; nobody is rejected for it.
    const early = intake(0);
    for (const l of letters.slice(1)) early.take(l, check);
    await assert.rejects(early.conclude(messages), /no longer has the contribution of org-00/);
  });

test('a stored parcel that changed between the two readings stops the aggregator, not the contributor', async () => {
  const round = localRound(3, SHAPE);
  for (const org of round.orgs) {
    const [first, second] = (await round.contribute(org, ones)).map(packParcel);
    round.intakes[0].take(first, round.check, async () => (org === round.orgs[1] ? second : first));
    round.intakes[1].take(second, round.check);
  }
  await assert.rejects(round.conclude(), /stored parcel of org-01 is not the one that was taken in/);
});

test('a node that lies about its range is counted: masked sum proves nothing', async () => {
  const round = localRound(3, SHAPE);
  for (const org of round.orgs.slice(1)) round.send(await round.contribute(org, ones));
  const lie = await makeContribution(
    {
      opening: OPENING,
      round: 1,
      org: round.orgs[0],
      shape: shapeOf(6, 64, 2 ** 40),
      aggregators: round.targets,
      measurement: [2 ** 40, 0, 0, 0, 0, 0],
    },
    round.signerOf(round.orgs[0]),
  );
  assert.ok(round.send(lie).every(r => r === undefined));
  const shares = (await round.conclude()).map(c => c.aggregate);
  assert.deepEqual(addShares(shares, SHAPE), [2 ** 40 + 2, 2, 2, 2, 2, 2]);
});

test('shares of rings are added as 64-bit arithmetic says, and are of whole numbers', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(32 as const, 64 as const),
      fc.array(fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { minLength: 4, maxLength: 4 }), {
        minLength: 2,
        maxLength: 5,
      }),
      (field, rows) => {
        const shares = rows.map(row => {
          const view = new DataView(new ArrayBuffer((4 * field) / 8));
          row.forEach((x, i) => {
            if (field === 32) view.setUint32(4 * i, Number(x & 0xffffffffn), true);
            else view.setBigUint64(8 * i, x, true);
          });
          return new Uint8Array(view.buffer);
        });
        const expected = [0, 1, 2, 3].map(i =>
          Number(
            BigInt.asIntN(
              field,
              rows.reduce((s, r) => s + r[i], 0n),
            ),
          ),
        );
        assert.deepEqual(addShares(shares, shapeOf(4, field)), expected);
      },
    ),
  );
  const seven = [new Uint8Array(7), new Uint8Array(7)];
  assert.throws(() => addShares(seven, shapeOf(4, 64)), /not whole numbers of this shape/);
  assert.throws(() => addShares([new Uint8Array(16), new Uint8Array(8)], shapeOf(4, 64)), /differ in length/);
  assert.throws(
    () => addShares(seven, { encoding: 'masked-sum', field: 128 }),
    /no masked-sum has numbers of 128 bits/,
  );
  assert.throws(() => addShares(seven, { encoding: 'prio3-sumvec', field: 32 }), /no prio3-sumvec has numbers of 32/);
  // All bits set is a number of the ring and none of the field.
  const full = [new Uint8Array(8).fill(255), new Uint8Array(8)];
  assert.deepEqual(addShares(full, { encoding: 'masked-sum', field: 64 }), [-1]);
  assert.throws(() => addShares(full, { encoding: 'prio3-sumvec', field: 64 }), /not in the field/);
});

test('pieces: any message comes back whole, from pieces within the limit; others are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 41, max: 200 }), (message, limit) => {
      const pieces = [...piecesOf(message, limit)];
      assert.ok(pieces.every(p => p.length <= limit));
      pieces.forEach((p, i) => {
        assert.deepEqual({ ...readPiece(p), whole: '' }, { whole: '', index: i, count: pieces.length });
      });
      assert.deepEqual(joinPieces(pieces), message);
      if (pieces.length > 1) assert.throws(() => joinPieces(pieces.slice(1)), /do not make the message/);
    }),
  );
  assert.throws(() => readPiece(new Uint8Array(39)), /not a piece/);
  assert.throws(() => readPiece(new Uint8Array(60)), /not a piece/);
  assert.throws(() => joinPieces([]), /do not make/);
});
