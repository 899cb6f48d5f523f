// Small programs with known answers; the large ones are power grids (science/energy/src/opf), beside published optima and Ipopt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { solveNonlinear } from './interior-nonlinear.ts';
import { leastViolation } from './least-violation.ts';
import type { NonlinearProgram } from './nonlinear-program.ts';

const inf = Number.POSITIVE_INFINITY;
const near = (value: number, wanted: number, tolerance: number, what: string) =>
  assert.ok(Math.abs(value - wanted) < tolerance, `${what}: ${value}, not ${wanted}`);

/** Problem 71 of Hock and Schittkowski (1981), by its formulas: optimum 17.0140173. */
const HS71: NonlinearProgram = {
  variables: 4,
  constraints: 2,
  lower: Float64Array.of(1, 1, 1, 1),
  upper: Float64Array.of(5, 5, 5, 5),
  constraintLower: Float64Array.of(25, 40),
  constraintUpper: Float64Array.of(inf, 40),
  start: Float64Array.of(1, 5, 5, 1),
  objective: ([a, b, c, d]) => a * d * (a + b + c) + c,
  gradient([a, b, c, d], out) {
    out.set([d * (2 * a + b + c), a * d, a * d + 1, a * (a + b + c)]);
  },
  values(x, out) {
    out.set([x[0] * x[1] * x[2] * x[3], x.reduce((s, v) => s + v * v, 0)]);
  },
  jacobian: { rows: Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1), cols: Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3) },
  jacobianValues([a, b, c, d], out) {
    out.set([b * c * d, a * c * d, a * b * d, a * b * c, 2 * a, 2 * b, 2 * c, 2 * d]);
  },
  hessian: {
    rows: Int32Array.of(0, 1, 1, 2, 2, 2, 3, 3, 3, 3),
    cols: Int32Array.of(0, 0, 1, 0, 1, 2, 0, 1, 2, 3),
  },
  hessianValues([a, b, c, d], f, [y, z], out) {
    const squares = 2 * z;
    out[0] = f * 2 * d + squares;
    out[1] = f * d + y * c * d;
    out[2] = squares;
    out[3] = f * d + y * b * d;
    out[4] = y * a * d;
    out[5] = squares;
    out[6] = f * (2 * a + b + c) + y * b * c;
    out[7] = f * a + y * a * c;
    out[8] = f * a + y * a * b;
    out[9] = squares;
  },
};

test("Hock and Schittkowski's problem 71: the published optimum, and the conditions that make it one", () => {
  const s = solveNonlinear(HS71);
  assert.equal(s.status, 'optimal', s.detail);
  near(s.objective, 17.0140173, 1e-6, 'objective');
  for (const [j, wanted] of [1, 4.742999, 3.821151, 1.379408].entries()) near(s.x[j], wanted, 1e-5, `x ${j}`);
  const gradient = new Float64Array(4);
  const jacobian = new Float64Array(8);
  HS71.gradient(s.x, gradient);
  HS71.jacobianValues(s.x, jacobian);
  for (let j = 0; j < 4; j++) {
    const l = gradient[j] + jacobian[j] * s.multipliers[0] + jacobian[4 + j] * s.multipliers[1];
    near(l - s.lowerMultipliers[j] + s.upperMultipliers[j], 0, 1e-6, `slope of the Lagrangian ${j}`);
  }
});

/** min (1 - x)^2 + 100 (y - x^2)^2 with x^2 + y^2 <= `most`. */
function rosenbrock(least: number, most: number): NonlinearProgram {
  return {
    variables: 2,
    constraints: 1,
    lower: Float64Array.of(-inf, -inf),
    upper: Float64Array.of(inf, inf),
    constraintLower: Float64Array.of(least),
    constraintUpper: Float64Array.of(most),
    start: Float64Array.of(-1.2, 1),
    objective: ([x, y]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    gradient([x, y], out) {
      out[0] = -2 * (1 - x) - 400 * x * (y - x * x);
      out[1] = 200 * (y - x * x);
    },
    values([x, y], out) {
      out[0] = x * x + y * y;
    },
    jacobian: { rows: Int32Array.of(0, 0), cols: Int32Array.of(0, 1) },
    jacobianValues([x, y], out) {
      out[0] = 2 * x;
      out[1] = 2 * y;
    },
    hessian: { rows: Int32Array.of(0, 1, 1), cols: Int32Array.of(0, 0, 1) },
    hessianValues([x, y], f, [m], out) {
      out[0] = f * (2 - 400 * y + 1200 * x * x) + 2 * m;
      out[1] = f * -400 * x;
      out[2] = f * 200 + 2 * m;
    },
  };
}

test("Rosenbrock's valley, free and at the edge of a disc", () => {
  const free = solveNonlinear(rosenbrock(-inf, inf));
  assert.equal(free.status, 'optimal', free.detail);
  near(free.x[0], 1, 1e-6, 'x');
  near(free.x[1], 1, 1e-6, 'y');
  const edge = solveNonlinear(rosenbrock(-inf, 1));
  assert.equal(edge.status, 'optimal', edge.detail);
  near(edge.x[0] ** 2 + edge.x[1] ** 2, 1, 1e-6, 'radius squared');
  assert.ok(edge.multipliers[0] > 0, 'the disc holds it back');
  // Searched through on the circle, in steps of 1e-5 of a turn.
  let best = inf;
  for (let k = 0; k < 100_000; k++) {
    const angle = (2 * Math.PI * k) / 100_000;
    best = Math.min(best, rosenbrock(-inf, 1).objective(Float64Array.of(Math.cos(angle), Math.sin(angle))));
  }
  near(edge.objective, best, 1e-6, 'objective at the edge');
});

test('no point: it says so, and how near one can come', () => {
  const none = rosenbrock(-inf, -1);
  assert.equal(solveNonlinear(none).status, 'infeasible');
  const least = leastViolation(none, none.start);
  assert.ok(least.settled);
  near(least.worst, 1, 1e-4, 'violation at the origin');
});

test('the iterations can be ended, by their number or by who watches', () => {
  assert.equal(solveNonlinear(HS71, { iterations: 2 }).status, 'limit');
  const seen: number[] = [];
  const watched = solveNonlinear(HS71, { watch: i => seen.push(i) < 3 });
  assert.equal(watched.status, 'limit');
  assert.equal(seen.length, 3);
});
