// Storage units (power and energy tied by max_hours, with inflow) and stores (energy alone): their columns and energy balances.
// Trap: what is there at the beginning loses nothing in the first snapshot (so does PyPSA).
import { EnergyError } from '../error.ts';
import { addCurvature, addDispatch, addNominal, blockOf, type Draft } from './draft.ts';
import { type Components, componentsOf, flagOf, hasSeries, numberOf, textOf, valueAt } from './network.ts';
import { addMarginalCurve } from './piecewise.ts';

/** The snapshot whose energy comes before `t`, or 'initial' where the unit starts from its initial energy. */
function before(d: Draft, c: Components, i: number, t: number, cyclic: string, initial: string): number | 'initial' {
  const { period, count } = d.network.time;
  if (t > 0 && period[t] === period[t - 1]) return t - 1;
  if (d.network.severalYears) {
    const wraps = flagOf(c, `${cyclic}_per_period`, i);
    if (wraps) {
      let last = t;
      while (last + 1 < count && period[last + 1] === period[t]) last += 1;
      return last;
    }
    if (flagOf(c, `${initial}_per_period`, i)) return 'initial';
  }
  // Periods in which the unit is not there are passed over.
  for (let s = t - 1; s >= 0; s--) if (d.active(c, i, s)) return s;
  if (!flagOf(c, cyclic, i)) return 'initial';
  let last = count - 1;
  while (last > t && !d.active(c, i, last)) last -= 1;
  return last;
}

export function addStorage(d: Draft): void {
  addStorageUnits(d);
  addStores(d);
}

function addStorageUnits(d: Draft): void {
  const { b } = d;
  const { time } = d.network;
  const T = time.count;
  const c = componentsOf(d.network, 'storage_units');
  const block = blockOf(c);
  d.blocks['storage_units'] = block;
  for (let i = 0; i < c.names.length; i++) {
    block.nominal[i] = addNominal(d, c, i, 'p_nom');
    const capacity = numberOf(c, 'p_nom', i);
    const hours = numberOf(c, 'max_hours', i);
    const low = valueAt(c, 'p_min_pu', i);
    const zero = () => 0;
    const nominal = block.nominal[i];
    block.first[i] = addDispatch(d, c, i, {
      ...(c.curves['marginal_cost']?.has(c.names[i]) ? {} : { cost: valueAt(c, 'marginal_cost', i) }),
      low: zero,
      high: valueAt(c, 'p_max_pu', i),
      capacity,
      nominal,
      fixed: valueAt(c, 'p_dispatch_set', i),
    });
    addCurvature(d, c, i, block.first[i]);
    addMarginalCurve(d, c, i, block.first[i]);
    block.charge[i] = addDispatch(d, c, i, {
      low: zero,
      high: t => -low(t),
      capacity,
      nominal,
      fixed: valueAt(c, 'p_store_set', i),
    });
    addNetPower(d, c, i, block.first[i], block.charge[i]);
    block.energy[i] = addDispatch(d, c, i, {
      cost: valueAt(c, 'marginal_cost_storage', i),
      low: zero,
      high: () => hours,
      capacity,
      nominal,
      fixed: valueAt(c, 'state_of_charge_set', i),
    });
    const inflow = valueAt(c, 'inflow', i);
    const flows = hasSeries(c, 'inflow', i) || inflow(0) !== 0;
    if (flows) {
      const cost = valueAt(c, 'spill_cost', i);
      block.spill[i] = b.columns;
      for (let t = 0; t < T; t++) b.column(cost(t) * d.weight[t], 0, d.active(c, i, t) ? Math.max(0, inflow(t)) : 0);
    }
    const sign = numberOf(c, 'sign', i);
    d.inject(textOf(c, 'bus', i), block.first[i], sign);
    d.inject(textOf(c, 'bus', i), block.charge[i], -sign);
    const store = valueAt(c, 'efficiency_store', i);
    const dispatch = valueAt(c, 'efficiency_dispatch', i);
    const loss = valueAt(c, 'standing_loss', i);
    for (let t = 0; t < T; t++) {
      if (!d.active(c, i, t)) continue;
      const h = time.stores[t];
      const keep = (1 - loss(t)) ** h;
      const previous = before(d, c, i, t, 'cyclic_state_of_charge', 'state_of_charge_initial');
      const start = previous === 'initial' ? numberOf(c, 'state_of_charge_initial', i) : 0;
      const value = start + (flows ? h * inflow(t) : 0);
      b.row(value, value);
      b.term(block.energy[i] + t, 1);
      if (previous !== 'initial') b.term(block.energy[i] + previous, -keep);
      b.term(block.charge[i] + t, -h * store(t));
      if (!(dispatch(t) > 0))
        throw new EnergyError(
          'limits-contradict',
          `storage_units, "${c.names[i]}": efficiency_dispatch must be above 0`,
        );
      b.term(block.first[i] + t, h / dispatch(t));
      if (flows) b.term(block.spill[i] + t, h);
    }
  }
}

/** Discharge less charge where the net power is given. */
function addNetPower(d: Draft, c: Components, i: number, discharge: number, charge: number): void {
  const set = valueAt(c, 'p_set', i);
  for (let t = 0; t < d.network.time.count; t++) {
    if (Number.isNaN(set(t)) || !d.active(c, i, t)) continue;
    d.b.row(set(t), set(t));
    d.b.term(discharge + t, 1);
    d.b.term(charge + t, -1);
  }
}

function addStores(d: Draft): void {
  const { b } = d;
  const { time } = d.network;
  const T = time.count;
  const c = componentsOf(d.network, 'stores');
  const block = blockOf(c);
  d.blocks['stores'] = block;
  for (let i = 0; i < c.names.length; i++) {
    block.nominal[i] = addNominal(d, c, i, 'e_nom');
    const cost = c.curves['marginal_cost']?.has(c.names[i]) ? () => 0 : valueAt(c, 'marginal_cost', i);
    const set = valueAt(c, 'p_set', i);
    block.first[i] = b.columns;
    for (let t = 0; t < T; t++) {
      const open = d.active(c, i, t) ? Number.POSITIVE_INFINITY : 0;
      const given = set(t);
      b.column(cost(t) * d.weight[t], Number.isNaN(given) ? -open : given, Number.isNaN(given) ? open : given);
    }
    addCurvature(d, c, i, block.first[i]);
    addMarginalCurve(d, c, i, block.first[i]);
    block.energy[i] = addDispatch(d, c, i, {
      cost: valueAt(c, 'marginal_cost_storage', i),
      low: valueAt(c, 'e_min_pu', i),
      high: valueAt(c, 'e_max_pu', i),
      capacity: numberOf(c, 'e_nom', i),
      nominal: block.nominal[i],
      fixed: valueAt(c, 'e_set', i),
    });
    d.inject(textOf(c, 'bus', i), block.first[i], numberOf(c, 'sign', i));
    const loss = valueAt(c, 'standing_loss', i);
    for (let t = 0; t < T; t++) {
      if (!d.active(c, i, t)) continue;
      const h = time.stores[t];
      const keep = (1 - loss(t)) ** h;
      const previous = before(d, c, i, t, 'e_cyclic', 'e_initial');
      const start = previous === 'initial' ? numberOf(c, 'e_initial', i) : 0;
      b.row(start, start);
      b.term(block.energy[i] + t, 1);
      if (previous !== 'initial') b.term(block.energy[i] + previous, -keep);
      b.term(block.first[i] + t, h);
    }
  }
}
