import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { optimalComposition } from './composition.ts';
import { calibrate, gaussianDelta, gaussianEpsilon, gaussianSigma } from './gaussian.ts';
import { composeRdp, epsilonFromRdp, rdpCurve, subsampledGaussianRdp } from './rdp.ts';
import { tightDelta, tightEpsilon } from './tight.ts';

const close = (got: number, want: number, tolerance: number, what: string) =>
  assert.ok(Math.abs(got - want) <= tolerance, `${what}: ${got}, not ${want}`);

test('tight accountant equals the closed form of the Gaussian, from above, down to tiny deltas', () => {
  for (const [sigma, count, delta] of [
    [2, 1, 1e-6],
    [2, 10, 1e-6],
    [0.7, 3, 1e-12],
    [50, 20_000, 1e-9],
    [30, 100, 0.01],
  ]) {
    const uses = [{ mechanism: { kind: 'gaussian', sigma } as const, count }];
    const exact = gaussianEpsilon(sigma, delta, count);
    const ours = tightEpsilon(uses, delta);
    assert.ok(ours >= exact - 1e-9 && ours <= exact + 2.5e-3, `sigma ${sigma}, ${count} times: ${ours} for ${exact}`);
    const back = tightDelta(uses, exact);
    assert.ok(back >= delta * (1 - 1e-6) && back < delta * 1.05, `delta ${back} for ${delta}`);
  }
});

test('tight accountant equals randomised response and Laplace where these are known', () => {
  // k-fold randomised response: Kairouz, Oh, Viswanath is exact on its grid.
  for (const [epsilon, k] of [
    [0.5, 10],
    [1, 30],
  ]) {
    const uses = [{ mechanism: { kind: 'approximate', epsilon, delta: 0 } as const, count: k }];
    const grid = optimalComposition(epsilon, 0, k, 0.01)!;
    assert.ok(tightDelta(uses, grid) <= 0.01 + 1e-6);
    assert.ok(tightEpsilon(uses, 0.01) <= grid + 1e-6 && tightEpsilon(uses, 0.01) > grid - 2 * epsilon);
  }
  // One Laplace use: delta(e) = 1 - exp((e - 1/b) / 2) for 0 <= e <= 1/b.
  for (const e of [0.2, 0.9])
    close(
      tightDelta([{ mechanism: { kind: 'laplace', scale: 1 }, count: 1 }], e),
      1 - Math.exp((e - 1) / 2),
      1e-4,
      'laplace',
    );
  assert.ok(tightEpsilon([{ mechanism: { kind: 'laplace', scale: 2 }, count: 1 }], 1e-9) <= 0.5 + 5e-3);
});

test('discrete Gaussian loses as the Gaussian of the same variance, and fits inside zCDP', () => {
  const discrete = tightEpsilon([{ mechanism: { kind: 'discrete-gaussian', variance: 333 }, count: 40 }], 1e-5);
  close(discrete, gaussianEpsilon(Math.sqrt(333), 1e-5, 40), 5e-3, 'variance 333, 40 times');
});

test('uses of different mechanisms add: Gaussian 1 and 2 equal one of 1 / sqrt(1 + 1/4)', () => {
  const both = tightEpsilon(
    [
      { mechanism: { kind: 'gaussian', sigma: 1 }, count: 1 },
      { mechanism: { kind: 'gaussian', sigma: 2 }, count: 1 },
    ],
    1e-6,
  );
  close(both, gaussianEpsilon(1 / Math.sqrt(1.25), 1e-6), 5e-3, 'two Gaussians');
});

test('tight never exceeds Renyi, and more steps never lose less', () => {
  for (const [sigma, q] of [
    [0.8, 0.01],
    [1.2, 0.1],
    [4, 0.5],
  ]) {
    let last = 0;
    for (const steps of [1, 10, 300]) {
      const tight = tightEpsilon([{ mechanism: { kind: 'gaussian', sigma, q }, count: steps }], 1e-6);
      const renyi = epsilonFromRdp(rdpCurve(sigma, q, steps), 1e-6).epsilon;
      assert.ok(tight <= renyi + 3e-3 && tight >= last, `${sigma} ${q} ${steps}: ${tight} ${renyi}`);
      last = tight;
    }
  }
});

test('Renyi: orders between integers lie between them; no sampling is the Gaussian; composition adds', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.6, max: 8, noNaN: true }),
      fc.double({ min: 0.001, max: 0.5, noNaN: true }),
      fc.integer({ min: 2, max: 20 }),
      (sigma, q, a) => {
        const [x, y, z] = [a, a + 0.5, a + 1].map(o => subsampledGaussianRdp(sigma, q, o));
        assert.ok(x <= y * (1 + 1e-9) && y <= z * (1 + 1e-9), `${x} ${y} ${z}`);
      },
    ),
    { numRuns: 60 },
  );
  assert.equal(subsampledGaussianRdp(2, 1, 7), 7 / 8);
  assert.equal(subsampledGaussianRdp(2, 0, 7), 0);
  const one = rdpCurve(1, 0.1, 1);
  assert.deepEqual([...composeRdp(one, one).rdp], [...rdpCurve(1, 0.1, 2).rdp]);
});

test('calibration meets the target and wastes nothing', () => {
  const sigma = gaussianSigma(1, 1e-6);
  close(sigma, 4.530877117, 0.31, 'the exact sigma is below the Renyi one');
  assert.ok(gaussianDelta(sigma, 1) <= 1e-6 && gaussianDelta(sigma * 0.999, 1) > 1e-6);
  const noise = calibrate(s => epsilonFromRdp(rdpCurve(s, 0.01, 1000), 1e-6).epsilon <= 2);
  close(epsilonFromRdp(rdpCurve(noise, 0.01, 1000), 1e-6).epsilon, 2, 1e-6, 'calibrated');
  assert.throws(() => calibrate(() => false), /no amount of noise/);
});

test('optimal composition: none is possible below the deltas alone', () => {
  assert.equal(optimalComposition(1, 0.001, 30, 0.01), undefined);
  assert.equal(optimalComposition(1, 0.001, 1, 0.001), 1);
  assert.throws(
    () => tightEpsilon([{ mechanism: { kind: 'approximate', epsilon: 1, delta: 0.1 }, count: 9 }], 1e-3),
    /cannot be reached/,
  );
});

test('least noise by the exact account: a published figure, and growth with the squared sensitivity', () => {
  assert.ok(Math.abs(gaussianSigma(2, 1e-5, 4) - 3.99) < 0.01);
  assert.ok(Math.abs(gaussianSigma(2, 1e-5, 16) / gaussianSigma(2, 1e-5, 4) - 2) < 1e-9);
  // Published for epsilon 1, delta 1e-5, sensitivity 1: 3.7306.
  assert.ok(Math.abs(gaussianSigma(1, 1e-5, 1) - 3.7306) < 1e-3);
});
