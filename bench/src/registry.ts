// npm run bench -- NAME: which name runs which suite.
import type { BenchSuite } from './figure.ts';

export const suites: Record<string, () => Promise<BenchSuite>> = {
  energy: async () => (await import('./suites/energy.ts')).energy,
  quantum: async () => (await import('./suites/quantum.ts')).quantum,
  climate: async () => (await import('./suites/climate.ts')).climate,
  privacy: async () => (await import('./suites/privacy.ts')).privacySuite,
  log: async () => (await import('./suites/log.ts')).logSuite,
  trust: async () => (await import('./suites/trust.ts')).trustSuite,
  hub: async () => (await import('./suites/hub.ts')).suite,
  weather: async () => (await import('./suites/weather.ts')).weather,
  'weather-study': async () => (await import('./suites/weather-study.ts')).weatherStudy,
  'weather-pairs': async () => (await import('./suites/weather-pairs.ts')).weatherPairs,
  carbon: async () => (await import('./suites/carbon.ts')).carbon,
  disease: async () => (await import('./suites/disease.ts')).disease,
  'disease-federated': async () => (await import('./suites/disease-federated.ts')).diseaseFederated,
  'disease-settings': async () => (await import('./suites/disease-settings.ts')).diseaseSettings,
  'disease-weights': async () => (await import('./suites/disease-weights.ts')).diseaseWeights,
};
