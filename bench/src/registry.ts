// npm run bench -- NAME: which name runs which suite.
import type { BenchSuite } from './figure.ts';

export const suites: Record<string, () => Promise<BenchSuite>> = {
  climate: async () => (await import('./suites/climate.ts')).climate,
  privacy: async () => (await import('./suites/privacy.ts')).privacySuite,
  log: async () => (await import('./suites/log.ts')).logSuite,
  trust: async () => (await import('./suites/trust.ts')).trustSuite,
};
