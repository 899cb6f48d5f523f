// The draft that the builders of a plan fill: when each component is there, what it costs to build.
import { ModelBuilder } from '@madang/numerics';
import { EnergyError } from '../error.ts';
import { annuity, type Draft } from './draft.ts';
import { activeIn, type Components, numberOf, type PlanNetwork } from './network.ts';

/** Something that enters the balance of a bus. */
export interface Injection {
  readonly first: number;
  readonly at: number | ((t: number) => number);
  readonly source: Int32Array | undefined;
}

/** An empty draft, and what its components will inject at each bus. */
export function startDraft(network: PlanNetwork, busIndex: ReadonlyMap<string, number>) {
  const { time } = network;
  const terms: Injection[][] = Array.from({ length: busIndex.size }, () => []);
  const hours = time.periods.map((_, p) => time.objective.reduce((s, w, t) => s + (time.period[t] === p ? w : 0), 0));
  // Asked once a component and period, not once a snapshot.
  const lives = new Map<string, Uint8Array[]>();
  const livesOf = (c: Components, i: number): Uint8Array => {
    let all = lives.get(c.list);
    if (!all) {
      all = c.names.map((_, k) => {
        const [built, life] = [numberOf(c, 'build_year', k), numberOf(c, 'lifetime', k)];
        return Uint8Array.from(time.periods, (_p, p) => (activeIn(network, c, k, built, life, p) ? 1 : 0));
      });
      lives.set(c.list, all);
    }
    return all[i];
  };
  const draft: Draft = {
    network,
    b: new ModelBuilder(),
    weight: time.objective.map((w, t) => w * time.periods[time.period[t]].objective),
    blocks: {},
    capital: [],
    inject: (bus, first, at, source) => void terms[busIndex.get(bus)!].push({ first, at, source }),
    active: (c, i, t) => livesOf(c, i)[time.period[t]] === 1,
    isActive: (c, i) => livesOf(c, i).includes(1),
    activeIn: (c, i, period) => livesOf(c, i)[period] === 1,
    annualCost: (c, i) => (draft.investmentCost(c, i) + numberOf(c, 'fom_cost', i)) * draft.lifeWeight(c, i),
    investmentCost(c, i) {
      const overnight = numberOf(c, 'overnight_cost', i);
      if (Number.isNaN(overnight)) return numberOf(c, 'capital_cost', i);
      const rate = numberOf(c, 'discount_rate', i);
      if (Number.isNaN(rate))
        throw new EnergyError(
          'limits-contradict',
          `${c.list}.csv, "${c.names[i]}": an overnight_cost needs a discount_rate (0 is allowed)`,
        );
      if (hours.some(h => Math.abs(h - hours[0]) > 1e-9 * hours[0]))
        throw new EnergyError(
          'limits-contradict',
          `${c.list}.csv, "${c.names[i]}": with an overnight_cost all investment periods need snapshots of the same weight in all (they have ${hours.join(', ')}); give capital_cost instead`,
        );
      return (overnight * annuity(rate, numberOf(c, 'lifetime', i)) * hours[0]) / 8760;
    },
    lifeWeight(c, i) {
      let weight = 0;
      for (const [p, period] of time.periods.entries())
        if (livesOf(c, i)[p] === 1) weight += network.severalYears ? period.objective : 1;
      return weight;
    },
  };
  return { draft, terms };
}
