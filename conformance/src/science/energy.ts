// Energy: published optimal power flow costs and relaxation gaps (pglib-opf v23.07), PyPSA's own planning results, an independent optimum.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { highsSolver } from '@madang/cli';
import {
  buildPlan,
  makeGrid,
  type PlanNetwork,
  readCase,
  readFolder,
  solveAcOpf,
  solveDcOpf,
  solvePlan,
} from '@madang/energy';
import { type LinearSolver, parseCsv } from '@madang/numerics';
import type { Reference, ScienceSuite } from '../suite.ts';

export const energy: ScienceSuite = async data => {
  const root = join(data, 'energy');
  const out: Reference[] = [];
  const table = parseCsv(readFileSync(join(root, 'pglib_reference.csv'), 'utf8'), 'pglib_reference.csv');
  const files = table.text('file');
  const published = {
    dc: table.numbers('dc_opf_cost_published'),
    recheck: table.numbers('dc_opf_cost_recheck'),
    ac: table.numbers('ac_opf_cost_published'),
    gap: table.numbers('soc_gap_pct_published'),
  };
  let dc = 0;
  let recheck = 0;
  let ac = 0;
  let violated = 0;
  let loose = 0;
  let above = 0;
  for (const [i, file] of files.entries()) {
    const grid = makeGrid(readCase(readFileSync(join(root, file), 'utf8'), file), { needCosts: true });
    const d = solveDcOpf(grid, { form: 'powermodels' });
    dc = worst(dc, off(d.cost, published.dc[i]));
    recheck = worst(recheck, off(d.cost, published.recheck[i]));
    const a = solveAcOpf(grid);
    ac = worst(ac, off(a.cost, published.ac[i]));
    violated = worst(violated, a.primalViolation);
    loose = worst(loose, 100 * a.gap - published.gap[i]);
    above = worst(above, -a.gap);
  }
  const cases = files.length;
  out.push(
    { name: 'DC optimal power flow, published costs', cases, largestError: dc, tolerance: 5e-5, unit: 'relative' },
    {
      name: 'DC optimal power flow, recomputed to nine digits',
      cases,
      largestError: recheck,
      tolerance: 1e-8,
      unit: 'relative',
    },
    { name: 'AC optimal power flow, published costs', cases, largestError: ac, tolerance: 1e-4, unit: 'relative' },
    {
      name: 'AC optimal power flow, violation of any row',
      cases,
      largestError: violated,
      tolerance: 1e-6,
      unit: 'per unit',
    },
    {
      name: 'proven gap beyond the published relaxation gap',
      cases,
      largestError: Math.max(0, loose),
      tolerance: 2e-2,
      unit: 'percent',
    },
    {
      name: 'proven bound above the optimum',
      cases,
      largestError: Math.max(0, above),
      tolerance: 1e-7,
      unit: 'relative',
    },
  );
  const highs = await highsSolver();
  out.push(...meshed(root, highs));
  const year = join(root, 'pypsa_model_energy');
  if (existsSync(year)) {
    const reference = JSON.parse(readFileSync(join(year, 'reference_objective.json'), 'utf8')) as {
      objective_eur_per_year: number;
    };
    const r = solvePlan(buildPlan(load(year)), highs);
    out.push({
      name: 'a year of a one-node plan with battery and hydrogen: objective',
      cases: 1,
      largestError: off(r.objective, reference.objective_eur_per_year),
      tolerance: 1e-6,
      unit: 'relative',
    });
  }
  return out;
};

/** Objective, capacities, prices and CO2 price of PyPSA's AC-DC network. */
function meshed(root: string, solver: LinearSolver): Reference[] {
  const folder = join(root, 'pypsa_ac_dc_meshed');
  const r = solvePlan(buildPlan(load(join(folder, 'inputs'))), solver);
  const expected = (file: string) => parseCsv(readFileSync(join(folder, 'results_lopf', file), 'utf8'), file);
  const objective = expected('network.csv').numbers('objective')[0];
  const co2 = expected('global_constraints.csv').numbers('mu')[0];
  let capacity = 0;
  let count = 0;
  for (const [list, column] of [
    ['generators', 'p_nom_opt'],
    ['lines', 's_nom_opt'],
    ['links', 'p_nom_opt'],
  ]) {
    const t = expected(`${list}.csv`);
    const values = t.numbers(column);
    const total = values.reduce((s, v) => s + v, 0);
    for (const [i, name] of t.text('name').entries()) {
      capacity = worst(capacity, Math.abs((r.capacities[list].get(name) ?? Number.NaN) - values[i]) / total);
      count += 1;
    }
  }
  let price = 0;
  const prices = expected('buses-marginal_price.csv');
  for (const bus of prices.columns.slice(1)) {
    const want = prices.numbers(bus);
    const top = Math.max(...want);
    for (const [t, v] of want.entries())
      price = worst(price, Math.abs((r.prices.get(bus)?.[t] ?? Number.NaN) - v) / top);
  }
  return [
    {
      name: 'PyPSA AC-DC network: objective',
      cases: 1,
      largestError: off(r.objective, objective),
      tolerance: 1e-6,
      unit: 'relative',
    },
    {
      name: 'PyPSA AC-DC network: CO2 price',
      cases: 1,
      largestError: off(r.co2Price, co2),
      tolerance: 1e-6,
      unit: 'relative',
    },
    {
      name: 'PyPSA AC-DC network: capacities',
      cases: count,
      largestError: capacity,
      tolerance: 1e-6,
      unit: 'of the total',
    },
    { name: 'PyPSA AC-DC network: prices', cases: 90, largestError: price, tolerance: 1e-6, unit: 'of the highest' },
  ];
}

function load(folder: string): PlanNetwork {
  const names = readdirSync(folder).filter(n => n.endsWith('.csv'));
  return readFolder(new Map(names.map(n => [n, readFileSync(join(folder, n), 'utf8')])));
}

function off(value: number, want: number): number {
  return Math.abs(value - want) / Math.abs(want);
}

/** The larger error; one that is not a number stays the worst. */
function worst(a: number, b: number): number {
  return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Math.max(a, b);
}
