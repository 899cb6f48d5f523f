import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { formatCsv, random } from '@madang/numerics';
import { prio3SumVec } from '@madang/privacy';
import { addShares } from '../result.ts';
import { overCapacity } from '../round/capacity.ts';
import { sameModel } from '../simulation/learning.ts';
import { localRound } from '../testing/local-round.ts';
import type { DataSource, PublishedRound } from './kind.ts';
import { type LearningQuery, type LearningStudyKind, learningStudyKinds } from './learning-study.ts';

const kindNamed = (name: string) => learningStudyKinds.find(k => k.kind === name)!;

function csv(seed: string, n: number): string {
  const r = random(seed);
  return formatCsv(
    ['a', 'b', 'y'],
    Array.from({ length: n }, () => {
      const [a, b] = [r.normal(), r.normal()];
      return [
        a.toFixed(4),
        r.uniform() < 0.05 ? '' : b.toFixed(4),
        (a - 0.5 * b + 0.2 * r.normal() > 0 ? 1 : 0).toString(),
      ];
    }),
  );
}

const source = (text: string): DataSource => ({ file: async () => text, query: async () => [] });

const settings: Record<string, object> = {
  ridge: {
    hidden: 2,
    seed: 's',
    rowNorm: 4,
    targetBound: 2,
    lambda: 1,
    upTo: 'shape',
    groups: 1,
    cells: 6,
    shapeReach: 4,
    bits: 12,
  },
  linear: { rowNorm: 4, targetBound: 2, lambda: 1, rounds: 1, tolerance: 0, bits: 12 },
  logistic: { rowNorm: 4, targetBound: 1, lambda: 1, rounds: 3, tolerance: 1e-3, bits: 12 },
  poisson: { rowNorm: 4, targetBound: 3, lambda: 1, rounds: 3, tolerance: 1e-3, bits: 12 },
  gbdt: {
    loss: { kind: 'squared' },
    targetRange: [0, 1],
    trees: 2,
    depth: 2,
    bins: 6,
    learningRate: 0.3,
    lambda: 1,
    minChildWeight: 2,
    minGain: 0,
    gradientClip: 2,
    bits: 8,
  },
  network: {
    hidden: [3],
    loss: { kind: 'logistic' },
    seed: 's',
    rounds: 2,
    epochs: 1,
    batch: 16,
    rate: 0.1,
    proximal: 0,
    server: { kind: 'average' },
    clip: 2,
    bits: 12,
    rowsForFullWeight: 50,
    validateEvery: 0,
    patience: 0,
    lossBound: 4,
  },
  kmeans: { clusters: 2, seed: 's', rounds: 4, tolerance: 1e-4, bits: 12 },
};

const queryFor = (kind: string, more: Partial<LearningQuery> = {}): LearningQuery => ({
  kind,
  version: 1,
  file: 'rows',
  features: [
    { column: 'a', low: -4, high: 4 },
    { column: 'b', low: -4, high: 4 },
  ],
  ...(kind === 'kmeans' ? {} : { target: 'y' }),
  unit: 'person',
  rowsPerUnit: 1,
  maximumRows: 200,
  settings: settings[kind] as Record<string, unknown>,
  ...more,
});

/** All rounds; `add` makes the published sums of one. */
async function study(
  kind: LearningStudyKind,
  q: LearningQuery,
  tables: readonly string[],
  add: (vectors: readonly ArrayLike<number>[]) => ArrayLike<number> | Promise<ArrayLike<number>>,
) {
  const rounds: PublishedRound[] = [];
  for (let round = 1; round <= kind.rounds(q); round++) {
    const vectors = await Promise.all(tables.map(t => kind.contribute(q, round, source(t), rounds)));
    rounds.push({ sums: await add(vectors), contributors: vectors.length });
  }
  return kind.modelAfter(q, rounds);
}

const plainly = (vectors: readonly ArrayLike<number>[]) =>
  Array.from(vectors[0], (_, i) => vectors.reduce((s, v) => s + v[i], 0));
const tables = [csv('one', 60), csv('two', 90), csv('three', 40)];
const all = tables.map((t, i) => (i === 0 ? t : t.slice(t.indexOf('\n') + 1))).join('');

for (const kind of learningStudyKinds) {
  test(`${kind.kind}: three nodes give the model of one table, within the declared shape`, async () => {
    const q = kind.parse(JSON.stringify(queryFor(kind.kind)));
    const { length, maximum } = kind.shape(q);
    const together = await study(kind, q, tables, vectors => {
      for (const v of vectors) {
        assert.equal(v.length, length);
        for (let i = 0; i < v.length; i++) assert.ok(Number.isSafeInteger(v[i]) && v[i] >= 0 && v[i] <= maximum);
      }
      return plainly(vectors);
    });
    // Federated averaging alone is not the model of all rows: local steps drift.
    if (kind.kind !== 'network') assert.ok(sameModel(together, await study(kind, q, [all], plainly)));
    assert.ok((kind.sensitivitySquared(q, 'person') ?? 0) > 0);
    assert.equal(kind.sensitivitySquared(q, 'galaxy'), undefined);
    assert.ok(kind.describe(q).length >= 4);
    // What a partner works out at home: on all rows the shared model is the one that is trained alone.
    const home = kind.evaluate(q, together, all);
    assert.equal(home.rows, 190);
    if (kind.kind !== 'network') assert.equal(home.loss, home.alone);
    const own = kind.evaluate(q, together, tables[2]);
    assert.ok(own.rows === 40 && own.loss > 0 && own.loss < 3 && own.alone < 3, JSON.stringify(own));
    assert.throws(() => kind.evaluate(q, together, 'a,c\n1,2\n'), /column/);
  });
}

