// The face of the package.
export * from './dp/index.ts';
export { PrivacyError, type PrivacyErrorCode } from './error.ts';
export type { FieldName } from './field/field.ts';
export { optimalChunkLength } from './prio3/chunk.ts';
export type { Prio3, VerifyState } from './prio3/prio3.ts';
export type { Integers } from './prio3/range.ts';
export {
  type Prio3Scalar,
  type Prio3Vector,
  prio3Count,
  prio3Histogram,
  prio3MultihotCountVec,
  prio3Sum,
  prio3SumVec,
  type SumVecOptions,
} from './prio3/variants.ts';
export { XofTurboShake128 } from './xof/turboshake.ts';
