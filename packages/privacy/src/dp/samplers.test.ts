import assert from 'node:assert/strict';
import { randomBytes as nodeBytes } from 'node:crypto';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { processorMs } from '../../../../scripts/processor-time.ts';
import { discreteGaussian, discreteGaussianBigInts, discreteGaussianVector } from './discrete-gaussian.ts';
import { discreteLaplaceVector } from './discrete-laplace.ts';
import { coin, coinBig, coinExp, coinExpBig, entropy } from './entropy.ts';
import { integerSqrt, rational } from './rational.ts';

/** Seeded bytes: tests must not fail once in a thousand runs. */
const seeded = (seed: string) => {
  const r = random(seed);
  return (n: number) => Uint8Array.from({ length: n }, () => r.below(256));
};

/** Pearson's statistic over cells of at least 10 expected draws, divided by its degrees of freedom; near 1 when the law is right. */
function misfit(draws: ArrayLike<number>, weight: (x: number) => number, reach: number): number {
  let total = 0;
  for (let x = -reach; x <= reach; x++) total += weight(x);
  const seen = new Map<number, number>();
  for (let i = 0; i < draws.length; i++) seen.set(draws[i], (seen.get(draws[i]) ?? 0) + 1);
  let statistic = 0;
  let cells = 0;
  for (let x = -reach; x <= reach; x++) {
    const expected = (draws.length * weight(x)) / total;
    if (expected < 10) continue;
    statistic += ((seen.get(x) ?? 0) - expected) ** 2 / expected;
    cells += 1;
  }
  return statistic / (cells - 1);
}

const named = (x: unknown) => JSON.stringify(x, (_, v) => (typeof v === 'bigint' ? String(v) : v));

for (const [variance, reach] of [
  [{ numerator: 1, denominator: 4 }, 6],
  [{ numerator: 3, denominator: 1 }, 20],
  [333n, 200],
  [1000.5, 400],
] as const) {
  test(`discrete Gaussian has its law: variance ${named(variance)}`, () => {
    const { numerator, denominator } = rational(variance as number, 'variance');
    const s2 = Number(numerator) / Number(denominator);
    const draws = discreteGaussianVector(200_000, variance, seeded('gauss'));
    const fit = misfit(draws, x => Math.exp((-x * x) / (2 * s2)), reach);
    assert.ok(fit > 0.4 && fit < 1.6, `misfit ${fit}`);
    const wrong = misfit(draws, x => Math.exp((-x * x) / (2.2 * s2)), reach);
    assert.ok(wrong > 2, `a variance 10 % too small would go unseen: ${wrong}`);
  });
}

for (const scale of [1n, { numerator: 7, denominator: 2 }, 40n] as const) {
  test(`discrete Laplace has its law: scale ${named(scale)}`, () => {
    const { numerator, denominator } = rational(scale, 'scale');
    const b = Number(numerator) / Number(denominator);
    const draws = Array.from(discreteLaplaceVector(200_000, scale, seeded('laplace')), Number);
    const fit = misfit(draws, x => Math.exp(-Math.abs(x) / b), 800);
    assert.ok(fit > 0.5 && fit < 1.5, `misfit ${fit}`);
  });
}

test('large variances: mean and variance right, doubles and 64-bit agree for the same bytes', () => {
  for (const s of [10n ** 4n, 10n ** 9n, 10n ** 11n]) {
    const variance = s * s;
    const a = discreteGaussianVector(20_000, variance, seeded('big'));
    const b = discreteGaussianBigInts(20_000, variance, seeded('big'));
    let square = 0;
    a.forEach((x, i) => {
      assert.equal(BigInt(x), b[i]);
      square += (x / Number(s)) ** 2;
    });
    assert.ok(Math.abs(square / a.length - 1) < 0.04, `variance ratio ${square / a.length}`);
  }
  const huge = discreteGaussianBigInts(5000, 10n ** 32n, seeded('huge'));
  const mean = huge.reduce((sum, x) => sum + Number(x) / 1e16, 0) / huge.length;
  const square = huge.reduce((sum, x) => sum + (Number(x) / 1e16) ** 2, 0) / huge.length;
  assert.ok(Math.abs(mean) < 0.06 && Math.abs(square - 1) < 0.08, `${mean} ${square}`);
});

