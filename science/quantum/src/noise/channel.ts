// Noise as Kraus operators on one or two qubits, and what acts after which gate. Matrices as in circuit/matrix.ts.

import { adjoint, identity, type Matrix, multiply, order } from '../circuit/matrix.ts';
import { QuantumError } from '../error.ts';

export interface Channel {
  readonly qubits: number;
  readonly kraus: readonly Matrix[];
}

/** What happens beside the ideal gates of a circuit. */
export interface Noise {
  /** After every gate on one qubit. */
  readonly one?: Channel;
  /** After every gate on two or more qubits, on each pair of neighbours in its list. */
  readonly two?: Channel;
  /** Probability that a measured 0 is read as 1, and a 1 as 0. */
  readonly readout?: readonly [zeroAsOne: number, oneAsZero: number];
}

function probability(p: number, what: string): void {
  if (!(p >= 0 && p <= 1)) throw new QuantumError('argument', `${what} must be between 0 and 1, not ${p}`);
}

const scaled = (m: Matrix, by: number): Matrix => m.map(v => v * by);
const paulis: readonly Matrix[] = [
  identity(2),
  Float64Array.of(0, 0, 1, 0, 1, 0, 0, 0),
  Float64Array.of(0, 0, 0, -1, 0, 1, 0, 0),
  Float64Array.of(1, 0, 0, 0, 0, 0, -1, 0),
];

/** a on the low qubit, b on the high one. */
function beside(a: Matrix, b: Matrix): Matrix {
  const n = order(a);
  const m = order(b);
  const N = n * m;
  const out = new Float64Array(2 * N * N);
  for (let r = 0; r < N; r++)
    for (let c = 0; c < N; c++) {
      const p = 2 * ((r % n) * n + (c % n));
      const q = 2 * (Math.floor(r / n) * m + Math.floor(c / n));
      out[2 * (r * N + c)] = a[p] * b[q] - a[p + 1] * b[q + 1];
      out[2 * (r * N + c) + 1] = a[p] * b[q + 1] + a[p + 1] * b[q];
    }
  return out;
}

/** With probability p one of the other Pauli operators, all equally likely: 3 on one qubit, 15 on two. */
export function depolarising(p: number, qubits: 1 | 2 = 1): Channel {
  probability(p, 'a depolarising probability');
  const all = qubits === 1 ? paulis : paulis.flatMap(b => paulis.map(a => beside(a, b)));
  return { qubits, kraus: all.map((m, i) => scaled(m, Math.sqrt(i === 0 ? 1 - p : p / (all.length - 1)))) };
}

export function bitFlip(p: number): Channel {
  probability(p, 'a flip probability');
  return { qubits: 1, kraus: [scaled(paulis[0], Math.sqrt(1 - p)), scaled(paulis[1], Math.sqrt(p))] };
}

export function phaseFlip(p: number): Channel {
  probability(p, 'a flip probability');
  return { qubits: 1, kraus: [scaled(paulis[0], Math.sqrt(1 - p)), scaled(paulis[3], Math.sqrt(p))] };
}

/** |1> falls to |0> with probability gamma: energy loss. */
export function amplitudeDamping(gamma: number): Channel {
  probability(gamma, 'a damping probability');
  return {
    qubits: 1,
    kraus: [
      Float64Array.of(1, 0, 0, 0, 0, 0, Math.sqrt(1 - gamma), 0),
      Float64Array.of(0, 0, Math.sqrt(gamma), 0, 0, 0, 0, 0),
    ],
  };
}

/** Throws unless the Kraus operators sum to the identity: probability is kept. */
export function checkChannel(c: Channel): void {
  const N = 2 ** c.qubits;
  const sum = new Float64Array(2 * N * N);
  for (const k of c.kraus) {
    if (order(k) !== N)
      throw new QuantumError('argument', `a channel on ${c.qubits} qubits needs ${N} x ${N} matrices`);
    const p = multiply(adjoint(k), k);
    for (let i = 0; i < sum.length; i++) sum[i] += p[i];
  }
  const one = identity(N);
  for (let i = 0; i < sum.length; i++)
    if (Math.abs(sum[i] - one[i]) > 1e-9)
      throw new QuantumError('argument', 'the operators of a channel do not sum to the identity');
}
