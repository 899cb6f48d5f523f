// The collector's role (protocol, section 5, step 9): add the revealed shares, say what they mean. Anyone can repeat it.
import type { Study } from '@madang/charter';
import { utf8 } from '@madang/trust';
import type { PublishedRound } from './kinds/kind.ts';
import { kindOf } from './kinds/registry.ts';
import { addShares, type ResultDocument } from './verify.ts';

/**
 * The result's blob. `shares` in the study's order of aggregators; `query` is the text of the query's blob; `earlier` are the rounds before this
 * one, for kinds that build on them.
 */
export function makeResult(
  study: Study,
  opening: string,
  round: number,
  query: string,
  shares: readonly Uint8Array[],
  earlier: readonly PublishedRound[] = [],
): Uint8Array {
  const kind = kindOf(study.kind, study.version);
  if (!kind) throw new Error(`this program does not know studies of kind ${study.kind} version ${study.version}`);
  const sums = addShares(shares, study.shape);
  const transcript = study.opening!.rounds[String(round)].transcript!;
  const published = publishedRound(sums, transcript.organisations);
  const document: ResultDocument = {
    opening,
    round,
    kind: study.kind,
    contributors: transcript.organisations,
    noise: study.charges.map(c => ({ unit: c.unit, variance: c.variance, aggregators: study.aggregators.length })),
    sums,
    decoded: kind.decode(kind.parse(query), sums, totalDeviation(study), [...earlier, published]),
  };
  return utf8(JSON.stringify(document));
}

/** A round's sums as later rounds build on them. */
export function publishedRound(sums: ArrayLike<number>, contributors: readonly string[]): PublishedRound {
  return { sums, contributors: contributors.length, set: contributors.join(' ') };
}

/** Variance of the noise each aggregator adds: the largest that any charge declares. 0 when the study charges nothing. */
export function noiseVariance(study: Pick<Study, 'charges'>): number {
  return study.charges.reduce((most, c) => Math.max(most, c.variance), 0);
}

/** Standard deviation of the noise in a sum: every aggregator adds its own. */
export function totalDeviation(study: Pick<Study, 'charges' | 'aggregators'>): number {
  return Math.sqrt(study.aggregators.length * noiseVariance(study));
}
