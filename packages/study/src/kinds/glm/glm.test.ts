import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { sameModel } from '../../simulation/learning.ts';
import { type Rows, train } from '../learner.ts';
import { type GlmFamily, type GlmSpec, glm, glmMean } from './glm.ts';

const spec = (family: GlmFamily, more: Partial<GlmSpec> = {}): GlmSpec => ({
  family,
  featureRanges: [
    [-5, 5],
    [-5, 5],
  ],
  hidden: 0,
  seed: '',
  rowNorm: 10,
  maxRows: 10_000,
  targetBound: family === 'poisson' ? 100 : 20,
  lambda: 0,
  rounds: 30,
  tolerance: 1e-9,
  ...more,
});

const truth = [0.3, 0.8, -0.5];

function table(family: GlmFamily, seed: string, count: number): Rows {
  const r = random(seed);
  const x = Float64Array.from({ length: 2 * count }, () => r.normal());
  const y = Float64Array.from({ length: count }, (_, i) => {
    const eta = truth[0] + truth[1] * x[2 * i] + truth[2] * x[2 * i + 1];
    if (family === 'linear') return eta + r.normal();
    return family === 'logistic' ? Number(r.uniform() < 1 / (1 + Math.exp(-eta))) : r.poisson(Math.exp(eta));
  });
  return { count, features: 2, x, y };
}

const part = (t: Rows, from: number, to: number): Rows => ({
  count: to - from,
  features: 2,
  x: t.x.slice(2 * from, 2 * to),
  y: t.y.slice(from, to),
});

for (const family of ['linear', 'logistic', 'poisson'] as const) {
  test(`${family}: nodes equal one table, and the score is zero at the end`, () => {
    const all = table(family, family, 3000);
    const learner = glm(spec(family));
    const together = train(learner, [part(all, 0, 10), part(all, 10, 2000), part(all, 2000, 3000)]).state;
    assert.ok(sameModel(together, train(learner, [all]).state));
    assert.ok(together.converged);
    // Maximum likelihood, checked without the code above: residuals are orthogonal to every column.
    const score = [0, 0, 0];
    for (let i = 0; i < all.count; i++) {
      const residual = all.y[i] - glmMean(spec(family), together, all.x.subarray(2 * i, 2 * i + 2));
      score[0] += residual;
      score[1] += residual * all.x[2 * i];
      score[2] += residual * all.x[2 * i + 1];
    }
    assert.ok(
      score.every(s => Math.abs(s) < 1e-3),
      `score ${score}`,
    );
    const at = (a: number, b: number) => {
      const m = glmMean(spec(family), together, [a, b]);
      return family === 'linear' ? m : family === 'logistic' ? Math.log(m / (1 - m)) : Math.log(m);
    };
    assert.ok(Math.abs(at(0, 0) - truth[0]) < 0.12 && Math.abs(at(1, 0) - at(0, 0) - truth[1]) < 0.12);
  });
}

test('a start that would overshoot is halved until the loss falls', () => {
  const r = random('steep');
  const x = Float64Array.from({ length: 400 }, () => r.normal());
  const y = Float64Array.from({ length: 200 }, (_, i) =>
    x[2 * i] > 0 ? Math.round(Math.exp(Math.min(4.4, 3 * x[2 * i]))) : 0,
  );
  const s = spec('poisson', { lambda: 0.1, rounds: 60, tolerance: 1e-4 });
  const { state } = train(glm(s), [{ count: 200, features: 2, x, y }]);
  assert.ok(state.converged, `losses ${state.losses}`);
  assert.ok(state.losses.at(-1)! <= Math.min(...state.losses) + 1e-6);
});

test('D^2 bounds every pair of rows in every round', () => {
  for (const family of ['linear', 'logistic', 'poisson'] as const) {
    const s = spec(family, { rowNorm: 2, targetBound: 4, rounds: 3, lambda: 1 });
    const many = table(family, 'pairs', 40);
    const learner = glm(s);
    const sides = Array.from({ length: 40 }, (_, i) => learner.node(part(many, i, i + 1)));
    let state = learner.start();
    for (let ask = learner.ask(state); ask; ask = learner.ask(state)) {
      const vectors = sides.map(side => Array.from(side.encode(state), Number));
      for (const a of [vectors[0].map(() => 0), ...vectors])
        for (const b of vectors)
          assert.ok(a.reduce((t, v, i) => t + (v - b[i]) ** 2, 0) <= Number(ask.rowDiameterSquared), ask.label);
      state = learner.absorb(state, learner.node(many).encode(state), 1);
    }
  }
});

test('a missing target is refused by its row', () => {
  const t = table('logistic', 'bad', 5);
  t.y[3] = Number.NaN;
  assert.throws(() => glm(spec('logistic')).node(t), /row 3 has no target/);
});