test('the same through Prio3 SumVec, proofs and all', async () => {
  const kind = kindNamed('logistic');
  const q = queryFor('logistic');
  const { length, maximum, chunk } = kind.shape(q);
  const vdaf = prio3SumVec({ length, maxMeasurement: maximum, chunkLength: chunk });
  const bytes = (n: number) => new Uint8Array(randomBytes(n));
  const [ctx, key] = [bytes(8), bytes(32)];
  const proven = await study(kind, q, tables, vectors => {
    const totals = [vdaf.aggregateInit(), vdaf.aggregateInit()];
    for (const v of vectors) {
      const nonce = bytes(16);
      const { publicShare, inputShares } = vdaf.shard(ctx, v, nonce, bytes(vdaf.randSize));
      const begun = inputShares.map((share, j) => vdaf.verifyInit(key, ctx, j, nonce, publicShare, share));
      const message = vdaf.verifierSharesToMessage(
        ctx,
        begun.map(b => b.verifierShare),
      );
      begun.forEach((b, j) => {
        vdaf.aggregateUpdate(totals[j], vdaf.verifyNext(b.state, message));
      });
    }
    return vdaf.unshard(totals, vectors.length);
  });
  assert.ok(sameModel(proven, await study(kind, q, tables, plainly)));
});

test('a network of 3,000 parameters through masked sums, seals and slips: the very sums, in a ring of 2^32', async () => {
  const kind = kindNamed('network');
  const q = kind.parse(
    JSON.stringify(queryFor('network', { sharing: 'ring-32', settings: { ...settings['network'], hidden: [50, 56] } })),
  );
  const shape = kind.shape(q);
  assert.deepEqual([shape.encoding, shape.field, shape.length > 3000], ['masked-sum', 32, true]);
  assert.match(kind.describe(q).join(' '), /No proof is made/);
  assert.equal(overCapacity(shape, 14, 2, []), undefined);
  const masked = await study(kind, q, tables, async vectors => {
    const round = localRound(vectors.length, shape);
    for (const [i, v] of vectors.entries()) round.send(await round.contribute(round.orgs[i], v));
    return addShares(
      (await round.conclude()).map(c => c.aggregate),
      shape,
    );
  });
  assert.ok(sameModel(masked, await study(kind, q, tables, plainly)));
  const { sharing: _, ...proven } = q;
  assert.throws(
    () => kind.shape({ ...proven, settings: { ...q.settings, hidden: [300, 300] } }),
    /too many to prove; make the model smaller or use "sharing": "ring-64"/,
  );
  assert.throws(() => kind.parse(JSON.stringify({ ...q, sharing: 'plain' })), /sharing must be/);
});

test('the last result carries the model as plain JSON, the others do not', async () => {
  const kind = kindNamed('kmeans');
  const q = queryFor('kmeans');
  const rounds: PublishedRound[] = [];
  await study(kind, q, tables, vectors => {
    const sums = plainly(vectors);
    rounds.push({ sums, contributors: vectors.length });
    return sums;
  });
  const decoded = rounds.map((r, i) => kind.decode(q, r.sums, 1, rounds.slice(0, i + 1)) as { model?: object });
  assert.equal(decoded[0].model, undefined);
  const last = decoded.at(-1)?.model as { centres: number[] };
  const state = kind.modelAfter(q, rounds) as { centres: Float64Array };
  assert.deepEqual(last.centres, [...state.centres]);
  assert.ok(Array.isArray(last.centres) && last.centres.length === 4);
});

test('a round without the results before it, and queries that cannot be, are refused', async () => {
  const kind = kindNamed('logistic');
  await assert.rejects(
    kind.contribute(queryFor('logistic'), 2, source(tables[0])),
    /round 2 builds on the results of the 1 rounds before it; 0 were given/,
  );
  await assert.rejects(
    kind.contribute(queryFor('logistic', { maximumRows: 10 }), 1, source(tables[0])),
    /60 rows, but the study allows 10/,
  );
  await assert.rejects(kind.contribute(queryFor('logistic', { target: 'z' }), 1, source(tables[0])), /no column "z"/);
  assert.throws(() => kind.parse('{}'), /kind and version must be "logistic" and 1/);
  assert.throws(() => kind.parse(JSON.stringify(queryFor('logistic', { settings: { rowNorm: -1 } }))), /row norm: -1/);
  assert.throws(() => kind.parse(JSON.stringify(queryFor('logistic', { features: [] }))), /features must be a list/);
  assert.throws(
    () =>
      kindNamed('ridge').shape(queryFor('ridge', { maximumRows: 1e9, settings: { ...settings['ridge'], bits: 32 } })),
    /too large for the round protocol/,
  );
});
