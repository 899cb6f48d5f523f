// What a caller may say about a run, and the limits of the methods.
import type { Random } from '@madang/numerics';
import { QuantumError } from '../error.ts';
import type { ExecuteOptions } from '../qasm/execute.ts';
import { tableauBytes } from '../stabiliser/tableau.ts';
import type { Crew } from '../state/kernel.ts';
import type { MakeState } from './engine.ts';

export type Method = 'statevector' | 'stabiliser' | 'trajectories';

/** Depolarising noise after gates on one and on two qubits, and the probability of reading a bit wrongly. All default 0. */
export interface SimpleNoise {
  readonly one?: number;
  readonly two?: number;
  readonly readout?: number;
}

export interface SimulateOptions extends ExecuteOptions {
  readonly shots: number;
  readonly random: Random;
  /** Default: chosen by what the program holds. */
  readonly method?: 'statevector' | 'stabiliser';
  /** For programs without feedback. Clifford circuits keep the stabiliser method, others run by trajectories. */
  readonly noise?: SimpleNoise;
  /** Most qubits of a state vector; default 26, which takes 1 GiB. */
  readonly maxStateQubits?: number;
  /** Makes the state vector; default the compiled kernel, with `crew` for large states. */
  readonly makeState?: MakeState;
  /** Threads that help with large states; how they are started is the program's affair. */
  readonly crew?: Crew;
  /** Called as shots are finished, where that takes long. */
  readonly onShots?: (done: number) => void;
}

export const MAX_STATE_QUBITS = 26;
/** A tableau may take this much. */
const TABLEAU_BYTES = 2 ** 31;

export const tableauFits = (qubits: number): boolean => tableauBytes(qubits) <= TABLEAU_BYTES;

/** Throws QuantumError too-large where a tableau of so many qubits is more than we take. */
export function checkTableau(qubits: number): void {
  if (!tableauFits(qubits))
    throw new QuantumError(
      'too-large',
      `a stabiliser tableau of ${qubits} qubits would take ${(tableauBytes(qubits) / 2 ** 30).toFixed(1)} GiB; the limit is 2 GiB`,
    );
}

/** Why the stabiliser method is refused. */
export function notClifford(name: string, cause?: unknown): QuantumError {
  return new QuantumError(
    'unsupported',
    `the stabiliser method cannot do ${name}, which is not a Clifford gate`,
    undefined,
    cause === undefined ? undefined : { cause },
  );
}
