export { baselines, forecast, type Model, type ScoreRow, scoreAll } from './backtest.ts';
export { civilDay, civilOf, dateOf, dayNumber, seasonAngle } from './calendar.ts';
export { cdf, crps, type Distribution, mean, quantile } from './distributions.ts';
export { applyEmos, applyNetwork, type DistributionalNetwork, type Emos, fitEmos, fitNetwork } from './emos.ts';
export type { Forecasts } from './fit.ts';
export { type Gated, gate, type Issue } from './gate.ts';
export type { GridFile, Inflate } from './grids/array.ts';
export { atStations, type FromGrid, type GridOptions, type StationForecast } from './grids/grid.ts';
export { parseNetcdf } from './grids/netcdf.ts';
export { conversion, knownUnits } from './grids/units.ts';
export { readZarr, type Store } from './grids/zarr.ts';
export { minimise, type Objective } from './minimise.ts';
export { distanceKm } from './neighbours/distance.ts';
export { type Released, release } from './neighbours/release.ts';
export { type Network, parseDaily, parseStations, type Series, type Station } from './network.ts';
export {
  type Case,
  type Correction,
  ensembleCrps,
  fitCorrection,
  KINDS,
  ofMembers,
  type Usual,
  usual,
} from './postprocess.ts';
export { MOST_LEAD, type Prepared, prepare, prepareAlone, prepareToday } from './prepare.ts';
export { type Score, score } from './score.ts';
export { decode, encode, maskedSum, plainSum, type SecureSum } from './secure-sum.ts';
export { type Spell, spells } from './spells.ts';
export { suspectUnits } from './suspect-units.ts';
export { isForecast } from './targets.ts';
export { type Variable, variableNamed, variables, WET_CM } from './variables.ts';
export { type Interval, type Verified, verification } from './verification.ts';
export { type Brier, blockBootstrap, brier, pitHistogram, rankHistogram, skill } from './verify.ts';
