// Programs with feedback: each branch of outcomes is a run of the whole program, on the stabiliser engine while all gates are Clifford gates.
import type { Machine } from '../circuit/circuit.ts';
import { execute } from '../qasm/execute.ts';
import type { Loaded } from '../qasm/load.ts';
import { runBranches } from './branches.ts';
import { keyBits, keyOf, sortedCounts } from './counts.ts';
import { type Engine, NotClifford, stabiliserEngine, tooManyQubits, vectorEngine } from './engine.ts';
import { countLive } from './live.ts';
import {
  checkTableau,
  MAX_STATE_QUBITS,
  type Method,
  notClifford,
  type SimulateOptions,
  tableauFits,
} from './options.ts';
import type { Counts } from './simulate.ts';

/** Counts of a program whose next steps depend on outcomes. */
export function simulateBranching(loaded: Loaded, options: SimulateOptions): Counts {
  let qubits = 0;
  let operations = 0;
  const run = (machine: Machine): string => {
    const done = execute(loaded, machine, options);
    qubits = Math.max(qubits, done.qubits);
    operations = Math.max(operations, done.operations);
    return keyOf(keyBits(done.outputs), () => 0);
  };
  const branch = (engine: Engine) =>
    sortedCounts(runBranches(run, engine, options.shots, options.random.fork('branches'), options.onShots));
  const most = options.maxStateQubits ?? MAX_STATE_QUBITS;
  let declared = 1;
  const dry = countLive(machine => {
    declared = Math.max(declared, execute(loaded, machine, options).qubits);
  });
  declared = Math.max(declared, dry.qubits);
  const vector = () => {
    if (dry.live > most) throw tooManyQubits(dry.live, most, dry.gates);
    return vectorEngine(most, options.makeState);
  };
  const finish = (counts: Record<string, number>, method: Method): Counts => ({
    counts,
    shots: options.shots,
    qubits,
    method,
    operations,
  });
  if (options.method === 'statevector') return finish(branch(vector()), 'statevector');
  if (!tableauFits(declared)) {
    if (options.method === 'stabiliser') checkTableau(declared);
    return finish(branch(vector()), 'statevector');
  }
  try {
    return finish(branch(stabiliserEngine(declared)), 'stabiliser');
  } catch (error) {
    if (!(error instanceof NotClifford)) throw error;
    if (options.method === 'stabiliser') throw notClifford(error.message, error);
    return finish(branch(vector()), 'statevector');
  }
}
