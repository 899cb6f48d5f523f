import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { plainSum, type Rows, train, trainOver } from '../learner.ts';
import { gbdtLoss, trainGbdtCentrally } from './central.ts';
import { gbdt } from './gbdt.ts';
import { type GbdtLoss, type GbdtSpec, predict } from './spec.ts';

function table(seed: string, count: number, features: number, loss: GbdtLoss): Rows {
  const r = random(seed);
  const x = Float64Array.from({ length: count * features }, () => (r.uniform() < 0.03 ? Number.NaN : r.normal()));
  const signal = (i: number) => {
    const v = (j: number) => (Number.isNaN(x[i * features + j]) ? 0 : x[i * features + j]);
    return Math.sin(2 * v(0)) + 0.5 * v(1) * (v(2) > 0 ? 1 : -1);
  };
  const y = Float64Array.from({ length: count }, (_, i) =>
    loss.kind === 'poisson' ? r.poisson(Math.exp(0.5 * signal(i) + 1)) : signal(i) + 0.3 * r.normal(),
  );
  const weight = Float64Array.from({ length: count }, () => (r.uniform() < 0.3 ? 0.5 : 1));
  return { count, features, x, y, weight };
}

function deal(rows: Rows, nodes: number, seed: string): Rows[] {
  const r = random(seed);
  const who = Array.from({ length: rows.count }, () => r.below(nodes));
  return Array.from({ length: nodes }, (_, n) => {
    const mine = who.flatMap((w, i) => (w === n ? [i] : []));
    const f = rows.features;
    return {
      count: mine.length,
      features: f,
      x: Float64Array.from(mine.flatMap(i => [...rows.x.subarray(i * f, (i + 1) * f)])),
      y: Float64Array.from(mine, i => rows.y[i]),
      weight: Float64Array.from(mine, i => rows.weight![i]),
    };
  });
}

const specFor = (loss: GbdtLoss, more: Partial<GbdtSpec> = {}): GbdtSpec => ({
  loss,
  featureRanges: Array.from({ length: 4 }, () => [-4, 4] as const),
  targetRange: loss.kind === 'poisson' ? [0, 60] : [-5, 5],
  trees: 12,
  depth: 4,
  bins: 24,
  learningRate: 0.2,
  lambda: 1,
  minChildWeight: 5,
  minGain: 0,
  gradientClip: loss.kind === 'poisson' ? 60 : 8,
  bits: 12,
  maxRows: 5000,
  ...more,
});

const losses: readonly GbdtLoss[] = [
  { kind: 'squared' },
  { kind: 'poisson' },
  { kind: 'quantile', levels: [0.1, 0.5, 0.9] },
];

for (const loss of losses) {
  test(`${loss.kind}: seven nodes and one table give the same trees, split for split`, () => {
    const spec = specFor(loss);
    const rows = table(`rows ${loss.kind}`, 1500, 4, loss);
    const { state } = train(gbdt(spec), deal(rows, 7, 'deal'));
    const central = trainGbdtCentrally(spec, rows);
    assert.deepEqual(state.model, central);
    assert.ok(
      central.trees.every(t => t.length > 1),
      'the trees are not stumps of one leaf',
    );
  });

  test(`${loss.kind}: learns`, () => {
    const spec = specFor(loss, { trees: 40 });
    const { state } = train(gbdt(spec), [table('train', 3000, 4, loss)]);
    const fresh = table('fresh', 2000, 4, loss);
    const empty = gbdtLoss(spec, { ...state.model, trees: [] }, fresh);
    const learnt = gbdtLoss(spec, state.model, fresh);
    assert.ok(loss.kind === 'poisson' ? learnt < empty - 0.05 : learnt < 0.6 * empty, `${learnt} against ${empty}`);
  });
}

test('quantile levels cover their share of fresh rows', () => {
  const loss: GbdtLoss = { kind: 'quantile', levels: [0.1, 0.5, 0.9] };
  const { state } = train(gbdt(specFor(loss, { trees: 40 })), [table('train', 4000, 4, loss)]);
  const fresh = table('fresh', 4000, 4, loss);
  loss.levels.forEach((q, k) => {
    let below = 0;
    for (let i = 0; i < fresh.count; i++)
      if (fresh.y[i] <= predict(state.model, fresh.x.subarray(i * 4, i * 4 + 4))[k]) below += 1;
    assert.ok(Math.abs(below / fresh.count - q) < 0.06, `level ${q}: ${below / fresh.count}`);
  });
});

