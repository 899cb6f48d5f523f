import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import fc from 'fast-check';
import { band, factorBand, solveBand } from './band.ts';
import { integrate } from './bdf.ts';

test('a banded solve with pivoting equals the product it came from', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(4), fc.nat(4), fc.string(), (n, lower, upper, seed) => {
      const r = random(seed);
      const b = band(n, lower, upper);
      const dense = new Float64Array(n * n);
      for (let i = 0; i < n; i++)
        for (let j = Math.max(0, i - lower); j <= Math.min(n - 1, i + upper); j++) {
          // A weak diagonal makes pivoting necessary.
          dense[i * n + j] = i === j ? 1e-3 * r.normal() + 0.01 : r.normal();
          b.data[i * b.width + j - i + lower] = dense[i * n + j];
        }
      const x = Float64Array.from({ length: n }, () => r.normal());
      const y = Float64Array.from({ length: n }, (_, i) => x.reduce((s, v, j) => s + dense[i * n + j] * v, 0));
      fc.pre(factorBand(b));
      solveBand(b, y);
      for (let i = 0; i < n; i++) {
        let back = 0;
        for (let j = 0; j < n; j++) back += dense[i * n + j] * (y[j] - x[j]);
        // Backward stable: the residual is small beside the solution's size, however ill-conditioned the matrix.
        assert.ok(Math.abs(back) < 1e-10 * (1 + Math.max(...y.map(Math.abs))));
      }
    }),
  );
});

test("Robertson's reaction at t = 40, with its conserved sum and an integral", () => {
  const y = Float64Array.of(1, 0, 0, 0);
  const done = integrate(
    {
      n: 3,
      solver: { lower: 2, upper: 2 },
      integrals: 1,
      derivative(_t, s, out) {
        out[0] = -0.04 * s[0] + 1e4 * s[1] * s[2];
        out[2] = 3e7 * s[1] * s[1];
        out[1] = -out[0] - out[2];
      },
      integrands(_t, s, out) {
        out[3] = -0.04 * s[0] + 1e4 * s[1] * s[2];
      },
    },
    0,
    40,
    y,
    { relative: 1e-6, absolute: 1e-10, mostSteps: 5000 },
  );
  assert.ok(done.ok);
  // Hairer and Wanner, Solving ODEs II, IV.10; Hindmarsh's value at 40.
  assert.ok(Math.abs(y[0] - 0.7158271) < 1e-5 && Math.abs(y[1] - 9.1855e-6) < 1e-9);
  assert.ok(Math.abs(y[0] + y[1] + y[2] - 1) < 1e-12);
  assert.ok(Math.abs(y[3] - (y[0] - 1)) < 1e-6, 'the integral of the first rate is what the first gained');
});

test('what cannot be integrated is said, not returned', () => {
  const blow = integrate(
    { n: 1, solver: { lower: 0, upper: 0 }, integrals: 0, derivative: (_t, s, out) => out.fill(s[0] * s[0]) },
    0,
    2,
    Float64Array.of(1),
    { relative: 1e-6, absolute: 1e-8, mostSteps: 500 },
  );
  assert.equal(blow.ok, false);
});
