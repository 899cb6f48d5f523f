// An iterated study without the network: the kind's own rounds at given sources, a sum in the place of the aggregators.
import type { IteratedStudyKind } from '../kinds/iterated-sums.ts';
import type { DataSource, PublishedRound } from '../kinds/kind.ts';
import { type AsyncSummation, plainSum } from '../kinds/learner.ts';

/** All rounds of a study, as they would be published. */
export async function playStudy<Q>(
  kind: IteratedStudyKind<Q>,
  query: Q,
  sources: readonly DataSource[],
  { sum = plainSum as AsyncSummation, onRound = () => {} } = {},
): Promise<readonly PublishedRound[]> {
  const { length, maximum } = kind.shape(query);
  const ask = { label: kind.kind, length, limit: BigInt(maximum), rowDiameterSquared: 0n };
  const rounds: PublishedRound[] = [];
  while (rounds.length < kind.rounds(query) && !kind.ended?.(query, rounds)) {
    const round = rounds.length + 1;
    const vectors = await Promise.all(
      sources.map(async s => Float64Array.from(await kind.contribute(query, round, s, rounds))),
    );
    const sums = Float64Array.from((await sum(vectors, ask)) as Float64Array, Number);
    rounds.push({ sums, contributors: vectors.length, set: sources.map(s => s.owner).join(' ') });
    onRound();
  }
  return rounds;
}
