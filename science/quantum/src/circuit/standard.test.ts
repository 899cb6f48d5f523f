// Every standard gate against its definition in stdgates.inc, written out here in terms of U, gphase, ctrl and pow, global phase included;
// and against closed forms typed from the prose of the standard.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { execute } from '../qasm/execute.ts';
import { load } from '../qasm/load.ts';
import { Recorder } from './circuit.ts';
import { controlled, type Gate, gateOf, inverse, matrixOf, type Operation, raised, single } from './gate.ts';
import { adjoint, distance, identity, type Matrix, multiply, power } from './matrix.ts';
import { standardGate, standardGates, uMatrix } from './standard.ts';

/** The whole matrix of a program on n qubits, global phase kept. */
function programMatrix(text: string, n: number): Matrix {
  const steps: { gate: Gate; on: number[] }[] = [];
  const recorder = new Recorder();
  const machine = Object.assign(recorder, {
    gate: (gate: Gate, on: ArrayLike<number>) => void steps.push({ gate, on: Array.from(on) }),
  });
  execute(load(`qubit[${n}] q; ${text}`), machine);
  return matrixOf({ arity: n, steps });
}

/** The definitions of the official file, as facts: body with angles a, b, c, d and qubits q[0], q[1], q[2]. */
const definitions: Record<string, [angles: number, qubits: number, body: string]> = {
  p: [1, 1, 'ctrl @ gphase(a) q[0];'],
  x: [0, 1, 'U(pi, 0, pi) q[0]; gphase(-pi/2);'],
  y: [0, 1, 'U(pi, pi/2, pi/2) q[0]; gphase(-pi/2);'],
  z: [0, 1, 'ctrl @ gphase(pi) q[0];'],
  h: [0, 1, 'U(pi/2, 0, pi) q[0]; gphase(-pi/4);'],
  s: [0, 1, 'pow(0.5) @ ctrl @ gphase(pi) q[0];'],
  sdg: [0, 1, 'inv @ pow(0.5) @ ctrl @ gphase(pi) q[0];'],
  t: [0, 1, 'pow(0.25) @ ctrl @ gphase(pi) q[0];'],
  tdg: [0, 1, 'inv @ pow(0.25) @ ctrl @ gphase(pi) q[0];'],
  sx: [0, 1, 'pow(0.5) @ xx q[0];'],
  rx: [1, 1, 'U(a, -pi/2, pi/2) q[0]; gphase(-a/2);'],
  ry: [1, 1, 'U(a, 0, 0) q[0]; gphase(-a/2);'],
  rz: [1, 1, 'gphase(-a/2); U(0, 0, a) q[0];'],
  cx: [0, 2, 'ctrl @ xx q[0], q[1];'],
  cy: [0, 2, 'ctrl @ yy q[0], q[1];'],
  cz: [0, 2, 'ctrl @ ctrl @ gphase(pi) q[0], q[1];'],
  cp: [1, 2, 'ctrl(2) @ gphase(a) q[0], q[1];'],
  crx: [1, 2, 'ctrl @ rrx(a) q[0], q[1];'],
  cry: [1, 2, 'ctrl @ rry(a) q[0], q[1];'],
  crz: [1, 2, 'ctrl @ rrz(a) q[0], q[1];'],
  ch: [0, 2, 'ctrl @ hh q[0], q[1];'],
  swap: [0, 2, 'ctrl @ xx q[0], q[1]; ctrl @ xx q[1], q[0]; ctrl @ xx q[0], q[1];'],
  ccx: [0, 3, 'ctrl @ ctrl @ xx q[0], q[1], q[2];'],
  cswap: [0, 3, 'ctrl @ sswap q[0], q[1], q[2];'],
  cu: [4, 2, 'ctrl @ gphase(d - a/2) q[0]; ctrl @ U(a, b, c) q[0], q[1];'],
  CX: [0, 2, 'ctrl @ U(pi, 0, pi) q[0], q[1]; ctrl @ gphase(-pi/2) q[0];'],
  phase: [1, 1, 'U(0, 0, a) q[0];'],
  cphase: [1, 2, 'ctrl @ U(0, 0, a) q[0], q[1];'],
  id: [0, 1, 'U(0, 0, 0) q[0];'],
  u1: [1, 1, 'U(0, 0, a) q[0];'],
  u2: [2, 1, 'gphase(-(a + b + pi/2)/2); U(pi/2, a, b) q[0];'],
  u3: [3, 1, 'gphase(-(a + b + c)/2); U(a, b, c) q[0];'],
};
const prelude =
  'gate xx q { U(pi, 0, pi) q; gphase(-pi/2); } gate yy q { U(pi, pi/2, pi/2) q; gphase(-pi/2); } gate hh q { U(pi/2, 0, pi) q; gphase(-pi/4); }' +
  'gate rrx(a) q { U(a, -pi/2, pi/2) q; gphase(-a/2); } gate rry(a) q { U(a, 0, 0) q; gphase(-a/2); } gate rrz(a) q { gphase(-a/2); U(0, 0, a) q; }' +
  'gate sswap p, q { ctrl @ xx p, q; ctrl @ xx q, p; ctrl @ xx p, q; }';

