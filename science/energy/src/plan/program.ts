// The planning problem as one linear (mixed-integer, quadratic) program, after PyPSA's formulation: capacities, dispatch, storage, links,
// Kirchhoff's laws, caps, unit commitment, several investment years. Columns run component by component, snapshot by snapshot.
import { type LinearModel, ModelBuilder } from '@madang/numerics';
import { EnergyError } from '../error.ts';
import { addUnitCommitment, isCommittable } from './commitment.ts';
import { cycleBasis, type PassiveBranch } from './cycles.ts';
import { activeIn } from './folder.ts';
import { addGlobalConstraints } from './limits.ts';
import { type Components, componentsOf, flagOf, numberOf, type PlanNetwork, textOf, valueAt } from './network.ts';
import { addStorage } from './storage.ts';

export interface PlanOptions {
  /** Replaces the constant of the first cap on primary energy (t, as the network counts emissions). */
  readonly co2Cap?: number;
  /** Added to the marginal cost of what emits, per unit of emission. */
  readonly co2Price?: number;
  /** Exchanges with neighbours who plan for themselves. */
  readonly borders?: readonly BorderEnd[];
}

/** One end of a border: what arrives at `bus` is `sign` times the border's flow, which runs within +-capacity. */
export interface BorderEnd {
  readonly border: string;
  readonly bus: string;
  readonly sign: 1 | -1;
  readonly capacityMw: number;
}

/** Where something's columns start; -1 when it has none. One entry a component. */
export interface Block {
  readonly list: string;
  readonly names: readonly string[];
  /** Column of the capacity, -1 when it is given. */
  readonly nominal: Int32Array;
  /** First dispatch column (one a snapshot): p of generators and links, flow of branches, discharge of storage units, p of stores. */
  readonly first: Int32Array;
  /** Charge and energy of storage units and stores; inflow that is spilled. */
  readonly charge: Int32Array;
  readonly energy: Int32Array;
  readonly spill: Int32Array;
  /** First status column of committable units. */
  readonly status: Int32Array;
}

export interface PlanProgram {
  readonly network: PlanNetwork;
  readonly model: LinearModel;
  readonly blocks: Readonly<Record<string, Block>>;
  /** Row of bus i in snapshot t: balance + i T + t. */
  readonly balance: number;
  readonly globalRows: ReadonlyMap<string, number>;
  readonly passive: readonly {
    readonly list: 'lines' | 'transformers';
    readonly index: number;
    readonly branch: PassiveBranch;
  }[];
  /** Weight of each snapshot in the objective, investment periods included. */
  readonly weight: Float64Array;
  /** First column of each border's flow. */
  readonly borders: ReadonlyMap<string, number>;
}

/** What builders of parts share. */
export interface Draft {
  readonly network: PlanNetwork;
  readonly b: ModelBuilder;
  readonly weight: Float64Array;
  readonly blocks: Record<string, Block>;
  /** Adds `coefficient(t)` times column `first + t` to the balance of a bus. */
  inject(bus: string, first: number, coefficient: number | ((t: number) => number)): void;
  active(c: Components, i: number, t: number): boolean;
  isActive(c: Components, i: number): boolean;
  annualCost(c: Components, i: number): number;
}

export function blockOf(c: Components): Block {
  const make = () => new Int32Array(c.names.length).fill(-1);
  return {
    list: c.list,
    names: c.names,
    nominal: make(),
    first: make(),
    charge: make(),
    energy: make(),
    spill: make(),
    status: make(),
  };
}

