import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { random } from '../random.ts';
import { newFactor } from './factor.ts';
import { factorize } from './ldl.ts';
import { graphOf, minimumDegree } from './minimum-degree.ts';
import { residual, solve, solveRefined } from './solve.ts';
import { analyse } from './symbolic.ts';

/** A random sparse symmetric matrix with a saddle-point shape: [H J'; J 0]. */
function saddle(seed: string, n: number, m: number) {
  const r = random(seed);
  const rows: number[] = [];
  const cols: number[] = [];
  const values: number[] = [];
  const put = (i: number, j: number, v: number) => {
    rows.push(i);
    cols.push(j);
    values.push(v);
  };
  for (let i = 0; i < n; i++) put(i, i, 1 + r.uniform());
  for (let k = 0; k < 2 * n; k++) {
    const i = r.below(n);
    const j = r.below(n);
    if (i !== j) put(i, j, 0.2 * r.normal());
  }
  for (let k = 0; k < m; k++) {
    put(n + k, k, 2 + r.uniform());
    put(r.below(n), n + k, r.normal());
  }
  return { rows: Int32Array.from(rows), cols: Int32Array.from(cols), values: Float64Array.from(values) };
}

test('the order is a permutation and keeps a star without fill', () => {
  const n = 200;
  const order = minimumDegree(
    graphOf(
      n,
      new Int32Array(n - 1).fill(0),
      Int32Array.from({ length: n - 1 }, (_, i) => i + 1),
    ),
  );
  assert.deepEqual(
    [...order].sort((a, b) => a - b),
    Array.from({ length: n }, (_, i) => i),
  );
  const star = analyse(
    10,
    new Int32Array(9).fill(0),
    Int32Array.from({ length: 9 }, (_, i) => i + 1),
  );
  assert.ok(star.factorEntries <= 30);
});

test('a grid of 40 x 40 fills far less than its natural order', () => {
  const rows: number[] = [];
  const cols: number[] = [];
  const side = 40;
  for (let i = 0; i < side; i++)
    for (let j = 0; j < side; j++) {
      rows.push(i * side + j);
      cols.push(i * side + j);
      if (j + 1 < side) {
        rows.push(i * side + j);
        cols.push(i * side + j + 1);
      }
      if (i + 1 < side) {
        rows.push(i * side + j);
        cols.push((i + 1) * side + j);
      }
    }
  const s = analyse(side * side, rows, cols);
  assert.ok(
    s.factorEntries < 45_000,
    `${s.factorEntries} entries; the natural order needs about 64,000 in its band alone`,
  );
});

test('solves saddle-point systems with the right inertia, with and without groups', () => {
  fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 60 }), check), {
    numRuns: 60,
  });
  function check(seed: string, n: number) {
    const m = Math.floor(n / 2);
    const a = saddle(seed, n, m);
    const size = n + m;
    const groups = Int32Array.from({ length: size }, (_, i) => (i < n ? i : i - n));
    const r = random(`${seed}b`);
    const b = Float64Array.from({ length: size }, () => r.normal());
    const x = new Float64Array(size);
    const grouped = factorize(newFactor(analyse(size, a.rows, a.cols, groups)), a.values);
    const error = solveRefined(grouped, a.values, b, x);
    assert.ok(error < 1e-9, `residual ${error}`);
    const alone = factorize(newFactor(analyse(size, a.rows, a.cols)), a.values, 1e-10);
    if (alone.lifted === 0) assert.deepEqual([alone.positive, alone.negative], [grouped.positive, grouped.negative]);
  }
});

test('a 2 x 2 pivot is taken where both diagonals vanish; an indefinite matrix shows its signs', () => {
  const s = analyse(2, [0, 1], [1, 1], [0, 0]);
  const f = factorize(newFactor(s), Float64Array.of(1, 0));
  assert.deepEqual([f.positive, f.negative, f.lifted], [1, 1, 0]);
  const x = new Float64Array(2);
  solve(f, Float64Array.of(3, 4), x);
  assert.deepEqual([...x], [4, 3]);
});

test('a singular matrix lifts a pivot and says so', () => {
  const s = analyse(2, [0, 1, 1], [0, 0, 1]);
  const f = factorize(newFactor(s), Float64Array.of(1, 1, 1));
  assert.equal(f.lifted, 1);
});

test('residual counts both triangles', () => {
  const s = analyse(2, [0, 1], [0, 0]);
  const out = new Float64Array(2);
  assert.equal(residual(s, Float64Array.of(2, 3), Float64Array.of(1, 1), Float64Array.of(5, 4), out), 1);
});
