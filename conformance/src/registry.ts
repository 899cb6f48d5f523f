// Which folder of vectors is run by which suite. A folder that belongs to later work is named in the output and not counted.
import type { ScienceSuite, Suite } from './suite.ts';

export const suites: Record<string, () => Promise<Suite>> = {
  vdaf: async () => (await import('./vdaf.ts')).vdaf,
};

/** Folders whose subject this version does not implement yet. */
export const later: Record<string, string> = {
  'dsp-2025-1': 'Dataspace Protocol',
  duo: 'Data Use Ontology',
};

export const science: Record<string, () => Promise<ScienceSuite>> = {};
