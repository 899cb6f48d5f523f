export { type Forecast, LEVELS, MEDIAN, type Truth } from './levels.ts';
export {
  type ModelScore,
  type ScoreRequest,
  type ScoreResult,
  scoreForecasts,
  scoreTargets,
  shortTarget,
  type TargetScore,
} from './score/score.ts';
export { type ForecastTable, readForecasts, readScores, readTruth } from './score/tables.ts';
export { type WisParts, wis, wisParts } from './score/wis.ts';
