// The planning problem as one linear (mixed-integer, quadratic) program, after PyPSA's formulation: capacities, dispatch, storage, links,
// Kirchhoff's laws, caps, unit commitment, several investment years. Columns run component by component, snapshot by snapshot.
import type { LinearModel } from '@madang/numerics';
import { EnergyError } from '../error.ts';
import { NOMINAL } from './attributes.ts';
import { addBranches, addVoltageLaw, type Passive } from './branches.ts';
import { addCarrierLimits } from './carrier-limits.ts';
import { addUnitCommitment } from './commitment.ts';
import type { Block, Draft } from './draft.ts';

import { addGenerators } from './generators.ts';
import { addGlobalConstraints } from './limits.ts';
import { addLinks } from './links.ts';
import { componentsOf, flagOf, numberOf, type PlanNetwork, textOf, valueAt } from './network.ts';
import { type Injection, startDraft } from './start-draft.ts';
import { addStorage } from './storage.ts';
import { refuseUnsupported } from './unsupported.ts';

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

export interface PlanProgram {
  readonly network: PlanNetwork;
  readonly model: LinearModel;
  readonly blocks: Readonly<Record<string, Block>>;
  /** Row of bus i in snapshot t: balance + i T + t. */
  readonly balance: number;
  readonly globalRows: ReadonlyMap<string, number>;
  /** What stocks at the beginning take off the right-hand side of each global constraint. */
  readonly globalStocks: ReadonlyMap<string, number>;
  readonly passive: readonly Passive[];
  /** Columns that are decided before operation: capacities, their modules and pieces of cost. */
  readonly capital: readonly number[];
  /** Weight of each snapshot in the objective, investment periods included. */
  readonly weight: Float64Array;
  /** First column of each border's flow. */
  readonly borders: ReadonlyMap<string, number>;
  /** Cost of all capacity that stands already, in the objective's units. */
  readonly installedCost: number;
}

/** Builds the program. Throws EnergyError for what it cannot express, naming it. */
export function buildPlan(network: PlanNetwork, options: PlanOptions = {}): PlanProgram {
  refuseUnsupported(network);
  const { time } = network;
  const buses = componentsOf(network, 'buses');
  const busIndex = new Map(buses.names.map((n, i) => [n, i]));
  const { draft, terms } = startDraft(network, busIndex);
  const { b, weight } = draft;
  addGenerators(draft, options.co2Price ?? 0);
  addLinks(draft);
  addStorage(draft);
  const passive = addBranches(draft, busIndex);
  const borders = addBorders(draft, busIndex, options.borders ?? []);
  const balance = addBalances(draft, busIndex, terms);
  for (let p = 0; p < time.periods.length; p++) addVoltageLaw(draft, passive, buses.names.length, p);
  addUnitCommitment(draft);
  addCarrierLimits(draft);
  const { rows, stocks } = addGlobalConstraints(draft, options.co2Cap);
  const model = b.build();
  if (model.hessian && model.integer)
    throw new EnergyError(
      'unsupported',
      'marginal_cost_quadratic beside whole numbers (units committed, modules, maintenance, curves) is not solved here; give a piecewise marginal_cost instead',
    );
  return {
    network,
    model,
    blocks: draft.blocks,
    balance,
    globalRows: rows,
    globalStocks: stocks,
    passive,
    capital: draft.capital,
    weight,
    borders,
    installedCost: installedCost(draft),
  };
}

function installedCost(d: Draft): number {
  let sum = 0;
  for (const [list, attribute] of Object.entries(NOMINAL)) {
    const c = componentsOf(d.network, list);
    for (let i = 0; i < c.names.length; i++) {
      const standing = numberOf(c, attribute, i);
      if (standing !== 0 && d.isActive(c, i)) sum += standing * d.annualCost(c, i);
    }
  }
  return sum;
}

function addBorders(
  d: Draft,
  busIndex: ReadonlyMap<string, number>,
  ends: readonly BorderEnd[],
): ReadonlyMap<string, number> {
  const borders = new Map<string, number>();
  for (const e of ends) {
    if (!busIndex.has(e.bus))
      throw new EnergyError('unknown-bus', `border "${e.border}": bus "${e.bus}" does not exist`);
    const first = d.b.columns;
    borders.set(e.border, first);
    for (let t = 0; t < d.network.time.count; t++) d.b.column(0, -e.capacityMw, e.capacityMw);
    d.inject(e.bus, first, e.sign);
  }
  return borders;
}

/** What is injected at each bus is its load. Returns the first row. */
function addBalances(d: Draft, busIndex: ReadonlyMap<string, number>, terms: readonly Injection[][]): number {
  const { b } = d;
  const T = d.network.time.count;
  const demand = new Float64Array(busIndex.size * T);
  const loads = componentsOf(d.network, 'loads');
  for (let i = 0; i < loads.names.length; i++) {
    if (!flagOf(loads, 'active', i)) continue;
    const at = busIndex.get(textOf(loads, 'bus', i))! * T;
    const sign = numberOf(loads, 'sign', i);
    const p = valueAt(loads, 'p_set', i);
    for (let t = 0; t < T; t++) demand[at + t] -= sign * p(t);
  }
  const balance = b.rows;
  for (let i = 0; i < terms.length; i++)
    for (let t = 0; t < T; t++) {
      const need = demand[i * T + t];
      b.row(need, need);
      for (const { first, at, source } of terms[i]) {
        const from = source ? source[t] : t;
        if (from >= 0) b.term(first + from, typeof at === 'number' ? at : at(t));
      }
    }
  return balance;
}
