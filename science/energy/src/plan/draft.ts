// What the builders of a planning program share: the draft, and the columns of capacities and dispatch.
import type { ModelBuilder } from '@madang/numerics';
import { EnergyError } from '../error.ts';
import { type Components, flagOf, numberOf, type PlanNetwork, valueAt } from './network.ts';
import { addPiecewiseCost, capitalCurve } from './piecewise.ts';

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
  /** First column that says when a unit is away for maintenance. */
  readonly away: Int32Array;
  /** First column of the primary energy that a generator draws, where its efficiency is a curve. */
  readonly primary: Int32Array;
}

export interface Draft {
  readonly network: PlanNetwork;
  readonly b: ModelBuilder;
  /** Weight of each snapshot in the objective, investment periods included. */
  readonly weight: Float64Array;
  readonly blocks: Record<string, Block>;
  /** Columns that are decided before operation: capacities, their modules and pieces of cost. */
  readonly capital: number[];
  /**
   * Adds `coefficient(t)` times column `first + t` to the balance of a bus; with `source`, column `first + source[t]` (nothing where it is
   * -1) instead.
   */
  inject(bus: string, first: number, coefficient: number | ((t: number) => number), source?: Int32Array): void;
  active(c: Components, i: number, t: number): boolean;
  isActive(c: Components, i: number): boolean;
  /** True in an investment period (index into the time axis). */
  activeIn(c: Components, i: number, period: number): boolean;
  /** Payments for 1 of capacity over all investment periods: investment and upkeep. */
  annualCost(c: Components, i: number): number;
  /** Yearly payment for the investment alone. */
  investmentCost(c: Components, i: number): number;
  /** Weight in the objective of the periods in which a component is there (1 without investment periods). */
  lifeWeight(c: Components, i: number): number;
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
    away: make(),
    primary: make(),
  };
}

/** Yearly payment for 1 of investment at `rate` over `years`. */
export function annuity(rate: number, years: number): number {
  if (rate === 0) return Number.isFinite(years) ? 1 / years : 0;
  return Number.isFinite(years) ? rate / (1 - (1 + rate) ** -years) : Math.max(rate, 0);
}

/** Adds the capacity column of an extendable component and its cost beyond what exists; returns it, or -1. */
export function addNominal(d: Draft, c: Components, i: number, attribute: 'p_nom' | 's_nom' | 'e_nom'): number {
  if (!flagOf(c, `${attribute}_extendable`, i) || !d.isActive(c, i)) return -1;
  const cost = d.annualCost(c, i);
  let low = numberOf(c, `${attribute}_min`, i);
  let high = numberOf(c, `${attribute}_max`, i);
  const set = numberOf(c, `${attribute}_set`, i);
  if (!Number.isNaN(set)) {
    if (set < low || set > high)
      throw new EnergyError(
        'limits-contradict',
        `${c.list}.csv, "${c.names[i]}": ${attribute}_set ${set} is not within ${attribute}_min ${low} and ${attribute}_max ${high}`,
      );
    low = high = set;
  }
  if (low > high)
    throw new EnergyError(
      'limits-contradict',
      `${c.list}.csv, "${c.names[i]}": ${attribute}_min ${low} is above ${attribute}_max ${high}`,
    );
  const curve = capitalCurve(c, i);
  const column = d.b.column(curve ? 0 : cost, low, high);
  if (curve) addPiecewiseCost(d, column, curve, d.lifeWeight(c, i));
  d.b.offset -= cost * numberOf(c, attribute, i);
  const module = numberOf(c, `${attribute}_mod`, i);
  if (module > 0) {
    const count = d.b.column(0, 0, Number.POSITIVE_INFINITY, true);
    d.b.row(0, 0);
    d.b.term(column, 1);
    d.b.term(count, -module);
  }
  for (let j = column; j < d.b.columns; j++) d.capital.push(j);
  return column;
}

/** What the dispatch of a component must keep. Functions of the snapshot, shares of the capacity. */
export interface Dispatch {
  readonly cost?: (t: number) => number;
  readonly low: (t: number) => number;
  readonly high: (t: number) => number;
  /** Given capacity, used when `nominal` is -1; else the column of the chosen one. */
  readonly capacity: number;
  readonly nominal: number;
  /** Values that are given; NaN where the program chooses. */
  readonly fixed?: (t: number) => number;
  /** Absolute limits beside those of the capacity. */
  readonly least?: number;
  readonly most?: number;
}

/**
 * Adds T columns between `low(t)` and `high(t)` times a capacity: as bounds when the capacity is given, as rows when it is chosen.
 * A side of 0 is always a bound. Returns the first column.
 */
export function addDispatch(d: Draft, c: Components, i: number, by: Dispatch): number {
  const T = d.network.time.count;
  const { low, high, capacity, nominal } = by;
  const first = d.b.columns;
  for (let t = 0; t < T; t++) {
    const on = d.active(c, i, t);
    let lower = nominal < 0 ? share(low(t), capacity) : low(t) === 0 ? 0 : Number.NEGATIVE_INFINITY;
    let upper = nominal < 0 ? share(high(t), capacity) : high(t) === 0 ? 0 : Number.POSITIVE_INFINITY;
    if (by.least !== undefined) lower = Math.max(lower, by.least);
    if (by.most !== undefined) upper = Math.min(upper, by.most);
    const set = by.fixed?.(t) ?? Number.NaN;
    if (!on) lower = upper = 0;
    else if (!Number.isNaN(set)) {
      const slack = 1e-7 * (1 + Math.abs(set));
      if (set < lower - slack || set > upper + slack)
        throw new EnergyError(
          'limits-contradict',
          `${c.list}, "${c.names[i]}", snapshot ${d.network.time.labels[t]}: the value ${set} that is set is not within ${lower} and ${upper}`,
        );
      lower = upper = set;
    }
    if (lower > upper)
      throw new EnergyError(
        'limits-contradict',
        `${c.list}, "${c.names[i]}", snapshot ${d.network.time.labels[t]}: the lower limit ${lower} is above the upper ${upper}`,
      );
    d.b.column(on && by.cost ? by.cost(t) * d.weight[t] : 0, lower, upper);
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

/** A share of a capacity that may be without limit: nothing of it is nothing. */
function share(of: number, capacity: number): number {
  return of === 0 ? 0 : of * capacity;
}

/** Adds quadratic costs of dispatch. */
export function addCurvature(d: Draft, c: Components, i: number, first: number): void {
  const q = valueAt(c, 'marginal_cost_quadratic', i);
  for (let t = 0; t < d.network.time.count; t++) {
    const v = q(t);
    if (v !== 0 && d.active(c, i, t)) d.b.curvature(first + t, first + t, 2 * v * d.weight[t]);
  }
}
