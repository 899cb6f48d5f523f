export { ansatzCircuit, qaoaCircuit, qftCircuit } from './algorithms/families.ts';
export {
  awaitTask,
  type Backend,
  runTask,
  type Target,
  type Task,
  type TaskResult,
  type TaskStatus,
  type WaitOptions,
} from './backend/backend.ts';
export { localBackend } from './backend/local.ts';
export { type RestOptions, restBackend } from './backend/rest.ts';
export { type Circuit, type Machine, play, Recorder } from './circuit/circuit.ts';
export { type Gate, gateOf, matrixOf, type Operation } from './circuit/gate.ts';
export { standardGate, standardGates } from './circuit/standard.ts';
export { QuantumError, type QuantumErrorCode } from './error.ts';
export { amplitudeDamping, bitFlip, type Channel, depolarising, type Noise, phaseFlip } from './noise/channel.ts';
export { type Density, densityMatrix } from './noise/density.ts';
export { noisyCounts } from './noise/trajectories.ts';
export { expectation, type PauliTerm, parityFromCounts } from './observe/pauli.ts';
export {
  adjointGradient,
  energy,
  parameterShift,
  prepare,
  type VariationalCircuit,
  type VariationalGate,
} from './observe/variational.ts';
export { anneal } from './optimise/anneal.ts';
export { qaoa } from './optimise/qaoa.ts';
export { type Qubo, QuboBuilder, quboValue } from './optimise/qubo.ts';
export { type Problem, runStudy, type StudyOptions, type StudyRow } from './optimise/study.ts';
export type { Program } from './qasm/ast.ts';
export { check, type Problem as ProgramProblem } from './qasm/check.ts';
export { type Executed, execute } from './qasm/execute.ts';
export { type Loaded, type LoadOptions, load } from './qasm/load.ts';
export { type ParseOptions, parse } from './qasm/parse.ts';
export { print } from './qasm/print.ts';
export type { Type, Value } from './qasm/value.ts';
export type { Method, SimulateOptions } from './run/options.ts';
export { type Counts, simulate } from './run/simulate.ts';
export { referenceRun, sampleFrames } from './stabiliser/frames.ts';
export { type Crew, type HelperTask, help } from './state/kernel.ts';
export { lower, type Step } from './state/lower.ts';
export { plainState } from './state/plain-state.ts';
export { type PlannedState, wasmState } from './state/wasm-state.ts';
