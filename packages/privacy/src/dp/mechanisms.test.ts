import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import {
  exponentialMechanism,
  gaussianMechanism,
  laplaceMechanism,
  poissonSample,
  sparseVector,
} from './mechanisms.ts';

const seeded = (seed: string) => {
  const r = random(seed);
  return (n: number) => Uint8Array.from({ length: n }, () => r.below(256));
};
const third = { numerator: 1, denominator: 3 };

test('Gaussian: noise of the variance asked, cost as the ledger counts it', () => {
  const { values, microRho } = gaussianMechanism(new Float64Array(20_000).fill(7), 40n, 333n, seeded('g'));
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - 7) ** 2, 0) / values.length;
  assert.ok(Math.abs(mean - 7) < 0.6 && Math.abs(variance / 333 - 1) < 0.04);
  assert.equal(microRho, 60_061n);
});

test('Laplace: two neighbours differ by at most e^epsilon in every outcome', () => {
  const n = 300_000;
  const count = (value: number) => {
    const seen = new Map<number, number>();
    for (const x of laplaceMechanism(
      new Float64Array(n).fill(value),
      1n,
      { numerator: 1, denominator: 1 },
      seeded('l'),
    ))
      seen.set(x, (seen.get(x) ?? 0) + 1);
    return seen;
  };
  const [a, b] = [count(10), count(11)];
  for (let x = 7; x <= 14; x++) {
    const ratio = (a.get(x) ?? 0) / (b.get(x) ?? 0);
    assert.ok(ratio < Math.E * 1.06 && ratio > 1 / Math.E / 1.06, `${x}: ${ratio}`);
  }
});

test('exponential: chosen in proportion to exp(epsilon u / 2)', () => {
  const bytes = seeded('e');
  const utilities = [0, 3, 5, 6];
  const seen = [0, 0, 0, 0];
  for (let i = 0; i < 40_000; i++)
    seen[exponentialMechanism(utilities, 1n, { numerator: 2, denominator: 3 }, bytes)] += 1;
  const weights = utilities.map(u => Math.exp(u / 3));
  const total = weights.reduce((a, b) => a + b);
  seen.forEach((c, i) => {
    assert.ok(Math.abs(c / 40_000 - weights[i] / total) < 0.01);
  });
  assert.throws(() => exponentialMechanism([], 1n, third, bytes), /nothing to choose/);
});

test('sparse vector: finds what stands out, stops after its last yes', () => {
  const sv = sparseVector(100, { numerator: 4, denominator: 1 }, 2, seeded('s'));
  const answers = [3, 8, 200, 5, 7, 300].map(v => sv.ask(v));
  assert.deepEqual(answers, [false, false, true, false, false, true]);
  assert.equal(sv.left, 0);
  assert.throws(() => sv.ask(1), /all its positive answers are spent/);
});

test('Poisson sampling takes each row with its probability', () => {
  const rows = poissonSample(90_000, third, seeded('p'));
  assert.ok(Math.abs(rows.length - 30_000) < 600);
  assert.ok(rows.every((r, i) => i === 0 || r > rows[i - 1]));
  assert.throws(() => poissonSample(3, { numerator: 3, denominator: 2 }, seeded('p')), /above 1/);
});

test('a statistic that is not whole is refused, by position', () => {
  assert.throws(() => gaussianMechanism([1, 2.5], 1n, 1n, seeded('x')), /value 1: 2.5 is not a whole number/);
});
