// A density matrix of n qubits, kept as a state vector of 2 n: qubits 0 … n-1 number the row, n … 2n-1 the column. A gate acts on the rows and
// its conjugate on the columns; a channel is one matrix on both. Exact noise, for up to 12 qubits (256 MiB).
import type { Gate } from '../circuit/gate.ts';
import type { Matrix } from '../circuit/matrix.ts';
import { QuantumError } from '../error.ts';
import { applyGate } from '../run/engine.ts';
import { plainState } from '../state/plain-state.ts';
import type { State } from '../state/state.ts';
import { wasmState } from '../state/wasm-state.ts';
import type { Channel } from './channel.ts';

export interface Density {
  readonly qubits: number;
  gate(gate: Gate, on: readonly number[]): void;
  channel(c: Channel, on: readonly number[]): void;
  /** Forgets the phase between 0 and 1: a measurement whose outcome nobody looks at. */
  dephase(qubit: number): void;
  /** Probability of every basis state. */
  probabilities(): Float64Array;
  /** tr rho^2: 1 for a pure state, 2^-n for the fully mixed. */
  purity(): number;
}

export const MAX_DENSITY_QUBITS = 12;

export function densityMatrix(n: number): Density {
  if (!(n >= 1 && n <= MAX_DENSITY_QUBITS))
    throw new QuantumError('too-large', `a density matrix of ${n} qubits is not built; 1 to ${MAX_DENSITY_QUBITS} are`);
  const state: State = n < 5 ? plainState(2 * n) : wasmState(2 * n);
  const conjugate = (m: Matrix): Matrix => m.map((v, i) => (i & 1 ? -v : v));
  const channel = (c: Channel, on: readonly number[]): void => {
    const N = 2 ** c.qubits;
    const both = new Float64Array(2 * N ** 4);
    // Sum of K (x) conj(K): row bits low, column bits high.
    for (const k of c.kraus)
      for (let r = 0; r < N * N; r++)
        for (let s = 0; s < N * N; s++) {
          const a = 2 * ((r % N) * N + (s % N));
          const b = 2 * (Math.floor(r / N) * N + Math.floor(s / N));
          both[2 * (r * N * N + s)] += k[a] * k[b] + k[a + 1] * k[b + 1];
          both[2 * (r * N * N + s) + 1] += k[a + 1] * k[b] - k[a] * k[b + 1];
        }
    state.apply(both, [...on, ...on.map(q => q + n)], [], 0);
  };
  return {
    qubits: n,
    gate(gate, on) {
      if (gate.targets === 0) return;
      applyGate(state, gate, on);
      applyGate(
        state,
        { ...gate, matrix: conjugate(gate.matrix) },
        on.map(q => q + n),
      );
    },
    channel,
    dephase(q) {
      channel(
        { qubits: 1, kraus: [Float64Array.of(1, 0, 0, 0, 0, 0, 0, 0), Float64Array.of(0, 0, 0, 0, 0, 0, 1, 0)] },
        [q],
      );
    },
    probabilities() {
      const a = state.amplitudes();
      return Float64Array.from({ length: 2 ** n }, (_, i) => a[2 * (i + i * 2 ** n)]);
    },
    purity() {
      let sum = 0;
      for (const v of state.amplitudes()) sum += v * v;
      return sum;
    },
  };
}
