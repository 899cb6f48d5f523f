// Where the similarity of days comes from: members' parts, and what everybody knows beside them.
import { circulationPart } from './circulation.ts';
import type { Arena } from './dense/products.ts';
import { besides, buildDoubles, type Part, type Similarity, seasonPart, similarity } from './kernel.ts';
import type { Prepared } from './prepare.ts';
import type { SecureSum } from './secure-sum.ts';

/** Where it comes from, and what it takes to make it. */
export interface SimilaritySource {
  readonly shared: boolean;
  /** Doubles of arena that `build` uses while it runs. */
  doubles(landmarks: number, days: number): number;
  build(memory: Arena, landmarks: Int32Array, days: number): Similarity;
}

/** Similarity from members' parts and what everybody knows: the season and, among several members, the circulation. */
export function ofParts(p: Prepared, parts: readonly Part[], sum: SecureSum | undefined): SimilaritySource {
  const shared = parts.length > 1;
  const members = parts.reduce((s, q) => s + q.size, 0);
  const open = openPart(p, shared ? p.circulation : [], members);
  const width = parts.reduce((s, q) => s + q.width, open.width);
  return {
    shared,
    doubles: (m, days) => buildDoubles(days, m, width, parts.length),
    build: (memory, landmarks, days) => similarity(memory, parts, open, landmarks, days, sum),
  };
}

/** The season, and the circulation, beside members' features whose size is `size`. */
export function openPart(p: Pick<Prepared, 'gated' | 'trainEnd'>, found: readonly Float64Array[], size: number): Part {
  const { angles } = p.gated;
  const flow = circulationPart(found, angles.length, p.trainEnd, size);
  return besides(seasonPart(angles, size + flow.size), flow);
}
