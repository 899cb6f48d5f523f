// The kernel's Jacobian by structure equals central differences of the equations, unknown by unknown, and its linear equations are those of that Jacobian.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { randomDesign } from '../testing/random-design.ts';
import { column, PER_CELL, uniform } from './column.ts';
import { type End, kernelOf } from './kernel.ts';
import { step } from './step.ts';

/** A column of 12 cells of a random design, its state uneven so that flows go both ways. */
function uneven(seed: number, left: (pa: number) => End, right: (pa: number) => End) {
  const { bed, sorbent, operation } = randomDesign(seed);
  const c = column(bed, sorbent, 12, operation.highPa);
  const ends = [left(operation.highPa), right(operation.highPa)] as const;
  const problem = step(c, ...ends, { kind: 'none' });
  const y = new Float64Array(problem.n + problem.integrals);
  y.set(uniform(c, 0.7 * operation.highPa, bed.feedK, 0.15));
  for (let k = 0; k < problem.n; k++) y[k] *= 1 + 0.03 * Math.sin(12.9898 * (k + seed)) + 0.01 * Math.sin(k / 5);
  return { problem, y, slopes: () => kernelOf(c, ...ends)().at.slopes.slice() };
}

/** Slope of equation i by unknown j, from the kernel's blocks. */
function slopeOf(slopes: Float64Array, i: number, j: number): number {
  const [cell, row] = [Math.floor(i / PER_CELL), i % PER_CELL];
  const [away, unknown] = [Math.floor(j / PER_CELL) - cell, j % PER_CELL];
  if (Math.abs(away) > 2 || (row > 2 && away !== 0)) return 0;
  return slopes[85 * cell + (row < 3 ? 25 * row + 5 * (away + 2) : 75 + 5 * (row - 3)) + unknown];
}

const gas = { co2: 0.15, k: 310 };
const flow = (): End => ({ kind: 'flow', molM2S: 10, ...gas });
const closed = (): End => ({ kind: 'closed' });
const outlet = (pa: number): End => ({ kind: 'outlet', pa: () => 0.6 * pa });
const inlet = (pa: number): End => ({ kind: 'inlet', pa: () => 0.9 * pa, ...gas });

for (const [name, left, right] of [
  ['feed', flow, outlet],
  ['pressurisation', inlet, closed],
  ['blowdown', outlet, closed],
  ['purge', outlet, flow],
] as const) {
  test(`${name}: the Jacobian equals central differences`, () => {
    for (let seed = 0; seed < 4; seed++) {
      const { problem, y, slopes } = uneven(seed, left, right);
      const { n } = problem;
      assert.ok('solve' in problem.solver && problem.solver.differentiate(0, y));
      const jacobian = slopes();
      const [above, below] = [new Float64Array(y.length), new Float64Array(y.length)];
      for (let j = 0; j < n; j++) {
        const h = 1e-6 * Math.max(Math.abs(y[j]), 1e-3);
        const moved = y.slice();
        moved[j] = y[j] + h;
        problem.derivative(0, moved, above);
        moved[j] = y[j] - h;
        problem.derivative(0, moved, below);
        for (let i = 0; i < n; i++) {
          const expected = (above[i] - below[i]) / (2 * h);
          const given = slopeOf(jacobian, i, j);
          const off = Math.abs(given - expected);
          assert.ok(
            off <= 1e-3 * Math.abs(expected) + 1e-5,
            `design ${seed}, row ${i} by ${j}: ${given}, not ${expected}`,
          );
        }
      }
    }
  });

  test(`${name}: a solution of the linear equations gives their right side back`, () => {
    for (let seed = 0; seed < 4; seed++) {
      const { problem, y, slopes } = uneven(seed, left, right);
      const { n, solver } = problem;
      assert.ok('solve' in solver && solver.differentiate(0, y));
      const jacobian = slopes();
      const r = random(`right side ${seed}`);
      // Of a long step and backwards, where rows have to be exchanged, too.
      for (const c of [1e-4, 0.1, 50, -3]) {
        const right = Float64Array.from({ length: n }, () => r.normal());
        const x = right.slice();
        assert.ok(solver.factor(c));
        solver.solve(x);
        const size = Math.max(...x.map(Math.abs));
        for (let i = 0; i < n; i++) {
          let left = x[i];
          let terms = Math.abs(x[i]);
          for (let j = 0; j < n; j++) {
            const term = c * slopeOf(jacobian, i, j) * x[j];
            left -= term;
            terms += Math.abs(term);
          }
          assert.ok(
            Math.abs(left - right[i]) <= 1e-11 * (1 + terms + size),
            `${c}, row ${i}: ${left}, not ${right[i]}`,
          );
        }
      }
    }
  });
}

test('a state that is not a number is said to be one', () => {
  const { problem, y } = uneven(1, flow, outlet);
  y[17] = Number.NaN;
  assert.equal('solve' in problem.solver && problem.solver.differentiate(0, y), false);
});

test('two columns at work in turn do not disturb each other', () => {
  const [a, b] = [uneven(1, flow, outlet), uneven(2, inlet, closed)];
  const derivatives = ({ problem, y }: typeof a) => {
    const out = new Float64Array(y.length);
    problem.derivative(0, y, out);
    return out.slice(0, problem.n);
  };
  const first = derivatives(a);
  derivatives(b);
  assert.deepEqual(derivatives(a), first);
});
