export { QuantumError, type QuantumErrorCode } from './error.ts';
export { type Problem, runStudy, type StudyOptions, type StudyRow } from './optimise/study.ts';
export { check, type Problem as ProgramProblem } from './qasm/check.ts';
export { type Loaded, type LoadOptions, load } from './qasm/load.ts';
export { type ParseOptions, parse } from './qasm/parse.ts';
export { print } from './qasm/print.ts';
export type { Type, Value } from './qasm/value.ts';
export { type Counts, type Method, type SimulateOptions, simulate } from './run/simulate.ts';
