// What the tables of the weather commands say of themselves: the provenance in the last column, of the first row alone, and what to cite.

const CITE =
  'Rasmussen and Williams 2006, Gaussian Processes for Machine Learning (kernel regression); Gneiting et al. 2005, Mon. Wea. Rev. 133, 1098 (CRPS)';

/** The papers of the method, then the data's own citation where one was given. */
export const citation = (own: unknown, method = CITE): string => [method, ...(own ? [String(own)] : [])].join('; ');

export const withProvenance = (
  rows: readonly (readonly (string | number)[])[],
  provenance: string,
): (string | number)[][] => rows.map((row, i) => [...row, i === 0 ? provenance : '']);
