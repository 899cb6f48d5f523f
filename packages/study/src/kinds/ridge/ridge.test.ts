import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { sameModel } from '../../simulation/learning.ts';
import { train } from '../learner.ts';
import { fromSums, triangle } from '../linear/fixed-sums.ts';
import { fitRidgeInFloat } from './central.ts';
import { type RidgeRows, type RidgeSpec, ridge, ridgeQuantiles } from './ridge.ts';

const spec = (more: Partial<RidgeSpec> = {}): RidgeSpec => ({
  featureRanges: [
    [-4, 4],
    [-4, 4],
    [0, 100],
  ],
  hidden: 20,
  seed: 'public',
  rowNorm: 12,
  maxRows: 100_000,
  targetBound: 20,
  lambda: 1,
  upTo: 'shape',
  groups: 2,
  cells: 100,
  shapeReach: 8,
  ...more,
});

/** y = 2 a - |b| + noise whose spread doubles with group and grows with c. */
function table(seed: string, count: number): RidgeRows {
  const r = random(seed);
  const x = new Float64Array(3 * count);
  const y = new Float64Array(count);
  const group = new Uint8Array(count);
  const weight = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const [a, b, c] = [r.normal(), r.normal(), 100 * r.uniform()];
    group[i] = r.below(2);
    weight[i] = r.uniform() < 0.5 ? 1 : 0.3;
    x.set([a, r.uniform() < 0.02 ? Number.NaN : b, c], 3 * i);
    y[i] = 2 * a - Math.abs(b) + (0.2 + c / 200) * (1 + group[i]) * r.normal();
  }
  return { count, features: 3, x, y, group, weight };
}

const part = (t: RidgeRows, from: number, to: number): RidgeRows => ({
  count: to - from,
  features: 3,
  x: t.x.slice(3 * from, 3 * to),
  y: t.y.slice(from, to),
  group: Array.from(t.group!).slice(from, to),
  weight: t.weight!.slice(from, to),
});

test('five nodes and one table give the same model to the last bit', () => {
  const all = table('same', 2000);
  const cuts = [0, 3, 400, 1100, 1999, 2000];
  const nodes = cuts.slice(1).map((to, i) => part(all, cuts[i], to));
  const together = train(ridge(spec()), nodes).state;
  const central = train(ridge(spec()), [all]).state;
  assert.ok(sameModel(together, central));
  assert.ok(!sameModel(together, train(ridge(spec()), nodes.slice(1)).state), 'a missing node is seen');
});

test('secure sums equal a float64 twin to 1e-9', () => {
  const s = spec({ upTo: 'location' });
  const all = table('float', 4000);
  const learner = ridge(s);
  const state = train(learner, [part(all, 0, 1500), part(all, 1500, 4000)]).state;
  const twin = fitRidgeInFloat(s, all);
  state.gram!.forEach((v, i) => {
    assert.ok(Math.abs(v - twin.gram[i]) < 1e-6 && Math.abs(v - twin.gram[i]) <= 1e-9 * 4000 * 144);
  });
  // With the same scaling the sums themselves are compared, relative to the largest.
  const side = learner.node(all).encode({ scaling: twin.scaling }) as BigInt64Array;
  const p = twin.right.length;
  const largest = Math.max(...twin.gram);
  fromSums(side, 32, 0, triangle(p)).forEach((v, i) => {
    assert.ok(Math.abs(v - twin.gram[i]) < 1e-9 * largest, `${v} ${twin.gram[i]}`);
  });
  state.location!.forEach((v, i) => {
    assert.ok(Math.abs(v - twin.location[i]) < 1e-6, `coefficient ${i}: ${v} ${twin.location[i]}`);
  });
});

test('quantiles cover their share in each group and never cross', () => {
  const s = spec();
  const state = train(ridge(s), [table('train', 6000)]).state;
  const levels = [0.05, 0.25, 0.5, 0.75, 0.95];
  const forecast = ridgeQuantiles(s, state, levels);
  const fresh = table('fresh', 6000);
  const below = [new Float64Array(5), new Float64Array(5)];
  const size = [0, 0];
  for (let i = 0; i < fresh.count; i++) {
    const g = fresh.group![i];
    const q = forecast(fresh.x.subarray(3 * i, 3 * i + 3), g);
    size[g] += 1;
    q.forEach((v, k) => {
      if (k > 0) assert.ok(v >= q[k - 1]);
      if (fresh.y[i] <= v) below[g][k] += 1;
    });
  }
  for (const g of [0, 1])
    levels.forEach((l, k) => {
      assert.ok(Math.abs(below[g][k] / size[g] - l) < 0.035, `group ${g}, level ${l}: ${below[g][k] / size[g]}`);
    });
});

test('D^2 bounds every pair of rows in every round', () => {
  const s = spec({ hidden: 3, rowNorm: 2, targetBound: 3, cells: 6 });
  const many = table('pairs', 40);
  const learner = ridge(s);
  const sides = Array.from({ length: 40 }, (_, i) => learner.node(part(many, i, i + 1)));
  let state = learner.start();
  for (let ask = learner.ask(state); ask; ask = learner.ask(state)) {
    const vectors = sides.map(side => Array.from(side.encode(state), Number));
    let worst = 0;
    for (const a of [vectors[0].map(() => 0), ...vectors])
      for (const b of vectors)
        worst = Math.max(
          worst,
          a.reduce((t, v, i) => t + (v - b[i]) ** 2, 0),
        );
    assert.ok(worst <= Number(ask.rowDiameterSquared), `${ask.label}: ${worst} over ${ask.rowDiameterSquared}`);
    assert.ok(
      worst * 300 >= Number(ask.rowDiameterSquared),
      `${ask.label}: ${ask.rowDiameterSquared} is far from ${worst}`,
    );
    state = learner.absorb(state, learner.node(many).encode(state), 1);
  }
});

test('sums that noise made indefinite still give a finite model', () => {
  const s = spec({ upTo: 'location', lambda: 0 });
  const learner = ridge(s);
  const r = random('noise');
  const { state } = train(learner, [table('noisy', 50)], (vectors, ask) => {
    const sum = vectors[0] as BigInt64Array;
    return ask.length > 100 ? sum.map(v => v + BigInt(Math.round(r.normal() * 2 ** 40))) : sum;
  });
  assert.ok(state.location!.every(Number.isFinite) && state.penalty! > 1);
});

test('bad declarations and rows are refused by name', () => {
  assert.throws(() => ridge(spec({ rowNorm: 0 })), /row norm: 0/);
  const learner = ridge(spec());
  const t = table('bad', 3);
  assert.throws(() => learner.node({ ...t, features: 2 }), /2 features, the study 3/);
  t.y[1] = Number.NaN;
  assert.throws(
    () => learner.node(t).encode({ scaling: { means: [0, 0, 0], deviations: [1, 1, 1] } }),
    /row 1 has no target/,
  );
});