/** Builds the program. Throws EnergyError for what it cannot express, naming it. */
export function buildPlan(network: PlanNetwork, options: PlanOptions = {}): PlanProgram {
  const { time } = network;
  const T = time.count;
  const b = new ModelBuilder();
  const weight = time.objective.map((w, t) => w * time.periods[time.period[t]].objective);
  const buses = componentsOf(network, 'buses');
  const busIndex = new Map(buses.names.map((n, i) => [n, i]));
  const terms: { first: number; at: number | ((t: number) => number) }[][] = buses.names.map(() => []);
  const modelledYears = time.objective.reduce((s, w) => s + w, 0) / time.periods.length / 8760;
  const lifeOf = (c: Components, i: number): [number, number] => [
    numberOf(c, 'build_year', i),
    numberOf(c, 'lifetime', i),
  ];
  // Asked once a component and period, not once a snapshot.
  const lives = new Map<string, Uint8Array[]>();
  const livesOf = (c: Components, i: number): Uint8Array => {
    let all = lives.get(c.list);
    if (!all) {
      all = c.names.map((_, k) =>
        Uint8Array.from(time.periods, (_p, p) => (activeIn(network, c, k, ...lifeOf(c, k), p) ? 1 : 0)),
      );
      lives.set(c.list, all);
    }
    return all[i];
  };
  const draft: Draft = {
    network,
    b,
    weight,
    blocks: {},
    inject(bus, first, coefficient) {
      terms[busIndex.get(bus)!].push({ first, at: coefficient });
    },
    active: (c, i, t) => livesOf(c, i)[time.period[t]] === 1,
    isActive: (c, i) => livesOf(c, i).includes(1),
    annualCost(c, i) {
      const overnight = numberOf(c, 'overnight_cost', i);
      const fixed = numberOf(c, 'fom_cost', i);
      let cost = numberOf(c, 'capital_cost', i);
      if (!Number.isNaN(overnight))
        cost = overnight * annuity(numberOf(c, 'discount_rate', i), numberOf(c, 'lifetime', i)) * modelledYears;
      let periods = 0;
      for (const [p, period] of time.periods.entries())
        if (livesOf(c, i)[p] === 1) periods += network.severalYears ? period.objective : 1;
      return (cost + fixed) * periods;
    },
  };
  addGenerators(draft, options);
  addLinks(draft);
  addStorage(draft);
  const passive = addBranches(draft, busIndex);
  const borders = new Map<string, number>();
  for (const e of options.borders ?? []) {
    if (!busIndex.has(e.bus))
      throw new EnergyError('unknown-bus', `border "${e.border}": bus "${e.bus}" does not exist`);
    borders.set(e.border, b.columns);
    for (let t = 0; t < T; t++) b.column(0, -e.capacityMw, e.capacityMw);
    draft.inject(e.bus, borders.get(e.border)!, e.sign);
  }

  // Balances: injections = load.
  const demand = new Float64Array(buses.names.length * T);
  const loads = componentsOf(network, 'loads');
  for (let i = 0; i < loads.names.length; i++) {
    if (!flagOf(loads, 'active', i)) continue;
    const at = busIndex.get(textOf(loads, 'bus', i))! * T;
    const sign = numberOf(loads, 'sign', i);
    const p = valueAt(loads, 'p_set', i);
    for (let t = 0; t < T; t++) demand[at + t] -= sign * p(t);
  }
  const balance = b.rows;
  for (let i = 0; i < buses.names.length; i++) {
    const list = terms[i];
    for (let t = 0; t < T; t++) {
      const need = demand[i * T + t];
      b.row(need, need);
      for (const { first, at } of list) b.term(first + t, typeof at === 'number' ? at : at(t));
    }
  }
  for (let p = 0; p < time.periods.length; p++) addVoltageLaw(draft, passive, buses.names.length, p);
  addUnitCommitment(draft);
  const globalRows = addGlobalConstraints(draft, options);
  return { network, model: b.build(), blocks: draft.blocks, balance, globalRows, passive, weight, borders };
}

function annuity(rate: number, years: number): number {
  if (Number.isNaN(rate) || rate === 0) return Number.isFinite(years) ? 1 / years : 0;
  return Number.isFinite(years) ? rate / (1 - (1 + rate) ** -years) : rate;
}

/** Adds the capacity column of an extendable component and its cost beyond what exists; returns it, or -1. */
export function addNominal(d: Draft, c: Components, i: number, attribute: 'p_nom' | 's_nom' | 'e_nom'): number {
  if (!flagOf(c, `${attribute}_extendable`, i) || !d.isActive(c, i)) return -1;
  const cost = d.annualCost(c, i);
  const low = numberOf(c, `${attribute}_min`, i);
  const high = numberOf(c, `${attribute}_max`, i);
  if (low > high)
    throw new EnergyError(
      'limits-contradict',
      `${c.list}.csv, "${c.names[i]}": ${attribute}_min ${low} is above ${attribute}_max ${high}`,
    );
  const column = d.b.column(cost, low, high);
  d.b.offset -= cost * numberOf(c, attribute, i);
  const module = numberOf(c, `${attribute}_mod`, i);
  if (module > 0) {
    const count = d.b.column(0, 0, Number.POSITIVE_INFINITY, true);
    d.b.row(0, 0);
    d.b.term(column, 1);
    d.b.term(count, -module);
  }
  return column;
}

/**
 * Adds T columns between `low(t)` and `high(t)` times a capacity: as bounds when the capacity is given, as rows when it is chosen.
 * A side of 0 is always a bound. Returns the first column.
 */
