// Where the unknowns and rows of the AC model are, and what a row is called.
import type { Grid } from '../grid/network.ts';
import type { AcCosts } from './ac-costs.ts';

/**
 * Unknowns: angles, voltages, generation P and Q, dc lines (power, reactive power at both ends), one epigraph per piecewise cost. Each field
 * is the place of the first of its kind.
 */
export interface AcColumns {
  readonly angle: number;
  readonly voltage: number;
  readonly power: number;
  readonly reactive: number;
  readonly dcPower: number;
  readonly dcReactiveFrom: number;
  readonly dcReactiveTo: number;
  readonly epigraph: number;
}

/** Rows: balances of P and of Q by bus, limits at both ends of rated branches, angle differences, lines of piecewise costs. */
export interface AcLayout extends AcColumns {
  readonly columns: number;
  readonly balanceP: number;
  readonly balanceQ: number;
  /** Branches with a rating, with limits of the angle. */
  readonly limited: readonly number[];
  readonly angles: readonly number[];
  readonly limitFrom: number;
  readonly limitTo: number;
  readonly angleRow: number;
  readonly lineRow: number;
  readonly rows: number;
}

export function acColumns({ buses, generators, dcLines }: Grid): AcColumns {
  const power = 2 * buses.count;
  const reactive = power + generators.count;
  const dcPower = reactive + generators.count;
  const dcReactiveFrom = dcPower + dcLines.count;
  const dcReactiveTo = dcReactiveFrom + dcLines.count;
  const epigraph = dcReactiveTo + dcLines.count;
  return { angle: 0, voltage: buses.count, power, reactive, dcPower, dcReactiveFrom, dcReactiveTo, epigraph };
}

export function acLayout(grid: Grid, columns: AcColumns, costs: AcCosts): AcLayout {
  const { buses, branches } = grid;
  const limited: number[] = [];
  const angles: number[] = [];
  for (let k = 0; k < branches.count; k++) {
    if (Number.isFinite(branches.ratingMva[k])) limited.push(k);
    if (Number.isFinite(branches.angleMinDegree[k]) || Number.isFinite(branches.angleMaxDegree[k])) angles.push(k);
  }
  const limitFrom = 2 * buses.count;
  const limitTo = limitFrom + limited.length;
  const angleRow = limitTo + limited.length;
  const lineRow = angleRow + angles.length;
  return {
    ...columns,
    columns: columns.epigraph + costs.epigraphs,
    balanceP: 0,
    balanceQ: buses.count,
    ...{ limited, angles, limitFrom, limitTo, angleRow, lineRow },
    rows: lineRow + costs.lines.length,
  };
}

/** What a row is, and the unit in which a violation of it is told. */
export function rowName({ buses, branches }: Grid, at: AcLayout, row: number): { what: string; unit: string } {
  const branch = (k: number) =>
    `branch row ${branches.row[k]} (${buses.number[branches.from[k]]}-${buses.number[branches.to[k]]})`;
  if (row < at.balanceQ) return { what: `bus ${buses.number[row]}: balance of real power`, unit: 'MW' };
  if (row < at.limitFrom)
    return { what: `bus ${buses.number[row - at.balanceQ]}: balance of reactive power`, unit: 'Mvar' };
  if (row < at.limitTo)
    return { what: `${branch(at.limited[row - at.limitFrom])}: rating at the from end`, unit: 'MVA' };
  if (row < at.angleRow) return { what: `${branch(at.limited[row - at.limitTo])}: rating at the to end`, unit: 'MVA' };
  if (row < at.lineRow) return { what: `${branch(at.angles[row - at.angleRow])}: angle difference`, unit: 'degree' };
  return { what: 'a piecewise cost', unit: '$/h' };
}
