// The face of the package.
export * from './dp/index.ts';
export { PrivacyError, type PrivacyErrorCode } from './error.ts';
export type { FieldName } from './field/field.ts';
export { type BodyCipher, bodyKeySize, bodyTagSize, type NodeAead, nodeBody } from './maskedsum/body.ts';
export type { Contribution, MaskedSum, SharedChunk, ValueSource } from './maskedsum/interface.ts';
export { type SumKernel, sumKernel } from './maskedsum/kernel.ts';
export {
  type MaskCipher,
  type MaskStream,
  maskSeedSize,
  type NodeCipher,
  nodeMask,
  webMask,
} from './maskedsum/mask.ts';
export { maskedSum } from './maskedsum/masked-sum.ts';
export type { ChunkRange, Influence, MaskedSumShape } from './maskedsum/shape.ts';
export { optimalChunkLength } from './prio3/chunk.ts';
export type { Prio3, VerifyState } from './prio3/interface.ts';
export type { Integers } from './prio3/range.ts';
export { prio3HigherDegree } from './prio3/testing/higher-degree.ts';
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
export * from './release/index.ts';
export {
  type AggregatorOptions,
  type AggregatorOutcome,
  type Decided,
  type Received,
  type ReportRefusal,
  type ReportRefusalCode,
  type ReportShare,
  RoundAggregator,
} from './session/aggregator.ts';
export { type Report, type RoundOutcome, runRound } from './session/round.ts';
export {
  type HistogramSimulation,
  type HistogramSimulationOutcome,
  type LieKind,
  lieKinds,
  simulateHistogram,
} from './session/simulate-histogram.ts';
export * from './twin/index.ts';
export { XofTurboShake128 } from './xof/turboshake.ts';