export function addDispatch(
  d: Draft,
  c: Components,
  i: number,
  cost: (t: number) => number,
  low: (t: number) => number,
  high: (t: number) => number,
  capacity: number,
  nominal: number,
  fixed?: (t: number) => number,
): number {
  const T = d.network.time.count;
  const first = d.b.columns;
  for (let t = 0; t < T; t++) {
    const on = d.active(c, i, t);
    let lower = nominal < 0 ? low(t) * capacity : low(t) === 0 ? 0 : Number.NEGATIVE_INFINITY;
    let upper = nominal < 0 ? high(t) * capacity : high(t) === 0 ? 0 : Number.POSITIVE_INFINITY;
    const set = fixed?.(t) ?? Number.NaN;
    if (!Number.isNaN(set)) lower = upper = set;
    if (!on) lower = upper = 0;
    if (lower > upper)
      throw new EnergyError(
        'limits-contradict',
        `${c.list}, "${c.names[i]}", snapshot ${d.network.time.labels[t]}: the lower limit ${lower} is above the upper ${upper}`,
      );
    d.b.column(on ? cost(t) * d.weight[t] : 0, lower, upper);
  }
  if (nominal < 0) return first;
  for (let t = 0; t < T; t++) {
    if (!d.active(c, i, t)) continue;
    const [l, h] = [low(t), high(t)];
    if (h !== 0 && Number.isFinite(h)) {
      d.b.row(Number.NEGATIVE_INFINITY, 0);
      d.b.term(first + t, 1);
      d.b.term(nominal, -h);
    }
    if (l !== 0 && Number.isFinite(l)) {
      d.b.row(0, Number.POSITIVE_INFINITY);
      d.b.term(first + t, 1);
      d.b.term(nominal, -l);
    }
  }
  return first;
}

function addGenerators(d: Draft, options: PlanOptions): void {
  const c = componentsOf(d.network, 'generators');
  const block = blockOf(c);
  d.blocks['generators'] = block;
  const carriers = componentsOf(d.network, 'carriers');
  const emission = new Map(carriers.names.map((n, i) => [n, numberOf(carriers, 'co2_emissions', i)]));
  for (let i = 0; i < c.names.length; i++) {
    block.nominal[i] = addNominal(d, c, i, 'p_nom');
    const cost = valueAt(c, 'marginal_cost', i);
    const efficiency = valueAt(c, 'efficiency', i);
    const emitted = (options.co2Price ?? 0) * (emission.get(textOf(c, 'carrier', i)) ?? 0);
    const committed = isCommittable(c, i);
    const low = valueAt(c, 'p_min_pu', i);
    block.first[i] = addDispatch(
      d,
      c,
      i,
      emitted === 0 ? cost : t => cost(t) + emitted / efficiency(t),
      committed ? t => Math.min(0, low(t)) : low,
      valueAt(c, 'p_max_pu', i),
      numberOf(c, 'p_nom', i),
      block.nominal[i],
      valueAt(c, 'p_set', i),
    );
    d.inject(textOf(c, 'bus', i), block.first[i], numberOf(c, 'sign', i));
    addCurvature(d, c, i, block.first[i]);
    addEnergySum(d, c, i, block.first[i]);
  }
}

export function addCurvature(d: Draft, c: Components, i: number, first: number): void {
  const q = valueAt(c, 'marginal_cost_quadratic', i);
  for (let t = 0; t < d.network.time.count; t++) {
    const v = q(t);
    if (v !== 0) d.b.curvature(first + t, first + t, 2 * v * d.weight[t]);
  }
}

function addEnergySum(d: Draft, c: Components, i: number, first: number): void {
  const low = numberOf(c, 'e_sum_min', i);
  const high = numberOf(c, 'e_sum_max', i);
  if (!Number.isFinite(low) && !Number.isFinite(high)) return;
  d.b.row(low, high);
  for (let t = 0; t < d.network.time.count; t++) d.b.term(first + t, d.network.time.generators[t]);
}

function addLinks(d: Draft): void {
  const c = componentsOf(d.network, 'links');
  const block = blockOf(c);
  d.blocks['links'] = block;
  const outputs = [...new Set(['bus1', ...Object.keys(c.columns).filter(a => /^bus[1-9]\d*$/.test(a))])];
  for (let i = 0; i < c.names.length; i++) {
    if (numberOf(c, 'delay', i) !== 0)
      throw new EnergyError('unsupported', `links.csv, "${c.names[i]}": a delay is not supported`);
    block.nominal[i] = addNominal(d, c, i, 'p_nom');
    const low = valueAt(c, 'p_min_pu', i);
    const committed = isCommittable(c, i);
    block.first[i] = addDispatch(
      d,
      c,
      i,
      valueAt(c, 'marginal_cost', i),
      committed ? t => Math.min(0, low(t)) : low,
      valueAt(c, 'p_max_pu', i),
      numberOf(c, 'p_nom', i),
      block.nominal[i],
      valueAt(c, 'p_set', i),
    );
    addCurvature(d, c, i, block.first[i]);
    d.inject(textOf(c, 'bus0', i), block.first[i], -1);
    for (const a of outputs) {
      const bus = textOf(c, a, i);
      if (bus === '') continue;
      const attribute = a === 'bus1' ? 'efficiency' : `efficiency${a.slice(3)}`;
      d.inject(bus, block.first[i], c.series[attribute] ? valueAt(c, attribute, i) : numberOf(c, attribute, i));
    }
  }
}

