// The linearised cycle beside differences of whole cycles.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { gmres } from '../stiff/gmres.ts';
import { randomDesign } from '../testing/random-design.ts';
import { column, uniform } from './column.ts';
import { runCycle } from './cycle.ts';
import { linearCycle } from './linear.ts';
import { difference, pack, unpack } from './packed.ts';
import { propagate, type Tape } from './tape.ts';

test('the linearised cycle says how a cycle ends when it begins elsewhere', () => {
  for (const seed of [7, 12]) {
    const { bed, sorbent, operation: o } = randomDesign(seed);
    const c = column(bed, sorbent, 8, o.highPa);
    const tank = { mol: 20, energyJ: 6000 };
    const tolerance = { relative: 1e-5, absolute: 1e-7, mostSteps: 40_000 };
    const end = (x: Float64Array, tapes?: Tape[]) => {
      const { state, tank: held } = unpack(x, c.cells, tank);
      const r = runCycle(c, o, state, held, tolerance, tapes);
      assert.ok(r.ok);
      return pack(r.state, r.tank, tank);
    };
    let x = pack(uniform(c, o.lowPa, bed.feedK, 0.05), { co2: 0, n2: 0, enthalpyJ: 0 }, tank);
    for (let k = 0; k < 3; k++) x = end(x);
    const tapes: Tape[] = [];
    end(x, tapes);
    const r = random(`linear ${seed}`);
    const way = x.map(v => 0.01 * Math.abs(v) * r.normal());
    const [above, below] = [end(x.map((v, i) => v + 0.2 * way[i])), end(x.map((v, i) => v - 0.2 * way[i]))];
    const expected = above.map((v, i) => (v - below[i]) / 0.4);
    const off = difference(linearCycle({ c, o, tank }, tapes)(way), expected);
    const size = difference(expected, new Float64Array(expected.length));
    assert.ok(off < 0.02 * size, `design ${seed}: off by ${off / size}`);
  }
});

test('a forgotten tape is not read', () => {
  const { bed, sorbent, operation: o } = randomDesign(7);
  const tape = (cells: number) => {
    const c = column(bed, sorbent, cells, o.highPa);
    const tapes: Tape[] = [];
    const state = uniform(c, o.lowPa, bed.feedK, 0.05);
    const tolerance = { relative: 1e-3, absolute: 1e-5, mostSteps: 4000 };
    assert.ok(runCycle(c, o, state, { co2: 0, n2: 0, enthalpyJ: 0 }, tolerance, tapes).ok);
    return () => propagate(c, tapes[1], state.slice());
  };
  const first = tape(8);
  first();
  const second = tape(6);
  assert.throws(first, /forgotten/);
  assert.throws(second, /forgotten/);
});

test('minimal residuals solve (1 + damping) d - M d = r', () => {
  const n = 20;
  const r = random('gmres');
  const m = Float64Array.from({ length: n * n }, () => 0.15 * r.normal());
  const apply = (x: Float64Array) => x.map((_, i) => x.reduce((s, v, j) => s + m[i * n + j] * v, 0));
  const right = Float64Array.from({ length: n }, () => r.normal());
  const d = gmres(apply, right, 0.3, 1e-10, n + 1);
  const left = apply(d).map((v, i) => 1.3 * d[i] - v);
  assert.ok(difference(left, right) < 1e-8);
  // Nothing is open: nothing moves.
  assert.deepEqual(
    [...gmres(apply, new Float64Array(n), 0, 0.1, 5)],
    Array.from({ length: n }, () => 0),
  );
});
