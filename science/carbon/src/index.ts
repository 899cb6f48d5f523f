export { type Absorbed, type AbsorberCase, absorb, type Packing, SHEET_250 } from './absorber.ts';
export { type Bed, checkOperation, type Operation, readBed } from './column/parameters.ts';
export type { Performance } from './column/performance.ts';
export { DEFAULTS, type Settings, type Steady, steadyState } from './column/steady.ts';
export { annuity, type CaptureCost, type CostAssumptions, captureCost } from './cost.ts';
export {
  type DualSiteLangmuir,
  type ExtendedSips,
  type Isotherm,
  loading,
  type Pair,
  R_EXACT,
  R_TABLE,
  type Toth,
  type WeightedDualSite,
} from './isotherms.ts';
export {
  checkNetwork,
  type NetworkCase,
  type NetworkPlan,
  networkProgram,
  planNetwork,
  type SolveLp,
} from './network.ts';
export type { AnnualReport } from './removals/article6.ts';
export { auditRegister, type Check, type CountryBalance, type Register } from './removals/audit.ts';
export { durability, expectedStored, fairBuffer } from './removals/durability.ts';
export {
  type EventOf,
  type RemovalEvent,
  readRemovalEvent,
  type Storage,
  signersOf,
  type Use,
} from './removals/events.ts';
export { type Batch, batchesOf, registerFigures } from './removals/figures.ts';
export type { RefusalCode } from './removals/state.ts';
export { readSorbent, type Sorbent } from './sorbents.ts';
export { integrate } from './stiff/bdf.ts';
export { isothermOf, readSwingCases, type SwingCase } from './swing-file.ts';
export {
  type SwingDesign,
  type SwingPlant,
  type SwingResult,
  type SwingSorbent,
  temperatureSwing,
} from './temperature-swing.ts';
export { dominates, type Point, tradeOff, type Variable } from './tradeoff.ts';
export { co2Pa, waterPa } from './two-films.ts';
