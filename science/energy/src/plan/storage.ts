// Storage units (power and energy tied by max_hours, with inflow) and stores (energy alone): their columns and energy balances.
// Trap: what is there at the beginning loses nothing in the first snapshot (so does PyPSA).
import { EnergyError } from '../error.ts';
import { type Components, componentsOf, flagOf, hasSeries, numberOf, textOf, valueAt } from './network.ts';
import { addCurvature, addDispatch, addNominal, blockOf, type Draft } from './program.ts';

/** Snapshot whose energy comes before t, and the energy to start from when there is none: cyclic, per period, or from the initial value. */
export function before(
  d: Draft,
  t: number,
  cyclic: boolean,
  cyclicPerPeriod: boolean,
  initialPerPeriod: boolean,
): number | 'initial' {
  const { period, count } = d.network.time;
  const starts = t === 0 || period[t] !== period[t - 1];
  if (!starts) return t - 1;
  if (d.network.severalYears && cyclicPerPeriod) {
    let last = t;
    while (last + 1 < count && period[last + 1] === period[t]) last += 1;
    return last;
  }
  if (d.network.severalYears && initialPerPeriod) return 'initial';
  if (t > 0) return t - 1;
  return cyclic ? count - 1 : 'initial';
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
    block.first[i] = addDispatch(
      d,
      c,
      i,
      valueAt(c, 'marginal_cost', i),
      zero,
      valueAt(c, 'p_max_pu', i),
      capacity,
      nominal,
    );
    addCurvature(d, c, i, block.first[i]);
    block.charge[i] = addDispatch(d, c, i, zero, zero, t => -low(t), capacity, nominal);
    block.energy[i] = addDispatch(
      d,
      c,
      i,
      valueAt(c, 'marginal_cost_storage', i),
      zero,
      () => hours,
      capacity,
      nominal,
      valueAt(c, 'state_of_charge_set', i),
    );
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
      const previous = from(d, c, i, t, 'cyclic_state_of_charge', 'state_of_charge_initial');
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

function addStores(d: Draft): void {
  const { b } = d;
  const { time } = d.network;
  const T = time.count;
  const c = componentsOf(d.network, 'stores');
  const block = blockOf(c);
  d.blocks['stores'] = block;
  for (let i = 0; i < c.names.length; i++) {
    block.nominal[i] = addNominal(d, c, i, 'e_nom');
    const cost = valueAt(c, 'marginal_cost', i);
    const set = valueAt(c, 'p_set', i);
    block.first[i] = b.columns;
    for (let t = 0; t < T; t++) {
      const open = d.active(c, i, t) ? Number.POSITIVE_INFINITY : 0;
      const given = set(t);
      b.column(cost(t) * d.weight[t], Number.isNaN(given) ? -open : given, Number.isNaN(given) ? open : given);
    }
    block.energy[i] = addDispatch(
      d,
      c,
      i,
      valueAt(c, 'marginal_cost_storage', i),
      valueAt(c, 'e_min_pu', i),
      valueAt(c, 'e_max_pu', i),
      numberOf(c, 'e_nom', i),
      block.nominal[i],
      valueAt(c, 'e_set', i),
    );
    d.inject(textOf(c, 'bus', i), block.first[i], numberOf(c, 'sign', i));
    const loss = valueAt(c, 'standing_loss', i);
    for (let t = 0; t < T; t++) {
      if (!d.active(c, i, t)) continue;
      const h = time.stores[t];
      const keep = (1 - loss(t)) ** h;
      const previous = from(d, c, i, t, 'e_cyclic', 'e_initial');
      const start = previous === 'initial' ? numberOf(c, 'e_initial', i) : 0;
      b.row(start, start);
      b.term(block.energy[i] + t, 1);
      if (previous !== 'initial') b.term(block.energy[i] + previous, -keep);
      b.term(block.first[i] + t, h);
    }
  }
}

function from(d: Draft, c: Components, i: number, t: number, cyclic: string, initial: string): number | 'initial' {
  // Inside a period nothing has to be asked.
  if (t > 0 && d.network.time.period[t] === d.network.time.period[t - 1]) return t - 1;
  const previous = before(
    d,
    t,
    flagOf(c, cyclic, i),
    flagOf(c, `${cyclic}_per_period`, i),
    flagOf(c, `${initial}_per_period`, i),
  );
  // A unit that was not there before starts with its initial energy.
  return previous !== 'initial' && !d.active(c, i, previous) ? 'initial' : previous;
}
