export { empiricalQuantiles, persistenceQuantiles, seasonalQuantiles } from './baselines.ts';
export * from './calendar.ts';
export { type ChangeLog, changeLog, type LogRow, type Series, type SeriesName, snapshot } from './change-log.ts';
export { type Claim, claimOf, type Pair, type PlaceClaim } from './claim.ts';
export { tableAt } from './deadline-panel.ts';
export { federatedAgainstPooled, federatedRidge, type Noise, type Released, total } from './federated.ts';
export { fitIncrements } from './fit-increments.ts';
export { askedPlaces, type HubTasks, hubTasks, nextRound } from './hub-tasks.ts';
export { HUBS, type HubRules, hubOfTargets, roundsOf, targetWeek, weekEnd } from './hubs.ts';
export {
  checkSubmission,
  OUTPUT_NAMES,
  type OutputNames,
  type OutputRow,
  type SubmissionProblem,
} from './hubverse.ts';
export { type PilotModel, pilotQuantiles } from './increment-surface.ts';
export { type Forecast, LEVELS, MEDIAN, type Truth } from './levels.ts';
export { BOOSTING, type BoostingPlan, boostingMember } from './members/boosting.ts';
export type { Member } from './members/member.ts';
export { NETWORK, type NetworkPlan, networkMember } from './members/network.ts';
export { RENEWAL, type RenewalPlan, renewalMember } from './members/renewal.ts';
export { type TunedPlan, tunedMember } from './members/tuned.ts';
export { type DataNote, dataNotes } from './notes.ts';
export { EXCLUDED_PERIODS, type ExcludedPeriod, excludedWeeks } from './pandemic.ts';
export {
  fourthRoot,
  logarithm,
  makePanel,
  type Panel,
  type PanelCalendar,
  type Place,
  type Transform,
  weeklyCalendar,
} from './panel/panel.ts';
export { DENGUE, DENGUE_NATIONAL, type PanelConfig, type PanelDisease, panelDisease } from './panel-config.ts';
export { type PanelForecast, panelBlocks, panelTargets, replayPanel } from './panel-disease.ts';
export { type PanelData, readPanel } from './panel-table.ts';
export { type PeakForecast, peakForecast } from './peak.ts';
export {
  cellCount,
  incrementHistogram,
  type PilotSeries,
  type PilotSpec,
  pilotScale,
  pilotSpec,
  rootOf,
  squaredSensitivity,
  valueFromRoot,
} from './pooled-increments.ts';
export { asCounts, type Coverage, coveredAt } from './population-covered.ts';
export { type FinalForecast, type Recalibration, recalibrated } from './recalibrate.ts';
export { type RenewalForecast, renewalForecast } from './renewal/filter.ts';
export { fitRenewal, generationWeights, R_BOUNDS, type RenewalModel } from './renewal/model.ts';
export { type RawForecast, type ReplayPlan, replayBlock } from './replay.ts';
export { type GenerationTime, INFLUENZA, type Reproduction, reproductionNumbers } from './reproduction.ts';
export { widen } from './revision.ts';
export type { ModelScore } from './score/compare.ts';
export { type ScoreRequest, type ScoreResult, scoreForecasts } from './score/score.ts';
export { type ForecastTable, readForecasts, readScores, readTruth } from './score/tables.ts';
export { shortTarget, type TargetScore } from './score/targets.ts';
export { pit, type WisParts, wis, wisParts } from './score/wis.ts';
export * from './shared-ridge/index.ts';
export { type SimulatedSurveillance, type SimulationOptions, simulateSurveillance } from './simulate.ts';
export { logOfSnapshots, type Snapshot } from './snapshots.ts';
export { epsilonOf, noisedCopy, noiseFor, PERSON_SENSITIVITY, type SourceNoise } from './source-noise.ts';
export {
  aloneMembers,
  candidateMembers,
  federatedMembers,
  STEPS,
  TUNED,
  togetherMembers,
  weeklyMembers,
} from './stack.ts';
export { alertThreshold, exceedance, type ReliabilityBin, reliability } from './warning.ts';
