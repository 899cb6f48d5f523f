export { emergentParameters, type ImpulseResponse, impulseResponse } from './energy-balance/response.ts';
export { checkEnergyBalance, type EnergyBalance, runEnergyBalance } from './energy-balance/system.ts';
export { type ClimateCode, ClimateError } from './error.ts';
export * from './fair/index.ts';
export { FAIR1_DEFAULTS, type Fair1Parameters, type Fair1Result, GTC_PER_PPM, runFair1 } from './fair1/co2-only.ts';
