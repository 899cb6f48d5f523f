export type { Conclusion } from './aggregator/conclude.ts';
export { RoundIntake } from './aggregator/intake.ts';
export type { AggregatorRound } from './aggregator/share.ts';
export { type AuditItem, type AuditOptions, type AuditReport, audit } from './audit.ts';
export { makeResult, noiseVariance, publishedRound, totalDeviation } from './collector.ts';
export {
  type BodyTarget,
  type ContributionRequest,
  makeContribution,
  type Parcel,
  packParcel,
  unpackParcel,
} from './contributor.ts';
export {
  type BorderPlan,
  type BorderPlanningQuery,
  type BorderPlanningState,
  borderPlanning,
} from './kinds/border-planning.ts';
export { type IteratedStudyKind, plainJson, type Sharing } from './kinds/iterated-sums.ts';
export type { DataSource, PublishedRound, StudyKind } from './kinds/kind.ts';
export * from './kinds/learning.ts';
export {
  forecastSeries,
  type NamedSeries,
  type PooledIncrementsQuery,
  pilotSeries,
  pooledIncrements,
  readVintages,
} from './kinds/pooled-increments.ts';
export { kindOf, kinds } from './kinds/registry.ts';
export {
  privateSharedRidge,
  type SharedRidgeQuery,
  type SharedRidgeState,
  sharedRidge,
  sharedRidgeLearner,
  sharedRidgeSensitivity,
} from './kinds/shared-ridge.ts';
export {
  forecastStations,
  type StationWeatherQuery,
  type StationWeatherState,
  stationWeather,
} from './kinds/station-weather.ts';
export { type StatisticsQuery, statistics } from './kinds/statistics.ts';
export { purposeInWords } from './purpose.ts';
export {
  addShares,
  type BlobReader,
  checkResult,
  type NamedBlob,
  packDoubles,
  type ResultCheck,
  type ResultDocument,
  unpackDoubles,
} from './result.ts';
export { digestOf, type RoundRef, SECRET_INFO, secretAad, verificationKey } from './round/binding.ts';
export { overCapacity, unfitForReader } from './round/capacity.ts';
export { packFrame, unpackFrame } from './round/frame.ts';
export type { BodySource, LongCipher } from './round/long.ts';
export { noisePart } from './round/long-share.ts';
export { noiseShare } from './round/noise-share.ts';
export { openForReader, readerTopic, saltShare, sealForReader } from './round/one-reader.ts';
export { isLong, packManifest, partCount, readManifest } from './round/parts.ts';
export { joinPieces, type Piece, packPiece, pieceData, piecesOf, readPiece } from './round/pieces.ts';
export { readSlip } from './round/slip.ts';
export * from './simulation/index.ts';
export { checkTranscripts, readTranscript, type SignedTranscript, type TranscriptsCheck } from './transcripts.ts';
export { checkTwins, evidenceFrom, packSlips, TWO_SLIPS } from './twins.ts';
