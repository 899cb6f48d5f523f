// How good corrected forecasts are, beside the forecasts as they came and the station's climatology; means by lead and by place.
import { crps, type Distribution, ensembleCrps } from '@madang/weather';

/** CRPS in the variable's unit: 0 is perfect; NaN where nothing was observed. */
export interface Scores {
  readonly raw: number;
  readonly corrected: number;
  readonly climatology: number;
}

export function scoresOf(
  members: Float64Array,
  corrected: Distribution,
  climatology: Distribution,
  observed: number,
): Scores {
  if (Number.isNaN(observed)) return { raw: Number.NaN, corrected: Number.NaN, climatology: Number.NaN };
  return {
    raw: ensembleCrps(members, observed),
    corrected: crps(corrected, observed),
    climatology: crps(climatology, observed),
  };
}

interface Sums {
  n: number;
  raw: number;
  corrected: number;
  climatology: number;
  /** Observations inside the 90 % interval. */
  inside: number;
}

const none = (): Sums => ({ n: 0, raw: 0, corrected: 0, climatology: 0, inside: 0 });

/** Sums by lead, which say how good the corrections are, and by place, which say where they are of no use. Scores that are NaN take no part. */
export class Tally {
  readonly #leads = new Map<number, Sums>();
  readonly #places = new Map<string, Sums>();

  /** `inside`: whether the observation lies inside the 90 % interval. */
  addToLead(leadDays: number, scores: Scores, inside: boolean): void {
    add(this.#leads, leadDays, scores, inside);
  }

  /** A place is a station and lead, as people read it. */
  addToPlace(place: string, scores: Scores): void {
    add(this.#places, place, scores, false);
  }

  /** Means of each lead, the shortest first. */
  leads() {
    return [...this.#leads].sort(([a], [b]) => a - b).map(([leadDays, s]) => ({ leadDays, ...means(s) }));
  }

  /** Means over all leads; NaN where `n` is 0. */
  all() {
    const total = none();
    for (const s of this.#leads.values()) for (const k of Object.keys(total) as (keyof Sums)[]) total[k] += s[k];
    return means(total);
  }

  /** Places where the corrected forecasts score no better than climatology, a line each. */
  worse(): string[] {
    return [...this.#places].flatMap(([place, s]) =>
      s.corrected < s.climatology
        ? []
        : [
            `${place}: CRPS ${(s.corrected / s.n).toFixed(3)}, climatology ${(s.climatology / s.n).toFixed(3)} on ${s.n} days`,
          ],
    );
  }
}

function add<K>(sums: Map<K, Sums>, key: K, { raw, corrected, climatology }: Scores, inside: boolean): void {
  if ([raw, corrected, climatology].some(Number.isNaN)) return;
  const s = sums.get(key) ?? none();
  sums.set(key, s);
  s.n += 1;
  s.raw += raw;
  s.corrected += corrected;
  s.climatology += climatology;
  s.inside += inside ? 1 : 0;
}

/** Under the names of the JSON. */
const means = (s: Sums) => ({
  n: s.n,
  crpsRaw: s.raw / s.n,
  crps: s.corrected / s.n,
  crpsClimatology: s.climatology / s.n,
  coverage90: s.inside / s.n,
});
