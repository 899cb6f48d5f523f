// The collector's role (protocol, section 5, step 9): add the revealed shares, say what they mean. Anyone can repeat it.
import type { Study } from '@madang/charter';
import { utf8 } from '@madang/trust';
import type { PublishedRound } from './kinds/kind.ts';
import { kindOf } from './kinds/registry.ts';
import { type NamedBlob, packDoubles, type ResultDocument, revealedSums } from './result.ts';
import { isLong } from './round/parts.ts';

/**
 * The result's blob, and first, through `put`, the blobs of its parts where the vector is long. `blob` reads the revealed shares; `query` is the text of
 * the query's blob; `earlier` are the rounds before this one, for kinds that build on them. `salt` goes into a document that only its digest stands for.
 */
export async function makeResult(
  study: Study,
  number: number,
  query: string,
  blob: NamedBlob,
  put: (part: Uint8Array) => Promise<string>,
  earlier: readonly PublishedRound[] = [],
  salt?: string,
): Promise<Uint8Array> {
  const kind = kindOf(study.kind, study.version);
  if (!kind) throw new Error(`this program does not know studies of kind ${study.kind} version ${study.version}`);
  const round = study.opening!.rounds[String(number)];
  const long = isLong(study.shape);
  const all = new Float64Array(study.shape.length);
  const sumParts: string[] = [];
  for await (const { first, sums } of revealedSums(study, round, blob)) {
    all.set(sums, first);
    if (long) sumParts.push(await put(packDoubles(sums)));
  }
  const { organisations } = round.transcript!;
  const rounds = [...earlier, publishedRound(all, organisations)];
  const document: ResultDocument = {
    opening: study.opening!.id,
    round: number,
    kind: study.kind,
    contributors: organisations,
    noise: study.charges.map(c => ({ unit: c.unit, variance: c.variance, aggregators: study.aggregators.length })),
    sums: long ? [] : Array.from(all),
    ...(long ? { sumParts } : {}),
    decoded: kind.decode(kind.parse(query), all, totalDeviation(study), rounds),
    ...(salt === undefined ? {} : { salt }),
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
