// One job on the simulator, in a thread of its own: answers with counts, or with why there are none.
import { parentPort, workerData } from 'node:worker_threads';
import type { QuantumProgram } from '@madang/compute';
import { random } from '@madang/numerics';
import { load, QuantumError, simulate } from '@madang/quantum';

const { program, qubits } = workerData as { program: QuantumProgram; qubits: number };
try {
  const { counts } = simulate(load(program.program), {
    shots: program.shots,
    random: random(program.seed),
    maxStateQubits: qubits,
  });
  parentPort?.postMessage({ counts });
} catch (error) {
  if (!(error instanceof QuantumError)) throw error;
  parentPort?.postMessage({ why: error.message });
}
