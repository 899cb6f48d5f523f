// The compiled kernel against its plain twin on random circuits: single steps, planned runs over cache blocks, sampling, collapse.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { random } from '@madang/numerics';
import fc from 'fast-check';
import { ansatzCircuit, qaoaCircuit, qftCircuit } from '../algorithms/families.ts';
import { play } from '../circuit/circuit.ts';
import { arity, controlled, type Gate, single } from '../circuit/gate.ts';
import { standardGate, standardGates } from '../circuit/standard.ts';
import { applyGate } from '../run/engine.ts';
import type { HelperTask } from './kernel.ts';
import { lower, type Step } from './lower.ts';
import { plainState } from './plain-state.ts';
import { wasmState } from './wasm-state.ts';

/** A random circuit of standard gates, some under one more control of either polarity. */
function randomCircuit(n: number, gates: number, seed: number): { gate: Gate; on: number[] }[] {
  const r = random(seed);
  const names = Object.keys(standardGates);
  const out: { gate: Gate; on: number[] }[] = [];
  while (out.length < gates) {
    const name = names[r.below(names.length)];
    const count = standardGates[name].parameters;
    let gate = standardGate(name, ...Array.from({ length: count }, () => 6 * r.uniform() - 3))!;
    if (r.below(4) === 0) gate = controlled(single(gate), 1, r.below(2) === 0).steps[0].gate;
    if (arity(gate) > n) continue;
    const qubits = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = r.below(i + 1);
      [qubits[i], qubits[j]] = [qubits[j], qubits[i]];
    }
    out.push({ gate, on: qubits.slice(0, arity(gate)) });
  }
  return out;
}

function largest(a: Float64Array, b: Float64Array): number {
  assert.equal(a.length, b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

test('kernel and twin give the same amplitudes, one by one and planned', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(), (n, seed) => {
      const circuit = randomCircuit(n, 30, seed);
      const twin = plainState(n);
      const direct = wasmState(n);
      const planned = wasmState(n);
      for (const { gate, on } of circuit) {
        applyGate(twin, gate, on);
        applyGate(direct, gate, on);
      }
      planned.run(circuit.flatMap(({ gate, on }) => lower(gate, on)));
      assert.ok(largest(twin.amplitudes(), direct.amplitudes()) < 1e-12, 'one by one');
      assert.ok(largest(twin.amplitudes(), planned.amplitudes()) < 1e-12, 'planned');
      assert.ok(Math.abs(planned.norm() - 1) < 1e-12);
    }),
    { numRuns: 60 },
  );
});

test('blocks outside the cache: 16 qubits against the twin', () => {
  for (const seed of [1, 2]) {
    const circuit = randomCircuit(16, 120, seed);
    const twin = plainState(16);
    const planned = wasmState(16);
    for (const { gate, on } of circuit) applyGate(twin, gate, on);
    planned.run(circuit.flatMap(({ gate, on }) => lower(gate, on)));
    assert.ok(largest(twin.amplitudes(), planned.amplitudes()) < 1e-12);
  }
});

test('probabilities, collapse and sampling agree', () => {
  const circuit = randomCircuit(6, 40, 5);
  const a = plainState(6);
  const b = wasmState(6);
  for (const s of [a, b]) for (const { gate, on } of circuit) applyGate(s, gate, on);
  const r = random(3);
  const draws = Float64Array.from({ length: 20_000 }, () => r.uniform()).sort();
  assert.deepEqual(a.sample(draws), b.sample(draws));
  for (let q = 0; q < 6; q++) assert.ok(Math.abs(a.probabilityOfOne(q) - b.probabilityOfOne(q)) < 1e-12);
  const p = a.probabilityOfOne(3);
  for (const s of [a, b]) s.collapse(3, 1, p);
  assert.ok(largest(a.amplitudes(), b.amplitudes()) < 1e-12);
  assert.ok(Math.abs(b.norm() - 1) < 1e-12);
});

test('circuit families, which hold long runs of phases and parities', () => {
  for (const circuit of [qftCircuit(7), qaoaCircuit(7, 2), ansatzCircuit(7, 3), qftCircuit(16)]) {
    const twin = plainState(circuit.qubits);
    const planned = wasmState(circuit.qubits);
    const steps: Step[] = [];
    play(circuit, {
      gate(gate, on) {
        applyGate(twin, gate, Array.from(on));
        steps.push(...lower(gate, on));
      },
      measure: () => 0,
      reset() {},
      outcome: () => 0,
    });
    planned.run(steps);
    assert.ok(largest(twin.amplitudes(), planned.amplitudes()) < 1e-12);
  }
});

test('random circuits rich in cx and phases', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(4), fc.integer({ min: 1, max: 4 })), { maxLength: 60 }), list => {
      const twin = plainState(5);
      const planned = wasmState(5);
      const steps: Step[] = [];
      for (const q of [0, 1, 2, 3, 4]) list.unshift([4, q, 1]);
      for (const [kind, a, d] of list) {
        const b = (a + d) % 5;
        const gate = [
          standardGate('cx'),
          standardGate('cx'),
          standardGate('rz', 0.3 + a),
          standardGate('cp', 0.7),
          standardGate('h'),
          standardGate('t'),
        ][kind]!;
        const on = gate.controls > 0 ? [a, b] : [a];
        applyGate(twin, gate, on);
        steps.push(...lower(gate, on));
      }
      planned.run(steps);
      assert.ok(largest(twin.amplitudes(), planned.amplitudes()) < 1e-12);
    }),
    { numRuns: 300 },
  );
});

test('with helper threads: the same amplitudes to the last bit, and states that end without waiting for them', async () => {
  const workers: Worker[] = [];
  const crew = {
    helpers: 2,
    start(task: HelperTask) {
      const code = `import { workerData } from 'node:worker_threads'; import { help } from ${JSON.stringify(import.meta.resolve('./kernel.ts'))}; help(workerData);`;
      workers.push(new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { workerData: task }));
    },
  };
  const circuit = qaoaCircuit(18, 3);
  const steps: Step[] = [];
  play(circuit, {
    gate: (gate, on) => void steps.push(...lower(gate, on)),
    measure: () => 0,
    reset() {},
    outcome: () => 0,
  });
  const alone = wasmState(18);
  const together = wasmState(18, crew);
  // Enough rounds that the threads come while work is going on.
  for (let round = 0; round < 40; round++) {
    alone.run(steps);
    together.run(steps);
    if (round === 20) await new Promise(done => setTimeout(done, 200));
  }
  assert.equal(workers.length, 2);
  assert.equal(largest(alone.amplitudes(), together.amplitudes()), 0);
  together.close();
  await Promise.all(workers.map(w => new Promise(done => w.once('exit', done))));
  together.run(steps);
  alone.run(steps);
  assert.equal(largest(alone.amplitudes(), together.amplitudes()), 0);
});