test('a node that starts anew in the middle sends the same bytes', () => {
  const spec = specFor({ kind: 'squared' });
  const rows = table('crash', 400, 4, spec.loss);
  const learner = gbdt(spec);
  const old = learner.node(rows);
  let state = learner.start();
  for (let round = 0; learner.ask(state); round++) {
    const sent = old.encode(state);
    if (round % 7 === 3) assert.deepEqual(learner.node(rows).encode(state), sent);
    state = learner.absorb(state, sent, 1);
  }
});

test('a node that goes in the middle of a tree leaves no ghost in right children: the tree begins anew, the rounds stay within the declaration', async () => {
  const spec = specFor({ kind: 'squared' }, { trees: 3 });
  const nodes = deal(table('ghost', 900, 4, spec.loss), 3, 'deal');
  const learner = gbdt(spec);
  // Node 0 answers round 1 (edges) and 2 (root of the first tree) only.
  const { state, rounds } = await trainOver(
    learner,
    nodes,
    plainSum,
    undefined,
    (node, round) => node > 0 || round <= 2,
  );
  assert.ok(rounds <= learner.most.rounds);
  assert.equal(state.model.trees.length, 2, 'one tree fewer: its rounds went to the new beginning');
  // The same trees as if only nodes 1 and 2 had been there from the second round on.
  const { state: without } = await trainOver(
    learner,
    nodes,
    plainSum,
    undefined,
    (node, round) => node > 0 || round === 1,
  );
  assert.deepEqual(state.model.trees, without.model.trees.slice(0, 2));
});

test('a node that missed rounds comes back with the same numbers as one that starts anew', async () => {
  const spec = specFor({ kind: 'squared' }, { trees: 4, depth: 3 });
  const nodes = deal(table('back', 900, 4, spec.loss), 3, 'deal');
  const learner = gbdt(spec);
  const away = (node: number, round: number) => !(node === 0 && round >= 3 && round <= 6);
  const fresh = { ...learner, node: (rows: Rows) => ({ encode: (state: never) => learner.node(rows).encode(state) }) };
  const [a, b] = [
    await trainOver(learner, nodes, plainSum, undefined, away),
    await trainOver(fresh as typeof learner, nodes, plainSum, undefined, away),
  ];
  assert.deepEqual(a.state, b.state);
});

test('D^2 bounds every pair of rows, in every round, and is reached within a factor of eight', () => {
  const spec = specFor(
    { kind: 'quantile', levels: [0.25, 0.75] },
    { trees: 1, depth: 2, bins: 4, minChildWeight: 0.5, gradientClip: 1, bits: 4 },
  );
  const many = table('pairs', 60, 4, spec.loss);
  const learner = gbdt(spec);
  const single = deal(many, 60, 'x')
    .filter(r => r.count > 0)
    .map(r => ({ ...r, count: 1, x: r.x.slice(0, 4), y: r.y.slice(0, 1), weight: r.weight!.slice(0, 1) }));
  const sides = single.map(r => learner.node(r));
  let state = learner.start();
  for (let ask = learner.ask(state); ask; ask = learner.ask(state)) {
    const vectors = sides.map(s => s.encode(state) as Float64Array);
    let worst = 0;
    for (const a of [new Float64Array(ask.length), ...vectors])
      for (const b of vectors)
        worst = Math.max(
          worst,
          a.reduce((s, v, i) => s + (v - b[i]) ** 2, 0),
        );
    assert.ok(worst <= Number(ask.rowDiameterSquared), `${ask.label}: ${worst} over ${ask.rowDiameterSquared}`);
    assert.ok(
      worst * 8 >= Number(ask.rowDiameterSquared),
      `${ask.label}: the bound ${ask.rowDiameterSquared} is far from ${worst}`,
    );
    state = learner.absorb(state, learner.node(many).encode(state), 60);
  }
});

test('bad declarations and too many rows are refused by name', () => {
  assert.throws(() => gbdt(specFor({ kind: 'squared' }, { depth: 0 })), /depth: 0/);
  assert.throws(() => gbdt(specFor({ kind: 'quantile', levels: [1.5] })), /quantile levels/);
  const small = gbdt(specFor({ kind: 'squared' }, { maxRows: 3 }));
  assert.throws(() => small.node(table('x', 4, 4, { kind: 'squared' })), /4 rows, but the study allows 3/);
  assert.throws(() => small.node(table('x', 2, 3, { kind: 'squared' })), /3 features, the study 4/);
});
