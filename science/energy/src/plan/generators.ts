// Generators: dispatch within the capacity, energy sums, emissions priced.
import { outputLimits } from './commitment.ts';
import { addCurvature, addDispatch, addNominal, blockOf, type Draft } from './draft.ts';
import { type Components, componentsOf, numberOf, textOf, valueAt } from './network.ts';
import { addMarginalCurve, addPiecewiseFlow } from './piecewise.ts';

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
    const curved = c.curves['marginal_cost']?.has(c.names[i]) ?? false;
    const drawn = c.curves['efficiency']?.has(c.names[i]) ?? false;
    block.first[i] = addDispatch(d, c, i, {
      cost: t => (curved ? 0 : cost(t)) + (emitted === 0 || drawn ? 0 : emitted / efficiency(t)),
      ...outputLimits(c, i),
      capacity: numberOf(c, 'p_nom', i),
      nominal: block.nominal[i],
      fixed: valueAt(c, 'p_set', i),
    });
    d.inject(textOf(c, 'bus', i), block.first[i], numberOf(c, 'sign', i));
    addCurvature(d, c, i, block.first[i]);
    if (curved) addMarginalCurve(d, c, i, block.first[i]);
    if (drawn && emitted !== 0)
      for (let t = 0; t < d.network.time.count; t++) d.b.addCost(drawnEnergy(d, c, i) + t, emitted * d.weight[t]);
    addEnergySum(d, c, i, block.first[i]);
  }
}

/** First column of what a generator with a curve of its efficiency draws (one a snapshot), added when it is first asked for. */
export function drawnEnergy(d: Draft, c: Components, i: number): number {
  const { first, primary } = d.blocks['generators'];
  if (primary[i] < 0) primary[i] = addPiecewiseFlow(d, c, i, 'efficiency', first[i]) ?? -1;
  return primary[i];
}

function addEnergySum(d: Draft, c: Components, i: number, first: number): void {
  const low = numberOf(c, 'e_sum_min', i);
  const high = numberOf(c, 'e_sum_max', i);
  if ((!Number.isFinite(low) && !Number.isFinite(high)) || !d.isActive(c, i)) return;
  d.b.row(low, high);
  for (let t = 0; t < d.network.time.count; t++) d.b.term(first + t, d.network.time.generators[t]);
}
