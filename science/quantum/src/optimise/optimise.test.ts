// Quadratic binary problems against exhaustive search, and the ways to solve them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import fc from 'fast-check';
import { anneal } from './anneal.ts';
import { nelderMead } from './nelder-mead.ts';
import { drawPartition, partitionCost, partitionModel, partitionQubo } from './partition.ts';
import { qaoa } from './qaoa.ts';
import { allValues, bitsOf, quboValue } from './qubo.ts';
import { assumedHardware, resources } from './resources.ts';
import { commitmentCost, commitmentModel, commitmentQubo, drawCommitment } from './unit-commitment.ts';

const least = (v: Float64Array) => v.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);

test('all values at once equal values one by one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(), (n, seed) => {
      const q = commitmentQubo(drawCommitment(n, random(seed)));
      const all = allValues(q);
      for (let i = 0; i < all.length; i++)
        assert.ok(Math.abs(all[i] - quboValue(q, bitsOf(i, n))) < 1e-6 * (1 + Math.abs(all[i])));
    }),
    { numRuns: 30 },
  );
});

test('commitment: the least value is a schedule that meets demand at least cost', () => {
  for (let seed = 0; seed < 20; seed++) {
    const c = drawCommitment(8, random(seed));
    const all = allValues(commitmentQubo(c));
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < all.length; i++) {
      const { cost, missedMw } = commitmentCost(c, bitsOf(i, 8));
      if (missedMw === 0) {
        best = Math.min(best, cost);
        assert.ok(Math.abs(all[i] - cost) < 1e-6, 'no penalty where demand is met');
      }
    }
    assert.ok(Math.abs(least(all) - best) < 1e-6, `seed ${seed}`);
  }
});

test('partition: the least value has equal halves and the least cut', () => {
  for (let seed = 0; seed < 10; seed++) {
    const p = drawPartition(8, random(seed));
    const all = allValues(partitionQubo(p));
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < all.length; i++) {
      const { cutMw, unevenBuses } = partitionCost(p, bitsOf(i, 8));
      if (unevenBuses === 0) best = Math.min(best, cutMw);
    }
    assert.ok(Math.abs(least(all) - best) < 1e-6, `seed ${seed}`);
  }
  assert.throws(() => drawPartition(5, random(1)), /even/);
});

test('the mixed-integer forms hold the same schedules and cuts', () => {
  const c = drawCommitment(8, random(4));
  const model = commitmentModel(c);
  const all = allValues(commitmentQubo(c));
  const best = all.indexOf(least(all));
  const x = new Float64Array(model.columns);
  const bits = bitsOf(best, 8);
  x.set(bits);
  // Start variables follow each row of demand: hour by hour, unit by unit.
  let column = 8;
  for (let t = 0; t < c.hours; t++)
    for (let u = 0; u < c.units; u++)
      x[column++] = bits[t * c.units + u] && !(t > 0 && bits[(t - 1) * c.units + u]) ? 1 : 0;
  let objective = model.offset;
  for (let j = 0; j < model.columns; j++) objective += model.cost[j] * x[j];
  assert.ok(Math.abs(objective - all[best]) < 1e-6);
  for (let i = 0; i < model.rows; i++) {
    let sum = 0;
    for (let p = model.starts[i]; p < model.starts[i + 1]; p++) sum += model.values[p] * x[model.indices[p]];
    assert.ok(sum >= model.rowLower[i] - 1e-9 && sum <= model.rowUpper[i] + 1e-9, `row ${i}`);
  }
  assert.ok(partitionModel(drawPartition(6, random(1))).rows > 0);
});

test('annealing finds the optimum of small problems', () => {
  for (let seed = 0; seed < 10; seed++) {
    const q = partitionQubo(drawPartition(12, random(seed)));
    const a = anneal(q, random(seed));
    assert.ok(Math.abs(a.value - least(allValues(q))) < 1e-6, `seed ${seed}`);
    assert.ok(Math.abs(quboValue(q, a.x) - a.value) < 1e-9);
  }
});

test('QAOA: better than guessing, its expectation is right, the same seed gives the same answer', () => {
  const q = partitionQubo(drawPartition(8, random(2)));
  const all = allValues(q);
  const mean = all.reduce((a, b) => a + b, 0) / all.length;
  const r = qaoa(q, random(1));
  assert.ok(r.expectation < mean);
  // Two mirror images of 256 points are optimal; three rounds find them an order of magnitude more often than guessing.
  assert.ok(r.successProbability > (10 * all.filter(v => v < least(all) + 1e-6).length) / all.length);
  assert.ok(Math.abs(quboValue(q, r.x) - r.value) < 1e-6);
  assert.deepEqual(qaoa(q, random(1)), r);
  assert.ok(qaoa(q, random(1), { rounds: 5 }).successProbability > r.successProbability);
});

test('Nelder and Mead on a curved valley', () => {
  const m = nelderMead(([x, y]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2, [-1.2, 1], { step: 0.5, evaluations: 400 });
  assert.ok(Math.abs(m.x[0] - 1) < 1e-4 && Math.abs(m.x[1] - 1) < 1e-4);
});

test('resources grow with rotations and fall with better hardware', () => {
  const [fast, slow] = assumedHardware;
  const small = resources(100, 1e4, fast);
  const large = resources(100, 1e7, fast);
  assert.ok(large.codeDistance > small.codeDistance && large.secondsPerShot > small.secondsPerShot);
  assert.ok(resources(100, 1e7, slow).codeDistance < large.codeDistance);
});
