// The Jacobian by structure equals central differences of the equations, unknown by unknown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { band } from '../stiff/band.ts';
import { randomDesign } from '../testing/random-design.ts';
import { column, uniform } from './column.ts';
import type { End } from './ends.ts';
import { step } from './step.ts';

/** A column of 12 cells of a random design, its state uneven so that flows go both ways. */
function uneven(seed: number, left: (pa: number) => End, right: (pa: number) => End) {
  const { bed, sorbent, operation } = randomDesign(seed);
  const c = column(bed, sorbent, 12, operation.highPa);
  const problem = step(c, left(operation.highPa), right(operation.highPa), { kind: 'none' });
  const y = new Float64Array(problem.n + problem.integrals);
  y.set(uniform(c, 0.7 * operation.highPa, bed.feedK, 0.15));
  for (let k = 0; k < problem.n; k++) y[k] *= 1 + 0.03 * Math.sin(12.9898 * (k + seed)) + 0.01 * Math.sin(k / 5);
  return { problem, y };
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
      const { problem, y } = uneven(seed, left, right);
      const { n } = problem;
      const jacobian = band(n, problem.lower, problem.upper);
      assert.ok(problem.jacobian?.(0, y, jacobian));
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
          const inBand = Math.abs(i - j) <= problem.lower;
          const given = inBand ? jacobian.data[i * jacobian.width + j - i + jacobian.lower] : 0;
          const off = Math.abs(given - expected);
          assert.ok(
            off <= 1e-3 * Math.abs(expected) + 1e-5,
            `design ${seed}, row ${i} by ${j}: ${given}, not ${expected}`,
          );
        }
      }
    }
  });
}

test('a state that is not a number is said to be one', () => {
  const { problem, y } = uneven(1, flow, outlet);
  y[17] = Number.NaN;
  assert.equal(problem.jacobian?.(0, y, band(problem.n, problem.lower, problem.upper)), false);
});
