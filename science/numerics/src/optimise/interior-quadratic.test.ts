import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { random } from '../random.ts';
import { conicBound } from './conic-bound.ts';
import { solveQuadratic } from './interior-quadratic.ts';
import { interiorSolver } from './interior-solver.ts';
import { ModelBuilder } from './model-builder.ts';
import { check } from './model-check.ts';

/** A feasible random program: the rows' bounds are put around a known point. */
function feasible(seed: string, n: number, m: number, curved: boolean) {
  const r = random(seed);
  const b = new ModelBuilder();
  const point = Array.from({ length: n }, () => 4 * r.uniform() - 2);
  for (let j = 0; j < n; j++) {
    const width = r.uniform() < 0.2 ? 0 : 3 * r.uniform();
    b.column(r.normal(), point[j] - width, r.uniform() < 0.1 && curved ? Number.POSITIVE_INFINITY : point[j] + width);
  }
  if (curved) for (let j = 0; j < n; j++) b.curvature(j, j, 0.5 + r.uniform());
  for (let i = 0; i < m; i++) {
    const terms = new Map<number, number>();
    for (let k = 0; k < 3; k++) terms.set(r.below(n), r.normal());
    const activity = [...terms].reduce((sum, [j, v]) => sum + v * point[j], 0);
    const kind = r.below(3);
    b.row(
      kind === 0 ? activity : kind === 1 ? activity - r.uniform() : Number.NEGATIVE_INFINITY,
      kind === 0 ? activity : activity + r.uniform(),
    );
    for (const [j, v] of terms) b.term(j, v);
  }
  return b.build();
}

test('random linear and quadratic programs: feasible, and the duals prove the optimum', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 8 }),
      fc.integer({ min: 2, max: 40 }),
      fc.boolean(),
      (seed, n, curved) => {
        const model = feasible(seed, n, Math.max(1, Math.floor(n / 3)), curved);
        const s = solveQuadratic(model);
        assert.equal(s.status, 'optimal', s.detail);
        const c = check(model, s.x, s.rowDual);
        assert.ok(c.primalViolation < 1e-6, `violation ${c.primalViolation}`);
        assert.ok(c.gap < 5e-5 && c.gap > -1e-6, `gap ${c.gap}`);
      },
    ),
    { numRuns: 60 },
  );
});

test('a contradiction is proven infeasible', () => {
  const b = new ModelBuilder();
  const x = b.column(1, 0, 1);
  const y = b.column(1, 0, 1);
  b.row(3, 3);
  b.term(x, 1);
  b.term(y, 1);
  assert.equal(solveQuadratic(b.build()).status, 'infeasible');
});

test('a concave cost is not called optimal; whole numbers are refused', () => {
  const b = new ModelBuilder();
  b.column(0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  b.curvature(0, 0, -1);
  assert.notEqual(solveQuadratic(b.build()).status, 'optimal');
  const w = new ModelBuilder();
  w.column(1, 0, 1, true);
  assert.throws(() => solveQuadratic(w.build()), /whole-number/);
});

test('the dual of a row is the change of the optimum per unit of its bounds', () => {
  const b = new ModelBuilder();
  b.column(3, 0, 10);
  b.curvature(0, 0, 2);
  b.row(4, Number.POSITIVE_INFINITY);
  b.term(0, 2);
  const model = b.build();
  const s = solveQuadratic(model);
  assert.ok(Math.abs(s.x[0] - 2) < 1e-7);
  assert.ok(Math.abs(s.rowDual[0] - 3.5) < 1e-6); // (3 + 2x)/2
  const held = interiorSolver.open(model);
  held.setRow(0, 6, Number.POSITIVE_INFINITY);
  assert.ok(Math.abs(held.solve().x[0] - 3) < 1e-7);
  held.addRow(8, 8, [0], [1]);
  assert.ok(Math.abs(held.solve().x[0] - 8) < 1e-7);
});

test('the checker sees a wrong answer', () => {
  const b = new ModelBuilder();
  b.column(1, 0, 10);
  b.row(4, 4);
  b.term(0, 1);
  const model = b.build();
  assert.ok(check(model, Float64Array.of(5), Float64Array.of(1)).primalViolation === 1);
  assert.ok(check(model, Float64Array.of(4), Float64Array.of(0.5)).gap > 0.4);
  assert.ok(Math.abs(check(model, Float64Array.of(4), Float64Array.of(1)).gap) < 1e-12);
});

test('second-order cones: the point of a disc farthest in a direction, and the bound that its duals prove', () => {
  const b = new ModelBuilder();
  const x = b.column(-3, -5, 5);
  const y = b.column(-4, -5, 5);
  b.row(-2, -2); // the constant 2
  b.row(0, 0);
  b.term(x, 1);
  b.row(0, 0);
  b.term(y, 1);
  const model = { ...b.build(), cones: [{ first: 0, size: 3 }] };
  const s = solveQuadratic(model);
  assert.equal(s.status, 'optimal');
  assert.ok(Math.abs(s.x[0] - 1.2) < 1e-6 && Math.abs(s.x[1] - 1.6) < 1e-6);
  const bound = conicBound(model, s.rowDual);
  assert.ok(bound <= -10 + 1e-9 && bound > -10 - 1e-6, String(bound));
  // Any multipliers give a bound below the optimum, good or bad.
  const r = random('bounds');
  for (let k = 0; k < 100; k++)
    assert.ok(
      conicBound(
        model,
        Float64Array.from({ length: 3 }, () => 5 * r.normal()),
      ) <=
        -10 + 1e-9,
    );
});
