// The arithmetic of a social cost: one more tonne emitted in a year warms every later year a little; the damages it adds, discounted to that
// year, per tonne (as in Nordhaus 2017, PNAS 114, 1518; Rennert et al. 2022, Nature 610, 687). Every assumption - output, damages,
// discounting, horizon - is an argument without a default here, because the answer is made of them.

export interface SocialCostAssumptions {
  /** Yearly world output in money of one year, by year from the pulse year on. */
  readonly output: Float64Array;
  /** Yearly population, for growth per head in the discount rate (only its ratio matters). */
  readonly population: Float64Array;
  /** Share of output lost at a warming above pre-industrial, K. */
  readonly damage: (warmingK: number) => number;
  readonly discount: Discount;
}

/** A constant rate, or Ramsey's: time preference + elasticity x growth of consumption per head. */
export type Discount =
  | { readonly kind: 'constant'; readonly rate: number }
  | { readonly kind: 'ramsey'; readonly timePreference: number; readonly elasticity: number };

export interface SocialCost {
  /** Money per tonne, by member. */
  readonly perTonne: Float64Array;
  /** Mean over the members of each year's discounted addition, money per tonne. */
  readonly byYear: Float64Array;
  /** Share of the mean that falls in the last tenth of the horizon: large if the horizon cuts the answer. */
  readonly tailShare: number;
}

/**
 * Social cost from two runs, yearly means of warming above pre-industrial, years x members, from the pulse year on: without and with
 * `pulseTonnes` more in the first year.
 */
export function socialCost(
  base: Float64Array,
  pulsed: Float64Array,
  members: number,
  pulseTonnes: number,
  a: SocialCostAssumptions,
): SocialCost {
  const years = base.length / members;
  if (a.output.length < years || a.population.length < years)
    throw new RangeError(`output and population must cover the ${years} years of the runs`);
  if (!(pulseTonnes > 0)) throw new RangeError(`the pulse must be positive, not ${pulseTonnes} t`);
  const perTonne = new Float64Array(members);
  const byYear = new Float64Array(years);
  for (let m = 0; m < members; m++) {
    let factor = 1;
    let last = 0;
    for (let t = 0; t < years; t++) {
      const k = t * members + m;
      const net = (1 - a.damage(base[k])) * a.output[t];
      const perHead = net / a.population[t];
      if (t > 0)
        factor /=
          a.discount.kind === 'constant'
            ? 1 + a.discount.rate
            : 1 + a.discount.timePreference + a.discount.elasticity * (perHead / last - 1);
      last = perHead;
      const added = ((a.damage(pulsed[k]) - a.damage(base[k])) * a.output[t] * factor) / pulseTonnes;
      perTonne[m] += added;
      byYear[t] += added / members;
    }
  }
  const sum = byYear.reduce((x, y) => x + y, 0);
  const tail = byYear.slice(Math.ceil(years * 0.9)).reduce((x, y) => x + y, 0);
  return { perTonne, byYear, tailShare: sum === 0 ? 0 : tail / sum };
}

/** Published damage functions, share of output lost at T above pre-industrial. */
export const DAMAGES: Readonly<Record<string, { readonly cite: string; readonly damage: (t: number) => number }>> = {
  dice2016: { cite: 'Nordhaus 2017, PNAS 114, 1518: 0.236 % T^2', damage: t => 0.00236 * t * t },
  'howard-sterner2017': {
    cite: 'Howard and Sterner 2017, Environ. Resource Econ. 68, 197, as used by Haensel et al. 2020, Nature Clim. Change 10, 781: 0.7438 % T^2',
    damage: t => 0.007438 * t * t,
  },
  weitzman2012: {
    cite: 'Weitzman 2012, J. Public Econ. Theory 14, 221: 1 - 1/(1 + (T/20.46)^2 + (T/6.081)^6.754)',
    damage: t => {
      const x = Math.max(0, t);
      return 1 - 1 / (1 + (x / 20.46) ** 2 + (x / 6.081) ** 6.754);
    },
  },
};
