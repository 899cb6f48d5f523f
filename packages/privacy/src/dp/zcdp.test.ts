import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { epsilonFromMicroRho, epsilonFromRho, microRho, microRhoFor, microRhoOfPure, varianceFor } from './zcdp.ts';

test('the pilot of the protocol: D^2 = 40, s^2 = 333 costs 0.06 a release, rounded up', () => {
  assert.equal(microRho(40n, 333n), 60_061n);
  assert.ok(Math.abs(epsilonFromMicroRho(5n * 60_000n, 1e-5) - 3.534) < 1e-3);
});

test('the conversion is the least over orders, and below the simple bound rho + 2 sqrt(rho ln 1/delta)', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-9, max: 1e3, noNaN: true }),
      fc.double({ min: 1e-12, max: 0.1, noNaN: true }),
      (rho, delta) => {
        const epsilon = epsilonFromRho(rho, delta);
        assert.ok(epsilon <= rho + 2 * Math.sqrt(rho * Math.log(1 / delta)) + 1e-9);
        for (const a of [1.0001, 1.01, 1.3, 2, 5, 40, 1000, 1e6]) {
          const at = a * rho - (Math.log(delta) + Math.log(a)) / (a - 1) + Math.log((a - 1) / a);
          assert.ok(epsilon <= Math.max(0, at) + 1e-9, `order ${a} gives ${at} < ${epsilon}`);
        }
      },
    ),
  );
});

test('cost is never rounded down, and the variance found is the least that fits', () => {
  const size = fc.bigInt({ min: 1n, max: 10n ** 24n });
  fc.assert(
    fc.property(size, size, (d2, v) => {
      const cost = microRho(d2, v);
      assert.ok(cost * 2n * v >= d2 * 1_000_000n && (cost - 1n) * 2n * v < d2 * 1_000_000n);
      const least = varianceFor(d2, cost);
      assert.ok(microRho(d2, least) <= cost);
      if (least > 1n) assert.ok(microRho(d2, least - 1n) > cost);
    }),
  );
});

test('the budget for a target stays inside it by less than one micro-rho', () => {
  for (const [epsilon, delta] of [
    [0.01, 1e-5],
    [1, 1e-6],
    [4, 1e-5],
    [27, 1e-9],
  ]) {
    const budget = microRhoFor(epsilon, delta);
    assert.ok(epsilonFromMicroRho(budget, delta) <= epsilon);
    assert.ok(epsilonFromMicroRho(budget + 1n, delta) > epsilon);
  }
});

test('limits: no loss, pure mechanisms, bad input', () => {
  assert.equal(epsilonFromRho(0, 1e-5), 0);
  assert.equal(microRhoOfPure(1n, 10n), 5_000n);
  assert.throws(() => microRho(1n, 0n), /no bound/);
  assert.throws(() => epsilonFromRho(1, 0), /delta/);
  assert.throws(() => varianceFor(1n, 0n), /buys no release/);
});
