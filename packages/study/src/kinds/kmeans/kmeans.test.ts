import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { sameModel } from '../../simulation/learning.ts';
import { type Rows, train } from '../learner.ts';
import { type KMeansSpec, kmeans, kmeansCluster } from './kmeans.ts';

const spec = (more: Partial<KMeansSpec> = {}): KMeansSpec => ({
  clusters: 3,
  featureRanges: [
    [0, 10],
    [0, 10],
  ],
  seed: 's',
  rounds: 50,
  tolerance: 1e-7,
  maxRows: 5000,
  ...more,
});
const blobs = [
  [2, 2],
  [8, 3],
  [5, 8],
];

function table(seed: string, count: number): Rows {
  const r = random(seed);
  const x = Float64Array.from({ length: 2 * count }, (_, i) => blobs[(i >> 1) % 3][i % 2] + 0.6 * r.normal());
  return { count, features: 2, x, y: new Float64Array(count) };
}

const part = (t: Rows, from: number, to: number): Rows => ({
  count: to - from,
  features: 2,
  x: t.x.slice(2 * from, 2 * to),
  y: t.y.slice(from, to),
});

test('finds three blobs; nodes equal one table to the last bit', () => {
  const all = table('blobs', 900);
  const learner = kmeans(spec());
  const together = train(learner, [part(all, 0, 1), part(all, 1, 500), part(all, 500, 900)]).state;
  assert.ok(sameModel(together, train(learner, [all]).state));
  const labels = new Set(blobs.map(b => kmeansCluster(spec(), together, b)));
  assert.equal(labels.size, 3);
  assert.ok(together.inertia / 900 < 0.04 && together.rounds < 50);
});

test('Lloyd: the sum of squares never rises while no cluster is empty', () => {
  let last = Number.POSITIVE_INFINITY;
  train(kmeans(spec({ clusters: 6 })), [table('fall', 600)], undefined, state => {
    if (state.sizes.every(n => n > 0)) {
      assert.ok(state.inertia <= last + 1e-6);
      last = state.inertia;
    } else last = Number.POSITIVE_INFINITY;
    return undefined;
  });
});

test('D^2 bounds every pair of rows, missing and extreme ones too', () => {
  const s = spec({ rounds: 2 });
  const r = random('pairs');
  const x = Float64Array.from({ length: 80 }, (_, i) =>
    i % 9 === 0 ? Number.NaN : i % 5 === 0 ? 1e6 : i % 5 === 1 ? -1e6 : 10 * r.uniform(),
  );
  const many: Rows = { count: 40, features: 2, x, y: new Float64Array(40) };
  const learner = kmeans(s);
  const state = learner.start();
  const ask = learner.ask(state)!;
  const vectors = Array.from(
    { length: 40 },
    (_, i) => learner.node(part(many, i, i + 1)).encode(state) as Float64Array,
  );
  for (const a of [new Float64Array(ask.length), ...vectors])
    for (const b of vectors) assert.ok(a.reduce((t, v, i) => t + (v - b[i]) ** 2, 0) <= Number(ask.rowDiameterSquared));
});

test('bad declarations are refused', () => {
  assert.throws(() => kmeans(spec({ clusters: 0 })), /clusters: 0/);
  assert.throws(() => kmeans(spec({ maxRows: 2 })).node(table('x', 3)), /3 rows, but the study allows 2/);
});
