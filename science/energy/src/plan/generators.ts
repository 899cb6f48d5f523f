// Generators: dispatch within the capacity, energy sums, emissions priced.
import { isCommittable } from './commitment.ts';
import { addCurvature, addDispatch, addNominal, blockOf, type Draft } from './draft.ts';
import { type Components, componentsOf, numberOf, textOf, valueAt } from './network.ts';

/** `co2Price` is added per unit of emission (0: none). */
export function addGenerators(d: Draft, co2Price: number): void {
  const c = componentsOf(d.network, 'generators');
  const block = blockOf(c);
  d.blocks['generators'] = block;
  const carriers = componentsOf(d.network, 'carriers');
  const emission = new Map(carriers.names.map((n, i) => [n, numberOf(carriers, 'co2_emissions', i)]));
  for (let i = 0; i < c.names.length; i++) {
    block.nominal[i] = addNominal(d, c, i, 'p_nom');
    const cost = valueAt(c, 'marginal_cost', i);
    const efficiency = valueAt(c, 'efficiency', i);
    const emitted = co2Price * (emission.get(textOf(c, 'carrier', i)) ?? 0);
    const low = valueAt(c, 'p_min_pu', i);
    block.first[i] = addDispatch(d, c, i, {
      cost: emitted === 0 ? cost : t => cost(t) + emitted / efficiency(t),
      low: isCommittable(c, i) ? t => Math.min(0, low(t)) : low,
      high: valueAt(c, 'p_max_pu', i),
      capacity: numberOf(c, 'p_nom', i),
      nominal: block.nominal[i],
      fixed: valueAt(c, 'p_set', i),
    });
    d.inject(textOf(c, 'bus', i), block.first[i], numberOf(c, 'sign', i));
    addCurvature(d, c, i, block.first[i]);
    addEnergySum(d, c, i, block.first[i]);
  }
}

function addEnergySum(d: Draft, c: Components, i: number, first: number): void {
  const low = numberOf(c, 'e_sum_min', i);
  const high = numberOf(c, 'e_sum_max', i);
  if (!Number.isFinite(low) && !Number.isFinite(high)) return;
  d.b.row(low, high);
  for (let t = 0; t < d.network.time.count; t++) d.b.term(first + t, d.network.time.generators[t]);
}
