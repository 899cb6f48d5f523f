import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import fc from 'fast-check';
import { addGram, eliminate, factor, factorDoubles, solveRows, toFactor } from './factor.ts';
import { arena } from './products.ts';
import { transpose } from './transpose.ts';

test('WebAssembly and plain products agree for any shape and offset, in doubles and in singles', () => {
  for (const single of [false, true])
    fc.assert(
      fc.property(fc.nat(13), fc.nat(13), fc.nat(600), fc.nat(3), (rows, cols, depth, pad) => {
        const results = (['wasm', 'plain'] as const).map(kind => {
          const r = random('products');
          const a = arena(40000, kind);
          const block = (length: number) => {
            const b = single ? a.singles(length) : a.alloc(length);
            for (let i = 0; i < length; i++) b[i] = r.normal();
            return b;
          };
          const [lda, ldb, ldc] = [depth + pad, depth + 1, cols + pad];
          const [x, y, c] = [block(rows * lda + 1), block(cols * ldb + 1), block(rows * ldc + 1)];
          a.abt({ c, c0: 1, ldc, a: x, a0: 1, lda, rows, b: y, ldb, cols, depth, scale: -0.5 });
          return c.slice();
        });
        results[0].forEach((v, i) => {
          assert.ok(Math.abs(v - results[1][i]) < (single ? 2e-4 : 1e-11));
        });
      }),
      { numRuns: 60 },
    );
});

test('the factor solves for many right-hand sides, also when made in stages', () => {
  const n = 75;
  const rows = 5;
  const depth = 90;
  for (const stages of [[75], [40, 75], [7, 33, 75]]) {
    const a = arena(4 * n * n + 4 * rows * n + n * depth + factorDoubles(n, rows) + 100);
    const r = random('spd');
    const x = a.alloc(n * depth);
    for (let i = 0; i < x.length; i++) x[i] = r.normal();
    const g = a.alloc(n * n);
    addGram(a, { c: g, ldc: n, a: x, lda: depth, n, depth, scale: 1 });
    const copy = g.slice();
    const b = a.alloc(rows * n);
    for (let i = 0; i < b.length; i++) b[i] = r.normal();
    const want = b.slice();
    const f = toFactor(a, g, n);
    stages.forEach((to, i) => {
      eliminate(a, f, stages[i - 1] ?? 0, to);
    });
    solveRows(a, f, b, rows);
    for (let q = 0; q < rows; q++)
      for (let i = 0; i < n; i++) {
        let s = 0;
        for (let k = 0; k < n; k++) s += copy[Math.max(i, k) * n + Math.min(i, k)] * b[q * n + k];
        assert.ok(Math.abs(s - want[q * n + i]) < 1e-8);
      }
  }
});

test('a matrix that is not positive definite and a full arena are refused', () => {
  const a = arena(200);
  const bad = a.alloc(4);
  bad.set([1, 2, 2, 1]);
  assert.throws(() => factor(a, toFactor(a, bad, 2)), /pivot 1/);
  assert.throws(() => a.alloc(1000), /full/);
});

test('WebAssembly and plain rounding agree to the last unit, and tell the largest size', () => {
  for (const n of [1, 2, 7, 64]) {
    const [fast, plain] = (['wasm', 'plain'] as const).map(kind => {
      const r = random('fixed point');
      const a = arena(200, kind);
      const values = a.alloc(n);
      for (let i = 0; i < n; i++) values[i] = i === 3 ? -2.5 / 4096 : 300 * r.normal();
      const whole = a.wholes(n);
      return { most: a.fix(values, 4096, whole), whole: [...whole], values: [...values] };
    });
    assert.deepEqual(fast, plain);
    assert.equal(plain.most, Math.max(...plain.values.map(Math.abs)));
    assert.deepEqual(
      plain.whole,
      plain.values.map(v => Math.floor(v * 4096 + 0.5)),
    );
  }
  for (const kind of ['wasm', 'plain'] as const) {
    const a = arena(20, kind);
    const values = a.alloc(5);
    values[2] = Number.NaN;
    assert.equal(a.fix(values, 1, a.wholes(5)), Number.POSITIVE_INFINITY);
  }
});

test('a transposed copy of any shape', () => {
  for (const [rows, cols] of [
    [1, 1],
    [31, 70],
    [65, 33],
  ]) {
    const from = Float64Array.from({ length: 5 + rows * (cols + 2) }, (_, i) => i);
    const to = new Float64Array(cols * (rows + 1));
    transpose(from, 5, cols + 2, rows, cols, to, rows + 1);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < cols; j++) assert.equal(to[j * (rows + 1) + i], from[5 + i * (cols + 2) + j]);
  }
});