test('coins of small and large integers have their probability', () => {
  const e = entropy(seeded('coins'));
  const rate = (f: () => boolean) => {
    let n = 0;
    for (let i = 0; i < 100_000; i++) if (f()) n += 1;
    return n / 100_000;
  };
  for (const [got, want] of [
    [rate(() => coin(e, 3, 7)), 3 / 7],
    [rate(() => coinBig(e, 3n * 10n ** 40n, 7n * 10n ** 40n)), 3 / 7],
    [rate(() => coinExp(e, 5, 3)), Math.exp(-5 / 3)],
    [rate(() => coinExpBig(e, 5n * 10n ** 30n, 3n * 10n ** 30n)), Math.exp(-5 / 3)],
    [rate(() => coinExp(e, 0, 3)), 1],
    [rate(() => coin(e, 0, 3)), 0],
  ])
    assert.ok(Math.abs(got - want) < 0.006, `${got} for ${want}`);
});

test('a coin reads the digits of its fraction: 1/256 succeeds on byte 0 alone', () => {
  const fixed = (...bytes: number[]) => entropy(n => Uint8Array.from({ length: n }, (_, i) => bytes[i] ?? 0));
  assert.equal(coin(fixed(0), 1, 256), true);
  assert.equal(coin(fixed(1), 1, 256), false);
  // 1/3 = 0.555… in base 256 (digit 85): a tie goes on to the next byte.
  assert.equal(coin(fixed(85, 84), 1, 3), true);
  assert.equal(coin(fixed(85, 86), 1, 3), false);
});

test('uniform integers are uniform at sizes around a power of 256', () => {
  const e = entropy(seeded('below'));
  for (const n of [1, 3, 255, 256, 257]) {
    const seen = new Uint32Array(n);
    for (let i = 0; i < 200 * n; i++) seen[e.below(n)] += 1;
    const big = new Uint32Array(n);
    for (let i = 0; i < 200 * n; i++) big[Number(e.belowBig(BigInt(n)))] += 1;
    for (const s of [seen, big])
      assert.ok(
        s.every(c => c > 100 && c < 310),
        `${n}: ${Math.min(...s)} ${Math.max(...s)}`,
      );
  }
});

test('100,000 draws take well under a second', async () => {
  const bytes = (n: number) => new Uint8Array(nodeBytes(n));
  for (const variance of [333n, 10n ** 12n, 10n ** 20n]) {
    const took = await processorMs(() => discreteGaussianVector(100_000, variance, bytes));
    assert.ok(took < 1500, `${took} ms at a variance of ${variance}`);
  }
});

test('bad parameters and a source that gives too little are refused', () => {
  const bytes = seeded('bad');
  assert.throws(() => discreteGaussian(0n, bytes), /variance: 0\/1 is not positive/);
  assert.throws(() => discreteGaussian(Number.NaN, bytes), /variance/);
  assert.throws(() => discreteGaussianVector(1, 2n ** 90n, bytes), /discreteGaussianBigInts/);
  assert.throws(() => discreteGaussianBigInts(1, 2n ** 120n, bytes), /2\^112/);
  assert.throws(() => discreteLaplaceVector(1, { numerator: 1.5, denominator: 1 }, bytes), /whole number/);
  assert.throws(() => discreteGaussian(333n, n => new Uint8Array(n - 1)), /noise was not drawn/);
});

test('doubles are taken at their exact binary value; integer roots are exact', () => {
  assert.deepEqual(rational(0.75, 'x'), { numerator: 3n, denominator: 4n });
  assert.deepEqual(rational(2 ** -1074, 'x'), { numerator: 1n, denominator: 2n ** 1074n });
  for (const n of [0n, 1n, 3n, 4n, 24n, 25n, 10n ** 40n - 1n, 10n ** 40n]) {
    const r = integerSqrt(n);
    assert.ok(r * r <= n && (r + 1n) * (r + 1n) > n);
  }
});
