import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cdf, crps, type Distribution, mean, quantile } from './distributions.ts';

const any: fc.Arbitrary<Distribution> = fc.oneof(
  fc.record({
    kind: fc.constant('normal' as const),
    location: fc.double({ min: -20, max: 30, noNaN: true }),
    scale: fc.double({ min: 0.2, max: 8, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('cut-normal' as const),
    location: fc.double({ min: -2, max: 9, noNaN: true }),
    scale: fc.double({ min: 0.5, max: 4, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('rain' as const),
    wet: fc.double({ min: 0.02, max: 0.98, noNaN: true }),
    mean: fc.double({ min: 0.05, max: 3, noNaN: true }),
    shape: fc.double({ min: 0.3, max: 4, noNaN: true }),
  }),
);

test('quantile is the inverse of the distribution function', () => {
  fc.assert(
    fc.property(any, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (d, p) => {
      const x = quantile(d, p);
      assert.ok(cdf(d, x) >= p - 1e-6);
      if (x > 0) assert.ok(cdf(d, x - 1e-6 * (1 + Math.abs(x))) <= p + 1e-6);
    }),
  );
});

test('the closed scores equal the integral of the squared difference of distribution functions', () => {
  fc.assert(
    fc.property(any, fc.double({ min: 0, max: 10, noNaN: true }), (d, y) => {
      const low = d.kind === 'normal' ? Math.min(y, d.location - 9 * d.scale) : 0;
      const high = Math.max(y, quantile(d, 1 - 1e-9));
      const n = 40000;
      const h = (high - low) / n;
      let s = 0;
      for (let i = 0; i < n; i++) {
        const x = low + (i + 0.5) * h;
        s += (cdf(d, x) - (x >= y ? 1 : 0)) ** 2 * h;
      }
      assert.ok(Math.abs(s - crps(d, y)) < 2e-3 * (1 + s), `${s} and ${crps(d, y)}`);
    }),
    { numRuns: 25 },
  );
});

test('the mean lies where quantiles average', () => {
  fc.assert(
    fc.property(any, d => {
      let s = 0;
      const n = 4000;
      for (let i = 0; i < n; i++) s += quantile(d, (i + 0.5) / n) / n;
      assert.ok(Math.abs(s - mean(d)) < 0.01 * (1 + Math.abs(s)));
    }),
    { numRuns: 20 },
  );
});
