// Whose emissions warmed the world by how much: leaving one out, and a small perturbation (Trudinger and Enting 2005; Li et al. 2016, Nature
// 531, 357). The climate is not linear, so neither way adds up to the whole; the residual is part of the answer and is always given.

import { ClimateError } from '../error.ts';
import type { Drivers } from '../fair/drivers.ts';
import type { Fair } from '../fair/run.ts';

/** A party's share of the drivers: for species numbers, what it emits each step, in the species' unit. */
export interface Part {
  readonly name: string;
  readonly emissions: ReadonlyMap<number, Float64Array>;
}

export interface Attribution {
  /** Warming of the surface by all emissions and by all emissions less every part, bounds x members, K. */
  readonly all: Float64Array;
  readonly none: Float64Array;
  /** By part: warming that goes when it is left out, and its marginal effect scaled to its size; bounds x members, K. */
  readonly parts: readonly { readonly name: string; readonly leftOut: Float64Array; readonly marginal: Float64Array }[];
  /** What neither way hands to anyone: (all - none) - sum over the parts. */
  readonly residualLeftOut: Float64Array;
  readonly residualMarginal: Float64Array;
}

/** Attributes the warming of a run. `perturbation` is the share of each part taken away for the marginal effect, in (0, 1]. */
export function attribute(fair: Fair, drivers: Drivers, parts: readonly Part[], perturbation = 0.001): Attribution {
  if (!(perturbation > 0 && perturbation <= 1))
    throw new RangeError(`the perturbation must be in (0, 1], not ${perturbation}`);
  const without = (taken: readonly Part[], share: number): Drivers => ({
    ...drivers,
    series: drivers.series.map((s, i) => {
      const mine = taken.flatMap(p => p.emissions.get(i) ?? []);
      if (mine.length === 0) return s;
      if (!s)
        throw new ClimateError(
          'missing-series',
          `part "${taken[0].name}" emits species number ${i}, which is not driven by emissions in this run`,
        );
      for (const e of mine)
        if (e.length !== s.length)
          throw new ClimateError(
            'short-scenario',
            `a part has ${e.length} years of species number ${i}, the run ${s.length}`,
          );
      return s.map((v, t) => v - share * mine.reduce((sum, e) => sum + e[t], 0));
    }),
  });
  const warming = (d: Drivers) => fair(d).temperature[0];
  const all = warming(drivers);
  const none = warming(without(parts, 1));
  const each = parts.map(p => {
    const out = warming(without([p], 1));
    const nudged = warming(without([p], perturbation));
    return {
      name: p.name,
      leftOut: all.map((v, k) => v - out[k]),
      marginal: all.map((v, k) => (v - nudged[k]) / perturbation),
    };
  });
  const residual = (key: 'leftOut' | 'marginal') =>
    all.map((v, k) => v - none[k] - each.reduce((s, p) => s + p[key][k], 0));
  return { all, none, parts: each, residualLeftOut: residual('leftOut'), residualMarginal: residual('marginal') };
}
