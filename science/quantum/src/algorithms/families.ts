// Circuit families that simulators are measured on: Fourier transform, hardware-efficient ansatz, QAOA of a ring with chords.
import { type Circuit, Recorder } from '../circuit/circuit.ts';
import { standardGate } from '../circuit/standard.ts';

/** Adds gates by name. */
export function builder(qubits: number) {
  const recorder = new Recorder();
  const known = new Map<string, ReturnType<typeof standardGate>>();
  return {
    gate(name: string, on: readonly number[], ...angles: readonly number[]): void {
      const key = `${name},${angles.join()}`;
      let g = known.get(key);
      if (!g) {
        g = standardGate(name, ...angles);
        if (!g) throw new RangeError(`there is no standard gate ${name} with ${angles.length} angles`);
        known.set(key, g);
      }
      recorder.gate(g, on);
    },
    measureAll(): void {
      for (let q = 0; q < qubits; q++) recorder.measure(q);
    },
    circuit: (): Circuit => recorder.circuit(qubits),
  };
}

/** Quantum Fourier transform with the final swaps, after one layer of ry(0.1 q) that makes every amplitude count. */
export function qftCircuit(n: number): Circuit {
  const b = builder(n);
  for (let q = 0; q < n; q++) b.gate('ry', [q], 0.1 * (q + 1));
  for (let q = n - 1; q >= 0; q--) {
    b.gate('h', [q]);
    for (let k = q - 1; k >= 0; k--) b.gate('cp', [k, q], Math.PI / 2 ** (q - k));
  }
  for (let q = 0; q < n - 1 - q; q++) b.gate('swap', [q, n - 1 - q]);
  return b.circuit();
}

/** Layers of ry and rz on every qubit and a chain of cx. */
export function ansatzCircuit(n: number, layers: number): Circuit {
  const b = builder(n);
  for (let l = 0; l < layers; l++) {
    for (let q = 0; q < n; q++) b.gate('ry', [q], 0.1 + 0.37 * q + l);
    for (let q = 0; q < n; q++) b.gate('rz', [q], 0.2 + 0.23 * q - l);
    for (let q = 0; q + 1 < n; q++) b.gate('cx', [q, q + 1]);
  }
  return b.circuit();
}

/** p rounds of QAOA on a ring with chords to the fifth neighbour: 2 n phases (as cx, rz, cx) and n rx in each. */
export function qaoaCircuit(n: number, rounds: number): Circuit {
  const b = builder(n);
  for (let q = 0; q < n; q++) b.gate('h', [q]);
  for (let r = 0; r < rounds; r++) {
    for (const d of [1, 5])
      for (let q = 0; q < n; q++) {
        const t = (q + d) % n;
        b.gate('cx', [q, t]);
        b.gate('rz', [t], 0.3 + 0.2 * r);
        b.gate('cx', [q, t]);
      }
    for (let q = 0; q < n; q++) b.gate('rx', [q], 0.9 - 0.2 * r);
  }
  return b.circuit();
}
