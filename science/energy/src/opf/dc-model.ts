// DC optimal power flow as a linear or convex quadratic program, per unit of the case's base power.
// Two forms that give different optima: 'powermodels' (flow = x/(r^2+x^2) (theta_f - theta_t), taps and shifters ignored; the published
// pglib figures) and 'matpower' (flow = (theta_f - theta_t - shift)/(x tap)). In both Gs is load. Angle limits become limits of the flow.
import { type LinearModel, ModelBuilder } from '@madang/numerics';
import { EnergyError } from '../error.ts';
import { type Cost, degreeOf, linesOf } from '../grid/cost.ts';
import type { Grid } from '../grid/network.ts';
import { turnedTransformers } from './parallel-turns.ts';

export type DcForm = 'powermodels' | 'matpower';

/** Where the unknowns and rows of the program are. Branch b's flow is column `flow + b`; bus i's balance is row `balance + i`. */
export interface DcModel {
  readonly form: DcForm;
  readonly model: LinearModel;
  readonly angle: number;
  readonly power: number;
  readonly flow: number;
  readonly dcPower: number;
  readonly balance: number;
  /** Flow limits per unit that come from ratings and angle limits together. */
  readonly flowMinPu: Float64Array;
  readonly flowMaxPu: Float64Array;
}

/** Susceptance of each branch in per unit and its shift in radians, in the chosen form. */
export function dcBranches(grid: Grid, form: DcForm): { susceptancePu: Float64Array; shiftRadian: Float64Array } {
  const { count, resistancePu: r, reactancePu: x, tap, shiftDegree, row } = grid.branches;
  const susceptancePu = new Float64Array(count);
  const shiftRadian = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    if (form === 'powermodels') susceptancePu[k] = x[k] / (r[k] * r[k] + x[k] * x[k]);
    else {
      if (x[k] === 0)
        throw new EnergyError(
          'zero-impedance',
          `${grid.name}: branch row ${row[k]} has no reactance; MATPOWER's DC form divides by it. Use the powermodels form or give it a small reactance`,
        );
      susceptancePu[k] = 1 / (x[k] * tap[k]);
      shiftRadian[k] = (shiftDegree[k] * Math.PI) / 180;
    }
  }
  if (form === 'powermodels') for (const k of turnedTransformers(grid.branches)) susceptancePu[k] /= tap[k] ** 2;
  return { susceptancePu, shiftRadian };
}

/** Angle limits in radians. PowerModels puts 60 degrees where a file has none or more than 90. */
function angleLimit(degree: number, form: DcForm, side: 1 | -1): number {
  if (form === 'powermodels' && !(Math.abs(degree) <= 90 && Number.isFinite(degree))) return (side * Math.PI) / 3;
  return (degree * Math.PI) / 180;
}

