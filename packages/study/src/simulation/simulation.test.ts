import assert from 'node:assert/strict';
import * as nodeCrypto from 'node:crypto';
import { test } from 'node:test';
import { nodeMask } from '@madang/privacy';
import fc from 'fast-check';
import { type Ask, addIntegers } from '../kinds/learner.ts';
import { learningKinds, sameModel, simulateLearning } from './learning.ts';
import { ringBits, secureSum } from './secure-sum.ts';

const randomBytes = (n: number) => new Uint8Array(nodeCrypto.randomBytes(n));
const mask = nodeMask(nodeCrypto);
/** Small studies; each kind with the settings that it has. */
const settingsOf = (kind: string, trees: number): Record<string, number> =>
  kind.startsWith('gbdt') ? { trees, depth: 3 } : kind === 'ridge' ? { hidden: 20 } : { rounds: 6 };
const ask = (length: number, limit: bigint): Ask => ({ label: 'test', length, limit, rowDiameterSquared: 1n });

test('secret shares add up to the plain sum, in both rings, at the limits', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.constantFrom(100n, 2n ** 28n, 2n ** 40n),
      fc.infiniteStream(fc.double({ min: -1, max: 1, noNaN: true })),
      async (n, limit, stream) => {
        const [a] = [stream[Symbol.iterator]()];
        const vectors = Array.from({ length: n }, () =>
          Float64Array.from(
            { length: 5 },
            (_, i) => (i === 0 ? 1 : i === 1 ? -1 : Math.round(a.next().value as number)) * Number(limit),
          ),
        );
        const traffic = { bytes: 0 };
        const secure = await secureSum(mask, randomBytes, traffic)(vectors, ask(5, limit));
        assert.deepEqual(Array.from(secure as Float64Array, Number), Array.from(addIntegers(vectors) as Float64Array));
        assert.equal(traffic.bytes, n * (32 + 5 * (ringBits(ask(5, limit), n) / 8)));
      },
    ),
  );
  const big = [new BigInt64Array([2n ** 50n]), new BigInt64Array([-(2n ** 51n)])];
  assert.deepEqual(
    await secureSum(mask, randomBytes, { bytes: 0 })(big, ask(1, 2n ** 60n)),
    new Float64Array([-(2 ** 50)]),
  );
  await assert.rejects(
    async () => secureSum(mask, randomBytes, { bytes: 0 })([new BigInt64Array([2n ** 55n + 1n])], ask(1, 2n ** 60n)),
    /too large to be exact/,
  );
});

test('a ring that cannot hold the sum is refused', () => {
  assert.equal(ringBits(ask(1, 2n ** 27n), 14), 32);
  assert.equal(ringBits(ask(1, 2n ** 28n), 14), 64);
  assert.throws(() => ringBits(ask(1, 2n ** 62n), 14), /do not fit 64 bits/);
});

test('two models are the same only to the last bit', () => {
  const a = { edges: [[1, 2]], base: [0.1], w: new Float64Array([1, 2]) };
  assert.ok(sameModel(a, structuredClone(a)));
  assert.ok(!sameModel(a, { ...a, base: [0.1 + 2 ** -55] }));
  assert.ok(!sameModel(a, { ...a, w: new Float64Array([1, 2, 3]) }));
  assert.ok(!sameModel({ x: 0 }, { x: -0 }));
  assert.ok(!sameModel({ x: 1 }, { y: 1 }));
});

for (const kind of learningKinds) {
  test(`${kind}: a small study ends, through shares`, async () => {
    const now = () => performance.now();
    const o = await simulateLearning({
      kind,
      nodes: 5,
      rows: 900,
      seed: 's',
      secure: true,
      randomBytes,
      mask,
      now,
      settings: settingsOf(kind, 4),
    });
    assert.ok(o.ok);
    assert.ok(o.loss.federated < o.loss.untrained, `${o.loss.federated} ${o.loss.untrained}`);
  });
}

test('noise: the rounds together spend no more than the budget, and the model still learns', async () => {
  const base = { kind: 'ridge', nodes: 5, rows: 4000, seed: 'p', secure: true, randomBytes, mask, now: () => 0 };
  const settings = { hidden: 0, rowNorm: 5 };
  const o = await simulateLearning({ ...base, settings, privacy: { epsilon: 6, delta: 1e-5, rowsAUnit: 1 } });
  assert.ok(o.ok && !o.identicalToCentral, 'noise was added');
  assert.ok(o.privacy && o.privacy.epsilon <= 6 && o.privacy.epsilon > 5.9, `${o.privacy?.epsilon}`);
  assert.ok(o.loss.federated < 0.9 * o.loss.untrained, `${o.loss.federated} ${o.loss.untrained}`);
  const two = await simulateLearning({ ...base, settings, privacy: { epsilon: 6, delta: 1e-5, rowsAUnit: 40 } });
  assert.ok(two.loss.federated > o.loss.federated, 'a unit of 40 rows needs 40 times the noise');
  await assert.rejects(
    simulateLearning({ ...base, secure: false, privacy: { epsilon: 1, delta: 1e-5, rowsAUnit: 1 } }),
    /use it with --secure/,
  );
  await assert.rejects(
    simulateLearning({ ...base, kind: 'gbdt', privacy: { epsilon: 1e-3, delta: 1e-5, rowsAUnit: 1 } }),
    /leaves nothing/,
  );
});

for (const kind of ['gbdt', 'gbdt-quantile', 'ridge', 'logistic', 'fedavg']) {
  test(`${kind}: nodes that vanish are named, and the rest finishes with the model of plain sums`, async () => {
    const base = { kind, nodes: 8, rows: 1600, seed: 'gone', secure: true, randomBytes, mask, now: () => 0 };
    const o = await simulateLearning({
      ...base,
      vanish: 4,
      settings: settingsOf(kind, 8),
    });
    assert.ok(o.ok && o.identicalToPlain, kind);
    assert.equal(new Set(o.vanished?.map(v => v.node)).size, 4);
    assert.ok(o.loss.federated < o.loss.untrained);
    await assert.rejects(simulateLearning({ ...base, vanish: 6 }), /fewer than the least of 3/);
  });
}

test('settings that cannot be are refused', async () => {
  const base = { kind: 'gbdt', nodes: 3, rows: 100, seed: 1, secure: false, randomBytes, mask, now: () => 0 };
  await assert.rejects(simulateLearning({ ...base, kind: 'magic' }), /there is no "magic"/);
  await assert.rejects(simulateLearning({ ...base, rows: 2 }), /2 are fewer than one for each of/);
  await assert.rejects(simulateLearning({ ...base, settings: { depth: 40 } }), /depth: 40/);
  await assert.rejects(
    simulateLearning({ ...base, settings: { dept: 4 } }),
    /gbdt has no setting "dept"; it has .*depth/,
  );
});
