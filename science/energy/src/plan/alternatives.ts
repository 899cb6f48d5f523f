// What else is nearly as cheap: for each technology the least and the most capacity that any plan within a margin of the optimum has
// (modelling to generate alternatives; Neumann and Brown, Electric Power Systems Research 190:106690, 2021). And cap curves: a
// right-hand side changes, the model stays.
import type { LinearSolver } from '@madang/numerics';
import { componentsOf, textOf } from './network.ts';
import type { PlanProgram } from './program.ts';
import { type PlanResult, readPlan } from './solve.ts';

export interface Alternative {
  /** Component list and carrier (the name where there is no carrier). */
  readonly list: string;
  readonly carrier: string;
  readonly least: number;
  readonly most: number;
  readonly chosen: number;
}

/** Ranges of capacity within a share `margin` of the optimal system cost: investment that stands already, new investment and operation. */
export function nearOptimal(
  program: PlanProgram,
  solver: LinearSolver,
  optimum: PlanResult,
  margin: number,
): Alternative[] {
  if (!(margin >= 0)) throw new RangeError(`nearOptimal: the margin must be at least 0, not ${margin}`);
  const { model } = program;
  const groups = new Map<string, { list: string; carrier: string; columns: number[] }>();
  for (const [list, block] of Object.entries(program.blocks)) {
    const c = componentsOf(program.network, list);
    for (let i = 0; i < c.names.length; i++) {
      if (block.nominal[i] < 0) continue;
      const carrier = textOf(c, 'carrier', i) || c.names[i];
      const key = `${list}/${carrier}`;
      const g = groups.get(key) ?? { list, carrier, columns: [] };
      g.columns.push(block.nominal[i]);
      groups.set(key, g);
    }
  }
  const open = solver.open(model);
  try {
    const used: number[] = [];
    const values: number[] = [];
    for (let j = 0; j < model.columns; j++)
      if (model.cost[j] !== 0) {
        used.push(j);
        values.push(model.cost[j]);
      }
    const limit = optimum.objective + margin * (optimum.objective + program.installedCost) - model.offset;
    open.addRow(Number.NEGATIVE_INFINITY, limit, used, values);
    for (const j of used) open.setCost(j, 0);
    const out: Alternative[] = [];
    for (const g of groups.values()) {
      const extreme = (sign: number) => {
        for (const j of g.columns) open.setCost(j, sign);
        const s = open.solve();
        for (const j of g.columns) open.setCost(j, 0);
        return s.status === 'optimal' ? g.columns.reduce((sum, j) => sum + s.x[j], 0) : Number.NaN;
      };
      const chosen = g.columns.reduce((sum, j) => sum + optimum.x[j], 0);
      out.push({ list: g.list, carrier: g.carrier, least: extreme(1), most: extreme(-1), chosen });
    }
    return out;
  } finally {
    open.close();
  }
}

/** Solves again for each value of a global constraint's right-hand side, from the last answer on. */
export function sweepCap(
  program: PlanProgram,
  solver: LinearSolver,
  name: string,
  values: readonly number[],
): PlanResult[] {
  const row = program.globalRows.get(name);
  if (row === undefined)
    throw new RangeError(
      `sweepCap: there is no global constraint "${name}"; there are: ${[...program.globalRows.keys()].join(', ')}`,
    );
  const open = solver.open(program.model);
  const { rowLower, rowUpper } = program.model;
  try {
    // Stocks at the beginning stand on the right-hand side too.
    const stock = program.globalStocks.get(name) ?? 0;
    return values.map(value => {
      const v = value - stock;
      const lower = Number.isFinite(rowLower[row]) ? v : rowLower[row];
      const upper = Number.isFinite(rowUpper[row]) ? v : rowUpper[row];
      open.setRow(row, lower, upper);
      const model = { ...program.model, rowLower: rowLower.slice(), rowUpper: rowUpper.slice() };
      model.rowLower[row] = lower;
      model.rowUpper[row] = upper;
      return readPlan({ ...program, model }, open.solve());
    });
  } finally {
    open.close();
  }
}
