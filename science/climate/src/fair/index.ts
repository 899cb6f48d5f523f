// FaIR 2.2, the part that a fast start needs alone: `@madang/climate/fair`.
export { ClimateError } from '../error.ts';
export { type BandRow, type WatchedBands, watchBands } from './bands.ts';
export type { FairOptions } from './context.ts';
export {
  type DriverKind,
  type Drivers,
  type DriverTable,
  type RunTime,
  readDrivers,
  readDriverTable,
  scenarioNames,
  spannedTime,
  steps,
} from './drivers.ts';
export { aboveReference, percentiles, yearlyMeans } from './ensemble.ts';
export { GHG_METHODS, type GhgMethod } from './greenhouse.ts';
export { drawNoise, noiseCovariance } from './noise.ts';
export {
  emissionsFactorOf,
  energyBalanceOf,
  type FairModel,
  type MemberValue,
  molecularWeights,
  readMembers,
  sliceMembers,
} from './parameters.ts';
export {
  concentrationAt,
  emissionsAt,
  type ForcingGroup,
  failure,
  forcingAt,
  forcingGroup,
  gasAt,
  imbalance,
  lifetimeAt,
  oceanHeat,
  speciesOf,
} from './result.ts';
export { type Checkpoint, type Fair, type FairResult, type GasResult, type Keep, makeFair } from './run.ts';
export { type InputMode, readSpecies, type Species, type SpeciesTable, type SpeciesType } from './species.ts';
export { concentrationUnit, emissionsUnit } from './units.ts';
