// A state vector of n qubits: 2^n amplitudes, real and imaginary part side by side, qubit 0 the lowest bit of the index.
// This is the port that the compiled kernel (wasm-state.ts) and its plain twin (plain-state.ts) share.
import type { Matrix } from '../circuit/matrix.ts';

export interface State {
  readonly qubits: number;
  /** Applies a 2^t x 2^t matrix to the targets (first target lowest) where every control has the value its polarity bit says. */
  apply(matrix: Matrix, targets: ArrayLike<number>, controls: ArrayLike<number>, polarity: number): void;
  /** Multiplies amplitude j by the entry of a diagonal 2^t matrix that the targets' bits choose; entries as pairs. */
  applyDiagonal(entries: Float64Array, targets: ArrayLike<number>): void;
  /** Probability of measuring 1, for a normalised state. */
  probabilityOfOne(qubit: number): number;
  /** Projects on an outcome of known probability and normalises. */
  collapse(qubit: number, outcome: number, probability: number): void;
  /** Sum of squares, 1 unless something is wrong. */
  norm(): number;
  /** Basis states drawn with their probabilities: for sorted uniform numbers in [0, 1), the index of each. */
  sample(sorted: Float64Array): Float64Array;
  /** A view of the amplitudes, valid until the next call. */
  amplitudes(): Float64Array;
  /** Sets all amplitudes. */
  load(amplitudes: Float64Array): void;
  /** |0…0>. */
  clear(): void;
}
