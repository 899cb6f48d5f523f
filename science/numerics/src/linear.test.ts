import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cholesky, choleskySolve } from './linear.ts';
import { random } from './random.ts';

test('the factor gives the matrix back, and solves it', () => {
  for (const n of [1, 2, 7, 40]) {
    const r = random(n);
    const b = Float64Array.from({ length: n * n }, () => r.normal());
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        for (let k = 0; k < n; k++) a[i * n + j] += b[i * n + k] * b[j * n + k];
        if (i === j) a[i * n + j] += 1;
      }
    const l = cholesky(a, n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let s = 0;
        for (let k = 0; k < n; k++) s += l[i * n + k] * l[j * n + k];
        assert.ok(Math.abs(s - a[i * n + j]) < 1e-12 * n, `L L' at ${i}, ${j}`);
        if (j > i) assert.equal(l[i * n + j], 0);
      }
    const x = Float64Array.from({ length: n }, () => r.normal());
    const rhs = Float64Array.from({ length: n }, (_, i) => x.reduce((s, v, j) => s + a[i * n + j] * v, 0));
    const found = choleskySolve(l, n, rhs);
    for (let i = 0; i < n; i++) assert.ok(Math.abs(found[i] - x[i]) < 1e-9, `x ${i}: ${found[i]}, not ${x[i]}`);
  }
});

test('a matrix that is not positive definite is refused by its pivot', () => {
  assert.throws(() => cholesky(Float64Array.of(1, 2, 2, 1), 2), /pivot 1 is -3; the matrix is not positive definite/);
  assert.throws(() => cholesky(Float64Array.of(0), 1), /pivot 0 is 0/);
  assert.throws(() => cholesky(Float64Array.of(Number.NaN), 1), /pivot 0 is NaN/);
});
