// Density matrix against closed forms and state vector; trajectories against the density matrix.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { builder } from '../algorithms/families.ts';
import { play } from '../circuit/circuit.ts';
import { standardGate } from '../circuit/standard.ts';
import { applyGate } from '../run/engine.ts';
import { plainState } from '../state/plain-state.ts';
import { amplitudeDamping, bitFlip, checkChannel, depolarising, phaseFlip } from './channel.ts';
import { densityMatrix } from './density.ts';
import { noisyCounts } from './trajectories.ts';

test('channels keep probability; bad numbers are refused', () => {
  for (const c of [depolarising(0.1), depolarising(0.2, 2), bitFlip(0.3), phaseFlip(0.1), amplitudeDamping(0.4)])
    checkChannel(c);
  assert.throws(() => depolarising(1.5), /between 0 and 1/);
  assert.throws(() => checkChannel({ qubits: 1, kraus: [Float64Array.of(1, 0, 0, 0, 0, 0, 0.5, 0)] }), /identity/);
});

test('closed forms on one qubit', () => {
  const after = (c: Parameters<ReturnType<typeof densityMatrix>['channel']>[0], one: boolean) => {
    const d = densityMatrix(1);
    if (one) d.gate(standardGate('x')!, [0]);
    d.channel(c, [0]);
    return d.probabilities()[1];
  };
  assert.ok(Math.abs(after(bitFlip(0.3), false) - 0.3) < 1e-14);
  assert.ok(Math.abs(after(amplitudeDamping(0.4), true) - 0.6) < 1e-14);
  assert.ok(Math.abs(after(depolarising(0.3), false) - 0.2) < 1e-14);
  const d = densityMatrix(1);
  d.gate(standardGate('h')!, [0]);
  d.channel(phaseFlip(0.5), [0]);
  assert.ok(Math.abs(d.purity() - 0.5) < 1e-14);
});

test('without noise the density matrix is the state vector', () => {
  for (const n of [3, 5]) {
    const b = builder(n);
    for (let q = 0; q < n; q++) b.gate('u3', [q], 0.3 + q, 0.7, 1.1 * q);
    for (let q = 0; q + 1 < n; q++) b.gate('crx', [q, q + 1], 0.9);
    b.gate('cswap', [0, 1, 2]);
    const s = plainState(n);
    const d = densityMatrix(n);
    play(b.circuit(), {
      gate(g, on) {
        applyGate(s, g, Array.from(on));
        d.gate(g, Array.from(on));
      },
      measure: () => 0,
      reset() {},
      outcome: () => 0,
    });
    const p = d.probabilities();
    for (let i = 0; i < p.length; i++)
      assert.ok(Math.abs(p[i] - s.amplitudes()[2 * i] ** 2 - s.amplitudes()[2 * i + 1] ** 2) < 1e-12);
    assert.ok(Math.abs(d.purity() - 1) < 1e-12);
  }
  assert.throws(() => densityMatrix(13), /13 qubits/);
});

test('trajectories have the probabilities of the density matrix', () => {
  const b = builder(3);
  b.gate('h', [0]);
  b.gate('cx', [0, 1]);
  b.gate('ry', [2], 0.8);
  b.gate('cx', [1, 2]);
  b.measureAll();
  for (const [one, two] of [
    [depolarising(0.05), depolarising(0.1, 2)],
    [amplitudeDamping(0.2), depolarising(0.1, 2)],
  ] as const) {
    const d = densityMatrix(3);
    play(b.circuit(), {
      gate(g, on) {
        d.gate(g, Array.from(on));
        d.channel(on.length === 1 ? one : two, Array.from(on));
      },
      measure: () => 0,
      reset() {},
      outcome: () => 0,
    });
    const p = d.probabilities();
    const shots = 20_000;
    const counts = noisyCounts(b.circuit(), [[2, 3, 4]], { one, two }, { shots, random: random(5) });
    for (let i = 0; i < 8; i++) {
      const expected = p[i] * shots;
      const seen = counts.get(i.toString(2).padStart(3, '0')) ?? 0;
      assert.ok(Math.abs(seen - expected) < 5 * Math.sqrt(expected + 1), `${i}: ${seen} of ${expected}`);
    }
  }
});

test('readout errors', () => {
  const b = builder(1);
  b.measureAll();
  const counts = noisyCounts(b.circuit(), [[2]], { readout: [0.1, 0] }, { shots: 10_000, random: random(1) });
  assert.ok(Math.abs((counts.get('1') ?? 0) - 1000) < 150);
});
