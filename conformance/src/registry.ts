// Which folder of vectors is run by which suite. A folder that belongs to later work is named in the output and not counted.
import type { ScienceSuite, Suite } from './suite.ts';

export const suites: Record<string, () => Promise<Suite>> = {
  dp: async () => (await import('./suites/dp.ts')).dpSuite,
  acvp: async () => (await import('./suites/acvp.ts')).acvp,
  'http-signatures': async () => (await import('./suites/http-signatures.ts')).httpSignatures,
  hpke: async () => (await import('./suites/hpke.ts')).hpke,
  wycheproof: async () => (await import('./suites/wycheproof.ts')).wycheproof,
  xwing: async () => (await import('./suites/xwing.ts')).xwing,
  merkle: async () => (await import('./suites/merkle.ts')).merkleSuite,
  tlog: async () => (await import('./suites/tlog.ts')).tlogSuite,
  vdaf: async () => (await import('./vdaf.ts')).vdaf,
};

/** Folders whose subject this version does not implement yet. */
export const later: Record<string, string> = {
  'dsp-2025-1': 'Dataspace Protocol',
  duo: 'Data Use Ontology',
};

export const science: Record<string, () => Promise<ScienceSuite>> = {
  energy: async () => (await import('./science/energy.ts')).energy,
  quantum: async () => (await import('./science/quantum.ts')).quantum,
  climate: async () => (await import('./science/climate.ts')).climate,
  weather: async () => (await import('./science/weather.ts')).weather,
  carbon: async () => (await import('./science/carbon.ts')).carbon,
  disease: async () => (await import('./science/disease.ts')).disease,
};
