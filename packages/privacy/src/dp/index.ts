// Differential privacy: exact samplers, mechanisms, accountants.

export { optimalComposition } from './composition.ts';
export { discreteGaussian, discreteGaussianBigInts, discreteGaussianVector } from './discrete-gaussian.ts';
export { discreteLaplace, discreteLaplaceVector } from './discrete-laplace.ts';
export type { RandomBytes } from './entropy.ts';
export { calibrate, gaussianDelta, gaussianEpsilon, gaussianSigma } from './gaussian.ts';
export type { Mechanism } from './loss-distribution.ts';
export {
  exponentialMechanism,
  type GaussianRelease,
  gaussianMechanism,
  laplaceMechanism,
  poissonSample,
  type SparseVector,
  sparseVector,
} from './mechanisms.ts';
export type { Rational } from './rational.ts';
export { composeRdp, DEFAULT_ORDERS, epsilonFromRdp, type RdpCurve, rdpCurve, subsampledGaussianRdp } from './rdp.ts';
export { tightDelta, tightEpsilon, type Use } from './tight.ts';
export {
  epsilonFromMicroRho,
  epsilonFromRho,
  MICRO,
  microRho,
  microRhoFor,
  microRhoOfPure,
  varianceFor,
} from './zcdp.ts';
