// Global constraints: caps on primary energy (CO2), on transmission volume and cost, on a technology's capacity, on a carrier's operation.
import { EnergyError } from '../error.ts';
import type { Draft } from './draft.ts';
import { drawnEnergy } from './generators.ts';
import { type Components, componentsOf, flagOf, numberOf, textOf, valueAt } from './network.ts';

export interface GlobalRows {
  readonly rows: ReadonlyMap<string, number>;
  /** What stocks at the beginning take off each right-hand side. */
  readonly stocks: ReadonlyMap<string, number>;
}

/** Adds a row for each constraint. `co2Cap` replaces the constant of the first cap on primary energy. */
export function addGlobalConstraints(d: Draft, co2Cap?: number): GlobalRows {
  const c = componentsOf(d.network, 'global_constraints');
  const rows = new Map<string, number>();
  const stocks = new Map<string, number>();
  let cap = co2Cap;
  for (let i = 0; i < c.names.length; i++) {
    const type = textOf(c, 'type', i);
    let constant = numberOf(c, 'constant', i);
    if (type === 'primary_energy' && cap !== undefined) {
      constant = cap;
      cap = undefined;
    }
    const terms = new Map<number, number>();
    const add = (column: number, v: number) => terms.set(column, (terms.get(column) ?? 0) + v);
    const where = `global_constraints.csv, "${c.names[i]}"`;
    if (!d.network.severalYears && !Number.isNaN(numberOf(c, 'investment_period', i)))
      throw new EnergyError(
        'limits-contradict',
        `${where}: investment_period is set, but the network has no investment_periods.csv`,
      );
    switch (type) {
      case 'primary_energy':
        stocks.set(c.names[i], primaryEnergy(d, c, i, add));
        break;
      case 'transmission_volume_expansion_limit':
      case 'transmission_expansion_cost_limit':
        transmission(d, c, i, type === 'transmission_expansion_cost_limit', add);
        break;
      case 'tech_capacity_expansion_limit':
        capacity(d, c, i, add);
        break;
      case 'operational_limit':
        stocks.set(c.names[i], operation(d, c, i, add));
        break;
      default:
        throw new EnergyError('unsupported', `${where}: the type "${type}" is not known`);
    }
    constant -= stocks.get(c.names[i]) ?? 0;
    const sense = textOf(c, 'sense', i);
    if (sense !== '<=' && sense !== '>=' && sense !== '==' && sense !== '=')
      throw new EnergyError('syntax', `${where}: the sense "${sense}" is not <=, >= or ==`);
    rows.set(
      c.names[i],
      d.b.row(
        sense === '<=' ? Number.NEGATIVE_INFINITY : constant,
        sense === '>=' ? Number.POSITIVE_INFINITY : constant,
      ),
    );
    for (const [column, v] of terms) d.b.term(column, v);
  }
  if (cap !== undefined) {
    // A cap was asked for and the network has none: one is added.
    const virtual: Components = {
      list: 'global_constraints',
      names: ['co2_limit'],
      columns: { sense: ['<='] },
      curves: {},
      series: {},
    };
    const terms = new Map<number, number>();
    const start = primaryEnergy(d, virtual, 0, (column, v) => terms.set(column, (terms.get(column) ?? 0) + v));
    stocks.set('co2_limit', start);
    rows.set('co2_limit', d.b.row(Number.NEGATIVE_INFINITY, cap - start));
    for (const [column, v] of terms) d.b.term(column, v);
  }
  return { rows, stocks };
}

type Add = (column: number, v: number) => void;

/** Snapshots that count (all, or those of one investment period) with the years they stand for. */
function snapshots(d: Draft, c: Components, i: number): { t: number; years: number }[] {
  const { time } = d.network;
  const year = numberOf(c, 'investment_period', i);
  const out: { t: number; years: number }[] = [];
  for (let t = 0; t < time.count; t++) {
    const p = time.periods[time.period[t]];
    if (Number.isNaN(year) || p.year === year) out.push({ t, years: d.network.severalYears ? p.years : 1 });
  }
  return out;
}

/** Emissions of generators by carrier and efficiency, and of energy drawn from stores; returns the part that is constant. */
function primaryEnergy(d: Draft, c: Components, i: number, add: Add): number {
  const attribute = textOf(c, 'carrier_attribute', i);
  const carriers = componentsOf(d.network, 'carriers');
  const rate = new Map(
    carriers.names.map((n, k) => [n, carriers.columns[attribute] ? numberOf(carriers, attribute, k) : 0] as const),
  );
  const when = snapshots(d, c, i);
  const generators = componentsOf(d.network, 'generators');
  for (let g = 0; g < generators.names.length; g++) {
    const em = rate.get(textOf(generators, 'carrier', g)) ?? 0;
    if (!em) continue;
    const efficiency = valueAt(generators, 'efficiency', g);
    const curve = generators.curves['efficiency']?.has(generators.names[g]) ? drawnEnergy(d, generators, g) : -1;
    for (const { t, years } of when) {
      const weight = em * d.network.time.generators[t] * years;
      if (curve >= 0) add(curve + t, weight);
      else add(d.blocks['generators'].first[g] + t, weight / efficiency(t));
    }
  }
  return drawnFromStocks(d, when, s => k => rate.get(textOf(s, 'carrier', k)) ?? 0, add);
}

