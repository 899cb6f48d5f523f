// Runs a program for a number of shots. The method is chosen here: Clifford circuits on the stabiliser simulator, everything else on a
// state vector; a program is traced once and sampled (sample.ts), or, where its steps depend on outcomes, run branch by branch (feedback.ts).
import { OutcomeNeeded, Recorder } from '../circuit/circuit.ts';
import { QuantumError } from '../error.ts';
import { check, type Problem } from '../qasm/check.ts';
import { type Executed, execute } from '../qasm/execute.ts';
import type { Loaded } from '../qasm/load.ts';
import { notRun } from '../qasm/not-run.ts';
import { keyBits, sortedCounts } from './counts.ts';
import { simulateBranching } from './feedback.ts';
import type { Method, SimulateOptions } from './options.ts';
import { sampleCircuit } from './sample.ts';

export interface Counts {
  /** Shots by key (counts.ts says how keys are written). */
  readonly counts: Record<string, number>;
  readonly shots: number;
  /** Qubits of the program, used or not. */
  readonly qubits: number;
  readonly method: Method;
  /** Gates, measurements and resets of one run (of the longest traced or run, when the program branches). */
  readonly operations: number;
  /** Calibrations in the program, which are not run; absent where there are none. */
  readonly notRun?: readonly Problem[];
}

/** Counts of a program. Throws QuantumError: meaning, runtime, unsupported, too-large. */
export function simulate(loaded: Loaded, options: SimulateOptions): Counts {
  const counts = run(loaded, options);
  const skipped = notRun(loaded);
  return skipped.length > 0 ? { ...counts, notRun: skipped } : counts;
}

function run(loaded: Loaded, options: SimulateOptions): Counts {
  const { shots } = options;
  if (!Number.isInteger(shots) || shots < 1 || shots > 1e8)
    throw new QuantumError(
      'argument',
      `the number of shots must be a whole number from 1 to 100,000,000, not ${shots}`,
    );
  for (const [name, p] of Object.entries(options.noise ?? {}))
    if (!(p >= 0 && p <= 1)) throw new QuantumError('argument', `the noise ${name} must be a probability, not ${p}`);
  const [problem] = check(loaded, 1);
  if (problem) throw new QuantumError('meaning', problem.message, problem);
  const recorder = new Recorder();
  let traced: Executed;
  try {
    traced = execute(loaded, recorder, options);
  } catch (error) {
    if (!(error instanceof OutcomeNeeded)) throw error;
    if (options.noise)
      throw new QuantumError(
        'unsupported',
        'noise is simulated with feedback only where it is gates under a condition on one measured bit, such as "if (c[0]) x q[1];"',
      );
    return simulateBranching(loaded, options);
  }
  const sampled = sampleCircuit(recorder.circuit(traced.qubits), keyBits(traced.outputs), options);
  if (!sampled) return simulateBranching(loaded, options);
  const { counts, method } = sampled;
  return { counts: sortedCounts(counts), method, shots, qubits: traced.qubits, operations: traced.operations };
}
