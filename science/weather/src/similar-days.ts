// Where the distances between days come from: members' parts, and what everybody knows beside them.
import { circulationPart } from './circulation.ts';
import { type DistanceSource, ofMembers } from './distances.ts';
import { besides, type Part, seasonPart } from './parts.ts';
import type { Prepared } from './prepare.ts';
import type { SecureSum } from './secure-sum.ts';

/** Distances from members' parts and what everybody knows: the season and, among several members, the circulation. */
export function ofParts(p: Prepared, parts: readonly Part[], sum: SecureSum | undefined): DistanceSource {
  const members = parts.reduce((s, q) => s + q.size, 0);
  return ofMembers(parts, openPart(p, parts.length > 1 ? p.circulation : [], members), sum);
}

/** The season, and the circulation, beside members' features whose size is `size`. */
export function openPart(p: Pick<Prepared, 'gated' | 'trainEnd'>, found: readonly Float64Array[], size: number): Part {
  const { angles } = p.gated;
  const flow = circulationPart(found, angles.length, p.trainEnd, size);
  return besides(seasonPart(angles, size + flow.size), flow);
}
