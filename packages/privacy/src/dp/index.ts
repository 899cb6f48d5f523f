// Differential privacy: exact samplers, mechanisms, accountants.
export { discreteGaussian, discreteGaussianBigInts, discreteGaussianVector } from './discrete-gaussian.ts';
export { discreteLaplace, discreteLaplaceVector } from './discrete-laplace.ts';
export type { RandomBytes } from './entropy.ts';
export type { Rational } from './rational.ts';
export {
  epsilonFromMicroRho,
  epsilonFromRho,
  MICRO,
  microRho,
  microRhoFor,
  microRhoOfPure,
  varianceFor,
} from './zcdp.ts';
