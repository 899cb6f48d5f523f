// What a DC optimal power flow without an answer lacks: the least total violation of balances and flow limits, bus by bus and branch by
// branch. Always feasible and bounded, so it also tells "infeasible" from "the solver gave up".
import { type LinearModel, type LinearSolver, ModelBuilder } from '@madang/numerics';
import type { Grid } from '../grid/network.ts';
import { buildDcModel, type DcForm } from './dc-model.ts';
import type { Violation } from './result.ts';

/** Violations below this are rounding, MW. */
const LEAST_MW = 1e-4;

/** The limits that must give way, largest first; empty when all can be kept; undefined when the solver finds no answer. */
export function dcViolations(grid: Grid, form: DcForm, solver: LinearSolver): Violation[] | undefined {
  const { buses, branches, baseMva } = grid;
  const dc = buildDcModel(grid, form, 'none');
  const { model, short, over } = elastic(grid, dc.model, dc.flow, dc.balance);
  const answer = solver.solve(model);
  if (answer.status !== 'optimal') return undefined;
  const violations: Violation[] = [];
  const add = (what: string, amountPu: number) => {
    const by = amountPu * baseMva;
    if (by > LEAST_MW) violations.push({ what, by, unit: 'MW' });
  };
  for (let i = 0; i < buses.count; i++) {
    add(`bus ${buses.number[i]}: power is short`, answer.x[short + 2 * i]);
    add(`bus ${buses.number[i]}: generation that cannot be turned down`, answer.x[short + 2 * i + 1]);
  }
  for (let k = 0; k < branches.count; k++)
    add(
      `branch row ${branches.row[k]} (${buses.number[branches.from[k]]}-${buses.number[branches.to[k]]}): over its limit`,
      answer.x[over + 2 * k] + answer.x[over + 2 * k + 1],
    );
  return violations.sort((a, b) => b.by - a.by);
}

/** The model with two slacks a bus (power out of nowhere, power thrown away) and two a branch (over the limit either way), at a cost of one. */
function elastic(grid: Grid, hard: LinearModel, flow: number, balance: number) {
  const { buses, branches } = grid;
  const b = new ModelBuilder();
  for (let j = 0; j < hard.columns; j++) {
    const isFlow = j >= flow && j < flow + branches.count;
    b.column(
      0,
      isFlow ? Number.NEGATIVE_INFINITY : hard.columnLower[j],
      isFlow ? Number.POSITIVE_INFINITY : hard.columnUpper[j],
    );
  }
  const short = b.columns;
  for (let i = 0; i < 2 * buses.count; i++) b.column(1, 0, Number.POSITIVE_INFINITY);
  const over = b.columns;
  for (let k = 0; k < 2 * branches.count; k++) b.column(1, 0, Number.POSITIVE_INFINITY);
  for (let i = 0; i < hard.rows; i++) {
    b.row(hard.rowLower[i], hard.rowUpper[i]);
    for (let p = hard.starts[i]; p < hard.starts[i + 1]; p++) b.term(hard.indices[p], hard.values[p]);
    if (i >= balance && i < balance + buses.count) {
      b.term(short + 2 * (i - balance), 1);
      b.term(short + 2 * (i - balance) + 1, -1);
    }
  }
  for (let k = 0; k < branches.count; k++) {
    b.row(hard.columnLower[flow + k], hard.columnUpper[flow + k]);
    b.term(flow + k, 1);
    b.term(over + 2 * k, 1);
    b.term(over + 2 * k + 1, -1);
  }
  return { model: b.build(), short, over };
}