test('every standard gate equals its definition, global phase included', () => {
  assert.deepEqual(Object.keys(definitions).sort(), Object.keys(standardGates).sort());
  fc.assert(
    fc.property(fc.array(fc.double({ min: -7, max: 7, noNaN: true }), { minLength: 4, maxLength: 4 }), angles => {
      for (const [name, [count, qubits, body]] of Object.entries(definitions)) {
        const values = angles.slice(0, count);
        const constants = ['a', 'b', 'c', 'd'].slice(0, count).map((v, i) => `const float ${v} = ${values[i]};`);
        const defined = programMatrix(`${prelude} ${constants.join(' ')} ${body}`, qubits);
        const gate = standardGate(name, ...values);
        assert.ok(gate, name);
        assert.ok(distance(matrixOf(single(gate)), defined) < 1e-13, `${name}(${values.join(', ')})`);
        const list = Array.from({ length: qubits }, (_, i) => `q[${i}]`).join(', ');
        const called = programMatrix(
          `include "stdgates.inc"; ${name}${count ? `(${values.join(', ')})` : ''} ${list};`,
          qubits,
        );
        assert.ok(distance(called, defined) < 1e-13, `called ${name}`);
      }
    }),
    { numRuns: 20 },
  );
});

test('U is the sum form of the standard', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -9, max: 9, noNaN: true }),
      fc.double({ min: -9, max: 9, noNaN: true }),
      fc.double({ min: -9, max: 9, noNaN: true }),
      (t, f, l) => {
        // 1/2 [[1 + e^it, -i e^il (1 - e^it)], [i e^if (1 - e^it), e^i(f+l) (1 + e^it)]]
        const e = (x: number): [number, number] => [Math.cos(x), Math.sin(x)];
        const times = (p: readonly number[], q: readonly number[]) => [
          p[0] * q[0] - p[1] * q[1],
          p[0] * q[1] + p[1] * q[0],
        ];
        const [c, s] = e(t);
        const plus = [(1 + c) / 2, s / 2];
        const minus = [(1 - c) / 2, -s / 2];
        const expected = Float64Array.from([
          ...plus,
          ...times(times([0, -1], e(l)), minus),
          ...times(times([0, 1], e(f)), minus),
          ...times(e(f + l), plus),
        ]);
        assert.ok(distance(uMatrix(t, f, l), expected) < 1e-13);
      },
    ),
  );
});

const angle = fc.double({ min: -4, max: 4, noNaN: true });
const randomGate = fc.tuple(angle, angle, angle, angle).map(([a, b, c, d]) => {
  const g = power(uMatrix(a, b, c), 1);
  const phase = Float64Array.of(Math.cos(d), Math.sin(d), 0, 0, 0, 0, Math.cos(d), Math.sin(d));
  return gateOf('u', [], multiply(phase, g));
});
const randomOperation = fc
  .array(fc.tuple(randomGate, fc.integer({ min: 0, max: 2 }), fc.boolean()), { minLength: 1, maxLength: 5 })
  .map(
    (list): Operation => ({
      arity: 3,
      steps: list.map(([gate, q, c]) =>
        c ? { gate: controlled(single(gate), 1, q !== 1).steps[0].gate, on: [q, (q + 1) % 3] } : { gate, on: [q] },
      ),
    }),
  );

test('inverse, control and power of random three-qubit operations', () => {
  fc.assert(
    fc.property(randomOperation, fc.integer({ min: 2, max: 5 }), (op, k) => {
      const m = matrixOf(op);
      assert.ok(distance(multiply(m, matrixOf(inverse(op))), identity(8)) < 1e-12, 'inverse');
      assert.ok(distance(matrixOf(raised(op, -1)), adjoint(m)) < 1e-12, 'power -1');
      const root = raised(op, 1 / k);
      assert.ok(distance(matrixOf(raised(root, k)), m) < 1e-9, 'root');
      for (const positive of [true, false]) {
        const c = matrixOf(controlled(op, 1, positive));
        const expected = identity(16);
        // The control is local qubit 0: rows of one parity hold the operation.
        for (let r = 0; r < 8; r++)
          for (let col = 0; col < 8; col++) {
            const at = 2 * ((2 * r + (positive ? 1 : 0)) * 16 + 2 * col + (positive ? 1 : 0));
            expected[at] = m[2 * (r * 8 + col)];
            expected[at + 1] = m[2 * (r * 8 + col) + 1];
          }
        assert.ok(distance(c, expected) < 1e-12, 'control');
      }
    }),
    { numRuns: 60 },
  );
});

test('roots take the principal branch', () => {
  const near = (name: string, k: number, of: string) => {
    const root = power(standardGate(of)!.matrix, k);
    assert.ok(distance(root, standardGate(name)!.matrix) < 1e-12, `${name} is ${of} to the ${k}`);
  };
  near('s', 0.5, 'z');
  near('t', 0.25, 'z');
  near('sdg', -0.5, 'z');
  near('sx', 0.5, 'x');
  // Eigenphases within rounding of -pi count as +pi.
  const z = Float64Array.of(1, 0, 0, 0, 0, 0, -1, -1e-16);
  assert.ok(distance(power(z, 0.5), standardGate('s')!.matrix) < 1e-12);
});