/** Builds the program. Costs of a degree above 2 and concave ones are refused (`costs: 'none'` leaves all costs out). */
export function buildDcModel(grid: Grid, form: DcForm, costs: 'given' | 'none' = 'given'): DcModel {
  const { buses, generators, branches, dcLines, baseMva } = grid;
  const b = new ModelBuilder();
  const reference = new Uint8Array(buses.count);
  for (const island of grid.islands) for (const i of island.references) reference[i] = 1;
  for (let i = 0; i < buses.count; i++) {
    const open = reference[i] ? 0 : Number.POSITIVE_INFINITY;
    b.column(0, -open, open);
  }
  const power = b.columns;
  for (let g = 0; g < generators.count; g++)
    b.column(0, generators.powerMinMw[g] / baseMva, generators.powerMaxMw[g] / baseMva);
  const dcPower = b.columns;
  for (let k = 0; k < dcLines.count; k++) b.column(0, dcLines.powerMinMw[k] / baseMva, dcLines.powerMaxMw[k] / baseMva);
  const flow = b.columns;
  const { susceptancePu, shiftRadian } = dcBranches(grid, form);
  const flowMinPu = new Float64Array(branches.count);
  const flowMaxPu = new Float64Array(branches.count);
  const angleRows: number[] = [];
  for (let k = 0; k < branches.count; k++) {
    const s = susceptancePu[k];
    const rate = branches.ratingMva[k] / baseMva;
    const low = angleLimit(branches.angleMinDegree[k], form, -1) - shiftRadian[k];
    const high = angleLimit(branches.angleMaxDegree[k], form, 1) - shiftRadian[k];
    if (s === 0) angleRows.push(k);
    flowMinPu[k] = Math.max(-rate, s > 0 ? s * low : s < 0 ? s * high : Number.NEGATIVE_INFINITY);
    flowMaxPu[k] = Math.min(rate, s > 0 ? s * high : s < 0 ? s * low : Number.POSITIVE_INFINITY);
    b.column(0, flowMinPu[k], flowMaxPu[k]);
  }
  if (costs === 'given') {
    for (let g = 0; g < generators.count; g++)
      addCost(b, power + g, generators.cost[g], baseMva, `${grid.name}: gencost row ${generators.row[g]}`);
    for (let k = 0; k < dcLines.count; k++)
      addCost(b, dcPower + k, dcLines.cost[k], baseMva, `${grid.name}: dclinecost row ${dcLines.row[k]}`);
  }

  const incident: number[][] = Array.from({ length: buses.count }, () => []);
  for (let k = 0; k < branches.count; k++) {
    incident[branches.from[k]].push(k);
    incident[branches.to[k]].push(~k);
  }
  const made: number[][] = Array.from({ length: buses.count }, () => []);
  for (let g = 0; g < generators.count; g++) made[generators.bus[g]].push(g);
  const balance = b.rows;
  const constant = new Float64Array(buses.count);
  const lines: number[][] = Array.from({ length: buses.count }, () => []);
  for (let k = 0; k < dcLines.count; k++) {
    lines[dcLines.from[k]].push(k);
    lines[dcLines.to[k]].push(~k);
    constant[dcLines.to[k]] -= dcLines.loss0Mw[k] / baseMva;
  }
  for (let i = 0; i < buses.count; i++) {
    // generation - outflow = load + Gs
    const need = (buses.loadMw[i] + buses.shuntMw[i]) / baseMva - constant[i];
    b.row(need, need);
    for (const g of made[i]) b.term(power + g, 1);
    for (const k of incident[i]) b.term(flow + (k < 0 ? ~k : k), k < 0 ? 1 : -1);
    for (const k of lines[i]) b.term(dcPower + (k < 0 ? ~k : k), k < 0 ? 1 - dcLines.loss1[~k] : -1);
  }
  for (let k = 0; k < branches.count; k++) {
    const s = susceptancePu[k];
    b.row(-s * shiftRadian[k], -s * shiftRadian[k]);
    b.term(flow + k, 1);
    b.term(branches.from[k], -s);
    b.term(branches.to[k], s);
  }
  for (const k of angleRows) {
    const low = angleLimit(branches.angleMinDegree[k], form, -1);
    const high = angleLimit(branches.angleMaxDegree[k], form, 1);
    if (!Number.isFinite(low) && !Number.isFinite(high)) continue;
    b.row(low, high);
    b.term(branches.from[k], 1);
    b.term(branches.to[k], -1);
  }
  return { form, model: b.build(), angle: 0, power, flow, dcPower, balance, flowMinPu, flowMaxPu };
}

/** Adds a convex cost of a power in MW to a column in per unit. */
export function addCost(b: ModelBuilder, column: number, cost: Cost, baseMva: number, what: string): void {
  if (cost.kind === 'polynomial') {
    if (degreeOf(cost) > 2)
      throw new EnergyError(
        'unsupported',
        `${what}: a cost of degree ${degreeOf(cost)} is not linear or quadratic; the DC model takes degree 2, the AC model any`,
      );
    const [c0 = 0, c1 = 0, c2 = 0] = cost.coefficients;
    if (c2 < 0)
      throw new EnergyError('cost', `${what}: the quadratic coefficient ${c2} is negative; the cost is not convex`);
    b.offset += c0;
    b.addCost(column, c1 * baseMva);
    if (c2 > 0) b.curvature(column, column, 2 * c2 * baseMva * baseMva);
    return;
  }
  const lines = linesOf(cost);
  if (lines.length === 1) {
    b.offset += lines[0].intercept;
    b.addCost(column, lines[0].slope * baseMva);
    return;
  }
  const y = b.column(1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  for (const l of lines) {
    b.row(l.intercept, Number.POSITIVE_INFINITY);
    b.term(y, 1);
    b.term(column, -l.slope * baseMva);
  }
}
