export { type Bed, checkOperation, type Operation, readBed } from './column/parameters.ts';
export { DEFAULTS, type Performance, type Settings, type Steady, steadyState } from './column/steady.ts';
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