/** Extendable components of a list with their capacity column: all, or those there in the constraint's investment period. */
function* chosen(d: Draft, constraint: Components, i: number, list: string) {
  const c = componentsOf(d.network, list);
  const year = numberOf(constraint, 'investment_period', i);
  const period = d.network.time.periods.findIndex(p => p.year === year);
  for (let k = 0; k < c.names.length; k++) {
    const column = d.blocks[list].nominal[k];
    if (column >= 0 && (Number.isNaN(year) || d.activeIn(c, k, period))) yield { c, k, column };
  }
}

/** Length or yearly cost of the lines and links of some carriers; without an investment period, cost of all years. */
function transmission(d: Draft, c: Components, i: number, byCost: boolean, add: Add): void {
  const wanted = new Set(
    textOf(c, 'carrier_attribute', i)
      .replace(/[[\]()]/g, '')
      .split(',')
      .map(s => s.trim()),
  );
  const oneYear = !Number.isNaN(numberOf(c, 'investment_period', i));
  for (const list of ['lines', 'links'])
    for (const { c: b, k, column } of chosen(d, c, i, list)) {
      if (!wanted.has(textOf(b, 'carrier', k))) continue;
      add(column, byCost ? d.investmentCost(b, k) * (oneYear ? 1 : d.lifeWeight(b, k)) : numberOf(b, 'length', k));
    }
}

function capacity(d: Draft, c: Components, i: number, add: Add): void {
  const carrier = textOf(c, 'carrier_attribute', i);
  const bus = textOf(c, 'bus', i);
  for (const list of Object.keys(d.blocks))
    for (const { c: b, k, column } of chosen(d, c, i, list)) {
      const at = textOf(b, 'bus', k) || textOf(b, 'bus0', k);
      if (textOf(b, 'carrier', k) === carrier && (bus === '' || bus === at)) add(column, 1);
    }
}

function operation(d: Draft, c: Components, i: number, add: Add): number {
  const carrier = textOf(c, 'carrier_attribute', i);
  const when = snapshots(d, c, i);
  const generators = componentsOf(d.network, 'generators');
  for (let g = 0; g < generators.names.length; g++)
    if (textOf(generators, 'carrier', g) === carrier)
      for (const { t, years } of when) add(d.blocks['generators'].first[g] + t, d.network.time.generators[t] * years);
  return drawnFromStocks(d, when, s => k => (textOf(s, 'carrier', k) === carrier ? 1 : 0), add);
}

/**
 * Energy that leaves the stocks of storage units and stores that are not cyclic, times a rate: what was there at the beginning less what is
 * left at the end, over all snapshots or (`..._initial_per_period`) period by period. Returns the part that is constant.
 */
function drawnFromStocks(
  d: Draft,
  when: readonly { t: number; years: number }[],
  rateOf: (s: Components) => (k: number) => number,
  add: Add,
): number {
  const { severalYears, time } = d.network;
  let constant = 0;
  for (const [list, cyclic, initial] of [
    ['storage_units', 'cyclic_state_of_charge', 'state_of_charge_initial'],
    ['stores', 'e_cyclic', 'e_initial'],
  ]) {
    const s = componentsOf(d.network, list);
    const rate = rateOf(s);
    for (let k = 0; k < s.names.length; k++) {
      const r = rate(k);
      if (!r || flagOf(s, cyclic, k)) continue;
      const there = when.filter(({ t }) => d.active(s, k, t));
      const byPeriod = severalYears && flagOf(s, `${initial}_per_period`, k);
      if (severalYears && !byPeriod && there.some(w => w.years !== 1))
        throw new EnergyError(
          'unsupported',
          `${list}.csv, "${s.names[k]}": a stock that lasts over investment periods of more than one year cannot count in a global constraint; set ${initial}_per_period to True`,
        );
      const ends = there.filter((w, q) =>
        byPeriod ? time.period[w.t] !== time.period[there[q + 1]?.t ?? -1] : q === there.length - 1,
      );
      for (const { t, years } of ends) {
        add(d.blocks[list].energy[k] + t, -r * years);
        constant += r * numberOf(s, initial, k) * years;
      }
    }
  }
  return constant;
}
