// Costs of the AC model: polynomials of one unknown each, and piecewise costs as the largest of their lines, held by an epigraph unknown.
import { type Cost, linesOf } from '../grid/cost.ts';
import type { Grid } from '../grid/network.ts';
import type { AcColumns } from './ac-layout.ts';

export interface AcCosts {
  /** Polynomials in per unit: sum coefficients[k] x^k. */
  readonly smooth: readonly { readonly column: number; readonly coefficients: readonly number[] }[];
  /** Rows slope x[column] + intercept <= scale x[epigraph]. */
  readonly lines: readonly {
    readonly epigraph: number;
    readonly column: number;
    readonly slope: number;
    readonly intercept: number;
  }[];
  /** Number of epigraph unknowns; they are in units of the largest slope at hand, so that their scale is near one. */
  readonly epigraphs: number;
  readonly scale: number;
}

export function acCosts(grid: Grid, at: AcColumns): AcCosts {
  const { generators, dcLines, baseMva } = grid;
  const smooth: { column: number; coefficients: readonly number[] }[] = [];
  const lines: { epigraph: number; column: number; slope: number; intercept: number }[] = [];
  let epigraphs = 0;
  const add = (column: number, cost: Cost) => {
    if (cost.kind === 'polynomial') {
      const coefficients = cost.coefficients.map((c, k) => c * baseMva ** k);
      if (coefficients.some(c => c !== 0)) smooth.push({ column, coefficients });
      return;
    }
    const all = linesOf(cost);
    if (all.length === 1) {
      smooth.push({ column, coefficients: [all[0].intercept, all[0].slope * baseMva] });
      return;
    }
    const epigraph = at.epigraph + epigraphs++;
    for (const l of all) lines.push({ epigraph, column, slope: l.slope * baseMva, intercept: l.intercept });
  };
  for (let g = 0; g < generators.count; g++) add(at.power + g, generators.cost[g]);
  for (let g = 0; g < generators.reactiveCost.length; g++) add(at.reactive + g, generators.reactiveCost[g]);
  for (let d = 0; d < dcLines.count; d++) add(at.dcPower + d, dcLines.cost[d]);
  const scale = lines.reduce((most, l) => Math.max(most, Math.abs(l.slope)), 1);
  return { smooth, lines, epigraphs, scale };
}

/** Value of a polynomial, of its first and of its second derivative. */
export function polynomialAt(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * x + coefficients[k];
  return sum;
}

export function polynomialSlope(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 1; k--) sum = sum * x + k * coefficients[k];
  return sum;
}

export function polynomialBend(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 2; k--) sum = sum * x + k * (k - 1) * coefficients[k];
  return sum;
}
