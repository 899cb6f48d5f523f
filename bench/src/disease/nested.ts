// A setting judged on seasons it was not chosen on: for each season the value that is best on other winters, and what it scores there.
import type { BenchSuite, Figure } from '../figure.ts';
import type { SeasonSet } from './sets.ts';
import { type Ratios, ratiosOf } from './weigh.ts';

/** Sums of WIS by place, ours and the baseline's. */
export type Sums = ReadonlyMap<string, readonly [ours: number, baseline: number]>;

export interface Setting {
  readonly name: string;
  /** The value that ships comes first. */
  readonly values: readonly string[];
  readonly score: (set: SeasonSet, value: string) => Sums;
}

/** Log WIS against the value that ships, the mean of pooled and per place. */
function lossOf(sums: Sums, shipped: Sums): number {
  const { pooled, place } = ratiosOf(Array.from(sums, ([name, [a]]) => [a, shipped.get(name)![0]] as const));
  return (Math.log(pooled) + Math.log(place)) / 2;
}

/** Figures of every setting and season with a hub's baseline. Sets of one winter are left out together. */
export async function* nested(settings: readonly Setting[], sets: readonly SeasonSet[]): ReturnType<BenchSuite> {
  for (const { name, values, score } of settings) {
    const sums = new Map(sets.map(s => [s, values.map(v => score(s, v))]));
    const loss = new Map(sets.map(s => [s, sums.get(s)!.map(x => lossOf(x, sums.get(s)![0]))]));
    for (const s of sets) {
      const ratios = sums.get(s)!.map(x => (s.baseline ? ratiosOf(x.values()) : undefined));
      const say = (r: Ratios | undefined, k: number) =>
        r ? `${r.pooled.toFixed(3)} / ${r.place.toFixed(3)}` : `x ${Math.exp(loss.get(s)![k]).toFixed(4)}`;
      console.error(`${name}, ${s.name}: ${values.map((v, k) => `${v}: ${say(ratios[k], k)}`).join('; ')}`);
    }
    for (const s of sets.filter(x => x.baseline)) {
      const others = sets.filter(x => x.year !== s.year);
      const mean = values.map((_, k) => others.reduce((t, x) => t + loss.get(x)![k], 0) / others.length);
      const best = mean.indexOf(Math.min(...mean));
      const [ours, shipped] = [best, 0].map(k => ratiosOf(sums.get(s)![k].values()));
      for (const kind of ['pooled', 'place'] as const)
        yield {
          name: `${s.name}, ${name} chosen on other winters (${values[best]}), ${kind === 'place' ? 'per place' : kind}`,
          unit: 'of the baseline',
          ours: ours[kind],
          against: { name: `what ships (${values[0]})`, value: shipped[kind] },
          smallerIsBetter: true,
          runs: 1,
        } satisfies Figure;
    }
  }
}
