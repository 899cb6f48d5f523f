// Memory in the rotated surface code of odd distance d (Bombin and Martin-Delgado, Phys. Rev. A 76:012305, 2007; layout as in Tomita and Svore,
// Phys. Rev. A 90:062320, 2014): d^2 data qubits, d^2 - 1 ancillas, rounds of syndrome measurement, then every data qubit in the Z basis.
// With a look-up decoder for bit flips on the data, which is exact and only for small distances.
import type { Random } from '@madang/numerics';
import { type Circuit, Recorder } from '../circuit/circuit.ts';
import { standardGate } from '../circuit/standard.ts';
import { QuantumError } from '../error.ts';
import { type PauliNoise, referenceRun, sampleFrames } from '../stabiliser/frames.ts';

export interface SurfaceCode {
  readonly distance: number;
  /** Data qubits of each check; data qubit (row, column) is row d + column. */
  readonly zChecks: readonly (readonly number[])[];
  readonly xChecks: readonly (readonly number[])[];
}

export function surfaceCode(distance: number): SurfaceCode {
  if (!(distance >= 3 && distance % 2 === 1))
    throw new QuantumError('argument', `the distance must be odd and at least 3, not ${distance}`);
  const d = distance;
  const zChecks: number[][] = [];
  const xChecks: number[][] = [];
  // Faces between data qubits, and half faces on the borders: X on top and bottom, Z left and right.
  for (let r = 0; r <= d; r++)
    for (let c = 0; c <= d; c++) {
      const isX = (r + c) % 2 === 1;
      const border = r === 0 || r === d ? 'x' : c === 0 || c === d ? 'z' : 'none';
      if ((r === 0 || r === d) && (c === 0 || c === d)) continue;
      if (border === 'x' && !isX) continue;
      if (border === 'z' && isX) continue;
      const data: number[] = [];
      for (const [i, j] of [
        [r - 1, c - 1],
        [r - 1, c],
        [r, c - 1],
        [r, c],
      ])
        if (i >= 0 && i < d && j >= 0 && j < d) data.push(i * d + j);
      (isX ? xChecks : zChecks).push(data);
    }
  return { distance, zChecks, xChecks };
}

/** |0…0> encoded, `id` on every data qubit (where noise may act), rounds of all checks, then all data. Measurements come in that order. */
export function memoryCircuit(code: SurfaceCode, rounds: number): Circuit {
  const d2 = code.distance ** 2;
  const recorder = new Recorder();
  const g = (name: string) => standardGate(name)!;
  const [h, cx, id] = [g('h'), g('cx'), g('id')];
  for (let q = 0; q < d2; q++) recorder.gate(id, [q]);
  for (let r = 0; r < rounds; r++) {
    let ancilla = d2;
    for (const check of code.zChecks) {
      recorder.reset(ancilla);
      for (const q of check) recorder.gate(cx, [q, ancilla]);
      recorder.measure(ancilla++);
    }
    for (const check of code.xChecks) {
      recorder.reset(ancilla);
      recorder.gate(h, [ancilla]);
      for (const q of check) recorder.gate(cx, [ancilla, q]);
      recorder.gate(h, [ancilla]);
      recorder.measure(ancilla++);
    }
  }
  for (let q = 0; q < d2; q++) recorder.measure(q);
  return recorder.circuit(2 * d2 - 1);
}

/** For every syndrome of the Z checks, a lightest set of flips that gives it, as the parity it has on the logical Z (first row). */
function lookup(code: SurfaceCode): Uint8Array {
  const checks = code.zChecks.length;
  const of = Array.from({ length: code.distance ** 2 }, (_, q) => {
    let s = 0;
    for (const [i, c] of code.zChecks.entries()) if (c.includes(q)) s |= 1 << i;
    return s;
  });
  const parity = new Uint8Array(2 ** checks).fill(255);
  parity[0] = 0;
  let found = 1;
  // Breadth first: one more flip from every syndrome of the weight before.
  for (let layer = [0]; layer.length > 0 && found < parity.length; ) {
    const next: number[] = [];
    for (const s of layer)
      for (const [q, flips] of of.entries()) {
        const t = s ^ flips;
        if (parity[t] !== 255) continue;
        parity[t] = parity[s] ^ (q < code.distance ? 1 : 0);
        found += 1;
        next.push(t);
      }
    layer = next;
  }
  return parity;
}

/** Share of shots in which one perfect round of checks and the look-up decoder lose the logical bit, with every data qubit flipped with probability p. */
export function memoryFailureRate(distance: number, p: number, shots: number, random: Random): number {
  const code = surfaceCode(distance);
  if (code.zChecks.length > 12) throw new QuantumError('too-large', 'the look-up decoder is for distances 3 and 5');
  const circuit = memoryCircuit(code, 1);
  const reference = referenceRun(circuit);
  const noise: PauliNoise = gate => (gate.name === 'id' ? { probability: p, choices: [[1, 0]] } : undefined);
  const flips = sampleFrames(circuit, shots, random, { noise });
  const table = lookup(code);
  const W = Math.ceil(shots / 32);
  const first = code.zChecks.length + code.xChecks.length;
  let failed = 0;
  for (let s = 0; s < shots; s++) {
    const bit = (m: number) => reference[m] ^ ((flips[m * W + (s >>> 5)] >>> (s & 31)) & 1);
    let syndrome = 0;
    for (let i = 0; i < code.zChecks.length; i++) syndrome |= bit(i) << i;
    let logical = table[syndrome];
    for (let q = 0; q < distance; q++) logical ^= bit(first + q);
    failed += logical;
  }
  return failed / shots;
}
