export { emergentParameters, type ImpulseResponse, impulseResponse } from './energy-balance/response.ts';
export { checkEnergyBalance, type EnergyBalance, runEnergyBalance } from './energy-balance/system.ts';
export { type ClimateCode, ClimateError } from './error.ts';
export * from './fair/index.ts';
export { TINY_MEMBERS, TINY_SPECIES, tiny, tinyEmissions, tinyForcing } from './fair/tiny.ts';
export { FAIR1_DEFAULTS, type Fair1Parameters, type Fair1Result, GTC_PER_PPM, runFair1 } from './fair1/co2-only.ts';
export { type Band, makeBand } from './maker/band.ts';
export {
  type Capture,
  type CarbonPrice,
  type CoalPhaseOut,
  type DeforestationCut,
  type Documented,
  documented,
  ELASTICITIES,
  type Elasticities,
  type Forests,
  type Levers,
  type MethaneCut,
} from './maker/levers.ts';
export { type LedgerEntry, type Made, make } from './maker/make.ts';
export { type Attribution, attribute, type Part } from './outcome/attribution.ts';
export { type Constrained, constrain, type Fit, type Observation, periodChange } from './outcome/constrain.ts';
export { anchored, bandWithNever, budgetByParts, emittedUntil, firstReached, runningMean } from './outcome/crossing.ts';
export {
  AR5_ASSUMPTIONS,
  type Assumed,
  type SeaLevel,
  type SeaLevelAssumptions,
  type SeaLevelInput,
  type SeaLevelPart,
  seaLevel,
} from './outcome/sea-level.ts';
export {
  DAMAGES,
  type Discount,
  type SocialCost,
  type SocialCostAssumptions,
  socialCost,
} from './outcome/social-cost.ts';
export { type HarmoniseMethod, type HarmoniseOptions, harmonise } from './scenario/harmonise.ts';
export { type InfillMethod, type InfillOptions, infill } from './scenario/infill.ts';
export {
  asTable,
  type Edit,
  edit,
  readScenario,
  rowOf,
  type Scenario,
  type ScenarioRow,
  scenarioTable,
} from './scenario/table.ts';
