export {
  type Answer,
  type Ask,
  askOf,
  type Border,
  type ConsensusOptions,
  type ConsensusState,
  consensusStep,
  startConsensus,
} from './borders/consensus.ts';
export { makeOperator, type Operator } from './borders/operator.ts';
export { planTogether, type TogetherOptions, type TogetherResult } from './borders/plan-together.ts';
export { EnergyError, type EnergyErrorCode } from './error.ts';
export { type BatchResult, solveBatch } from './flow/batch.ts';
export { solveDecoupled } from './flow/decoupled.ts';
export {
  type Contingency,
  type DcNetwork,
  dcFlows,
  dcNetwork,
  scheduled,
  screen,
  transferFactors,
} from './flow/direct.ts';
export { type NewtonOptions, newton, newtonSpace, solvePowerFlow } from './flow/newton.ts';
export { type FlowPlan, preparePowerFlow } from './flow/prepare.ts';
export type { FlowResult } from './flow/result.ts';
export { type FlowStart, startPoint } from './flow/start-point.ts';
export { type Cost, costAt, degreeOf } from './grid/cost.ts';
export { type GridOptions, makeGrid } from './grid/grid.ts';
export type { Island } from './grid/islands.ts';
export type { Branches, Buses, DcLines, Generators, Grid } from './grid/network.ts';
export { entry, type MatpowerCase, type Matrix, type OtherField } from './matpower/case.ts';
export { readCase } from './matpower/read-case.ts';
export { writeCase } from './matpower/write-case.ts';
export { type AcOptions, type StartKind, solveAcOpf } from './opf/ac.ts';
export { type DcOptions, solveDcOpf } from './opf/dc.ts';
export { buildDcModel, type DcForm, type DcModel } from './opf/dc-model.ts';
export { marginalLosses } from './opf/marginal-losses.ts';
export type { OpfResult, Violation } from './opf/result.ts';
export { type SocBound, socBound } from './opf/soc-bound.ts';
export { layout } from './picture/layout.ts';
export { drawGrid, type PictureOptions } from './picture/picture.ts';
export { aggregateEvery, aggregateSegments } from './plan/aggregate.ts';
export { type Alternative, nearOptimal, sweepCap } from './plan/alternatives.ts';
export type { Block } from './plan/draft.ts';
export {
  type Components,
  componentsOf,
  type InvestmentPeriod,
  type PlanNetwork,
  type TimeAxis,
} from './plan/network.ts';
export { type Operation, operationOf } from './plan/operation.ts';
export { buildPlan, type PlanOptions, type PlanProgram } from './plan/program.ts';
export { readFolder } from './plan/read-folder.ts';
export {
  type Risk,
  type Scenario,
  type ScenarioResult,
  type StochasticResult,
  solveScenarios,
} from './plan/scenarios.ts';
export { outageFactors, type SecureResult, solveSecure } from './plan/security.ts';
export { type PlanResult, readPlan, solvePlan } from './plan/solve.ts';
export { writeFolder } from './plan/write-folder.ts';
