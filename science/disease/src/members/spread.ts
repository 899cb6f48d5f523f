// How wide a place's own surprises are beside those of all places: a factor for the spread below the median and one above it, each the best
// by quantile loss on rows that the model had not seen, pulled to 1 where a place has few periods. Zero-heavy places need less above,
// outbreak-prone ones more, and no feature tells which is which.
import { LEVELS, MEDIAN } from '../levels.ts';
import { type Design, placeName } from '../panel/design.ts';
import { QUANTILES } from './member.ts';

export type Spread = readonly [below: number, above: number];

/** What a model said of a row it had not seen: quantiles and outcome in one unit, and what that unit is on the z scale. */
export interface Said {
  readonly quantiles: ArrayLike<number>;
  readonly outcome: number;
  readonly unit: number;
}

/** Factors tried: from 0.37 to 2.7. */
const FACTORS = Array.from({ length: 17 }, (_, k) => Math.exp((k - 8) / 8));

/** Spreads of the places in `rows` of a design, by name. `prior` is in periods: with so many of its own a place goes half of the way (in logs). */
export function placeSpreads(
  d: Design,
  rows: readonly number[],
  saidOf: (row: number) => Said,
  prior: number,
): Map<string, Spread> {
  const byPlace = Map.groupBy(rows, i => placeName(d, d.place[i]));
  const out = new Map<string, Spread>();
  for (const [name, own] of byPlace) {
    const loss = [new Float64Array(FACTORS.length), new Float64Array(FACTORS.length)];
    for (const i of own) {
      const { quantiles, outcome, unit } = saidOf(i);
      const middle = quantiles[MEDIAN];
      for (let k = 0; k < QUANTILES; k++) {
        if (k === MEDIAN) continue;
        const side = loss[k < MEDIAN ? 0 : 1];
        for (const [j, f] of FACTORS.entries()) {
          const beyond = middle + f * (quantiles[k] - middle) - outcome;
          side[j] += d.weight[i] * unit * beyond * ((beyond >= 0 ? 1 : 0) - LEVELS[k]);
        }
      }
    }
    const n = new Set(own.map(i => d.period[i])).size;
    const [below, above] = loss.map(side => FACTORS[side.indexOf(Math.min(...side))] ** (n / (n + prior)));
    out.set(name, [below, above]);
  }
  return out;
}

/** The quantiles spread by a place's factors about their median. */
export function spreadBy([below, above]: Spread, quantiles: ArrayLike<number>, k: number): number {
  const middle = quantiles[MEDIAN];
  return middle + (k < MEDIAN ? below : above) * (quantiles[k] - middle);
}
