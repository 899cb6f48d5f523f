// Expectation values against dense matrices; gradients three ways; VQE on H2 with published coefficients; QAOA's gradient.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nelderMead } from '../optimise/nelder-mead.ts';
import { expectation, type PauliTerm, parityFromCounts } from './pauli.ts';
import {
  adjointGradient,
  energy,
  parameterShift,
  prepare,
  type VariationalCircuit,
  type VariationalGate,
} from './variational.ts';

test('expectation values of simple states', () => {
  const h = Math.SQRT1_2;
  const plus = Float64Array.of(h, 0, h, 0);
  const turned = Float64Array.of(h, 0, 0, h);
  assert.ok(Math.abs(expectation([{ coefficient: 2, paulis: 'X' }], plus) - 2) < 1e-14);
  assert.ok(Math.abs(expectation([{ coefficient: 1, paulis: 'Y' }], turned) - 1) < 1e-14);
  // |01>: qubit 0 is 1.
  const one = Float64Array.of(0, 0, 1, 0, 0, 0, 0, 0);
  assert.equal(expectation([{ coefficient: 1, paulis: 'IZ' }], one), -1);
  assert.equal(expectation([{ coefficient: 1, paulis: 'ZI' }], one), 1);
  assert.throws(() => expectation([{ coefficient: 1, paulis: 'ZQ' }], one), /not a Pauli/);
  const e = parityFromCounts({ '00': 400, '11': 500, '01': 100 }, '11');
  assert.ok(Math.abs(e.mean - 0.8) < 1e-12);
});

const randomCircuit = fc
  .array(
    fc.oneof(
      fc
        .tuple(fc.constantFrom('rx', 'ry', 'rz'), fc.nat(2), fc.nat(3), fc.double({ min: -2, max: 2, noNaN: true }))
        .map(([name, q, parameter, scale]) => ({ name: name as 'rx', on: [q], parameter, scale })),
      fc
        .tuple(fc.nat(2), fc.nat(3))
        .map(([q, parameter]) => ({ name: 'rzz' as const, on: [q, (q + 1) % 3], parameter })),
      fc.tuple(fc.constantFrom('h', 's', 't'), fc.nat(2)).map(([name, q]) => ({ name, on: [q] })),
      fc.nat(2).map(q => ({ name: 'cx', on: [q, (q + 1) % 3] })),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((gates): VariationalCircuit => ({ qubits: 3, gates: gates as VariationalGate[] }));
const observable: readonly PauliTerm[] = [
  { coefficient: 0.7, paulis: 'XZY' },
  { coefficient: -1.3, paulis: 'IZZ' },
  { coefficient: 0.4, paulis: 'XII' },
];

test('parameter shift, adjoint and differences agree', () => {
  fc.assert(
    fc.property(
      randomCircuit,
      fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 }),
      (c, p) => {
        const shift = parameterShift(c, p, observable);
        const { value, gradient } = adjointGradient(c, p, observable);
        assert.ok(Math.abs(value - energy(c, p, observable)) < 1e-12);
        for (const [i, g] of gradient.entries()) {
          assert.ok(Math.abs(g - shift[i]) < 1e-10);
          const step = 1e-5;
          const difference =
            (energy(c, p.with(i, p[i] + step), observable) - energy(c, p.with(i, p[i] - step), observable)) /
            (2 * step);
          assert.ok(Math.abs(g - difference) < 1e-6, `${g} ${difference}`);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('VQE on H2 at 0.75 angstrom', () => {
  // O'Malley et al., Phys. Rev. X 6:031007 (2016), Table I, R = 0.75: I, Z0, Z1, Z0Z1, X0X1, Y0Y1 in hartree, nuclear repulsion included.
  const h2: readonly PauliTerm[] = [
    { coefficient: 0.2252, paulis: 'II' },
    { coefficient: 0.3435, paulis: 'IZ' },
    { coefficient: -0.4347, paulis: 'ZI' },
    { coefficient: 0.5716, paulis: 'ZZ' },
    { coefficient: 0.091, paulis: 'XX' },
    { coefficient: 0.091, paulis: 'YY' },
  ];
  // The least eigenvalue lies in the block of |01> and |10>: mean - sqrt(half difference^2 + coupling^2).
  const exact = 0.2252 - 0.5716 - Math.hypot(0.3435 + 0.4347, 2 * 0.091);
  // Unitary coupled cluster: exp(-i theta X0 Y1) on |01>.
  const ansatz: VariationalCircuit = {
    qubits: 2,
    gates: [
      { name: 'x', on: [0] },
      { name: 'rx', on: [1], angles: [Math.PI / 2] },
      { name: 'h', on: [0] },
      { name: 'cx', on: [0, 1] },
      { name: 'rz', on: [1], parameter: 0, scale: 2 },
      { name: 'cx', on: [0, 1] },
      { name: 'h', on: [0] },
      { name: 'rx', on: [1], angles: [-Math.PI / 2] },
    ],
  };
  let theta = 0;
  for (let i = 0; i < 100; i++) theta -= 0.2 * adjointGradient(ansatz, [theta], h2).gradient[0];
  const found = energy(ansatz, [theta], h2);
  assert.ok(Math.abs(found - exact) < 1e-8, `${found} against ${exact}`);
  // The paper's experiment and the exact curve both pass -1.14 hartree here.
  assert.ok(Math.abs(exact + 1.1456) < 1e-3);
  const simplex = nelderMead(([t]) => energy(ansatz, [t], h2), [0.3], { step: 0.2, evaluations: 80 });
  assert.ok(Math.abs(simplex.value - exact) < 1e-8);
  assert.ok(Math.abs(prepare(ansatz, [theta]).reduce((s, v) => s + v * v, 0) - 1) < 1e-12);
});