/** Lines and transformers: flows within the rating both ways. */
function addBranches(d: Draft, busIndex: ReadonlyMap<string, number>): PlanProgram['passive'] {
  const buses = componentsOf(d.network, 'buses');
  const types = componentsOf(d.network, 'line_types');
  const typeIndex = new Map(types.names.map((n, i) => [n, i]));
  const passive: PlanProgram['passive'][number][] = [];
  for (const list of ['lines', 'transformers'] as const) {
    const c = componentsOf(d.network, list);
    const block = blockOf(c);
    d.blocks[list] = block;
    for (let i = 0; i < c.names.length; i++) {
      if (list === 'transformers' && numberOf(c, 'phase_shift_min', i) < numberOf(c, 'phase_shift_max', i))
        throw new EnergyError(
          'unsupported',
          `transformers.csv, "${c.names[i]}": a phase shift that is chosen is not supported`,
        );
      if (Number.isFinite(numberOf(c, 'v_ang_min', i)) || Number.isFinite(numberOf(c, 'v_ang_max', i)))
        throw new EnergyError('unsupported', `${list}.csv, "${c.names[i]}": angle limits are not supported`);
      block.nominal[i] = addNominal(d, c, i, 's_nom');
      const limit = valueAt(c, 's_max_pu', i);
      block.first[i] = addDispatch(
        d,
        c,
        i,
        () => 0,
        t => -limit(t),
        limit,
        numberOf(c, 's_nom', i),
        block.nominal[i],
      );
      const from = busIndex.get(textOf(c, 'bus0', i))!;
      const to = busIndex.get(textOf(c, 'bus1', i))!;
      d.inject(textOf(c, 'bus0', i), block.first[i], -1);
      d.inject(textOf(c, 'bus1', i), block.first[i], 1);
      let r = numberOf(c, 'r', i);
      let x = numberOf(c, 'x', i);
      const type = textOf(c, 'type', i);
      if (type !== '' && x === 0 && r === 0) {
        const at = typeIndex.get(type);
        if (at === undefined || list === 'transformers')
          throw new EnergyError(
            'unknown-name',
            `${list}.csv, "${c.names[i]}": the type "${type}" is not in line_types.csv and no r and x are given`,
          );
        const scale = numberOf(c, 'length', i) / numberOf(c, 'num_parallel', i);
        r = numberOf(types, 'r_per_length', at) * scale;
        x = numberOf(types, 'x_per_length', at) * scale;
      }
      const dc = textOf(buses, 'carrier', from) === 'DC';
      const base = list === 'lines' ? numberOf(buses, 'v_nom', from) ** 2 : numberOf(c, 's_nom', i);
      const tap = list === 'transformers' ? numberOf(c, 'tap_ratio', i) : 1;
      const impedance = ((dc ? r : x) / base) * tap;
      const shift = list === 'transformers' ? (numberOf(c, 'phase_shift', i) * Math.PI) / 180 : 0;
      passive.push({ list, index: i, branch: { from, to, impedance, shift } });
    }
  }
  return passive;
}

/** Around every cycle the drops of angle (AC) or voltage (DC) cancel, in the snapshots of one investment period. */
function addVoltageLaw(d: Draft, passive: PlanProgram['passive'], buses: number, period: number): void {
  const { time } = d.network;
  const snapshot = time.period.indexOf(period);
  if (snapshot < 0 || passive.length === 0) return;
  const columns = passive.map(p => d.blocks[p.list].first[p.index]);
  const cycles = cycleBasis(
    buses,
    passive.map(p => p.branch),
    k => d.active(componentsOf(d.network, passive[k].list), passive[k].index, snapshot),
  );
  for (const cycle of cycles) {
    const largest = Math.max(...cycle.map(e => Math.abs(passive[e.branch].branch.impedance)));
    if (largest === 0) {
      const names = cycle.map(e => componentsOf(d.network, passive[e.branch].list).names[passive[e.branch].index]);
      throw new EnergyError(
        'zero-impedance',
        `the cycle of ${names.join(', ')} has no impedance, so its flows are undetermined: give x (AC) or r (DC)`,
      );
    }
    const shift = cycle.reduce((sum, e) => sum + e.sign * passive[e.branch].branch.shift, 0) / largest;
    for (let t = 0; t < time.count; t++) {
      if (time.period[t] !== period) continue;
      d.b.row(-shift, -shift);
      for (const e of cycle) d.b.term(columns[e.branch] + t, (e.sign * passive[e.branch].branch.impedance) / largest);
    }
  }
}
