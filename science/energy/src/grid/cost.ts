// Generation costs in $/h as functions of power in MW: MATPOWER's polynomial (model 2) and piecewise linear (model 1).
import { EnergyError } from '../error.ts';
import { entry, type Matrix } from '../matpower/case.ts';
import { GENCOST } from '../matpower/columns.ts';

export type Cost =
  /** Sum of coefficients[k] P^k; P in MW. */
  | { readonly kind: 'polynomial'; readonly coefficients: readonly number[] }
  /** Straight lines through (powerMw[k], costPerHour[k]), powers ascending, convex; extended beyond the ends with their slopes. */
  | { readonly kind: 'piecewise'; readonly powerMw: readonly number[]; readonly costPerHour: readonly number[] };

export const FREE: Cost = { kind: 'polynomial', coefficients: [0] };

/** Reads one row of gencost or dclinecost; `what` names it in messages. */
export function readCost(m: Matrix, row: number, what: string): Cost {
  const model = entry(m, row, GENCOST.model);
  const n = entry(m, row, GENCOST.n);
  const width = model === 1 ? 2 * n : n;
  if (model !== 1 && model !== 2)
    throw new EnergyError(
      'cost',
      `${what}: cost model ${model} is unknown; 1 (piecewise linear) and 2 (polynomial) exist`,
    );
  if (!Number.isInteger(n) || n < (model === 1 ? 2 : 0))
    throw new EnergyError(
      'cost',
      `${what}: n = ${n} in column 4 is not a possible number of ${model === 1 ? 'points' : 'coefficients'}`,
    );
  if (GENCOST.first + width > m.columns)
    throw new EnergyError(
      'cost',
      `${what}: n = ${n} asks for ${width} values after column 4, the matrix has ${m.columns - 4}`,
    );
  const values = Array.from({ length: width }, (_, k) => entry(m, row, GENCOST.first + k));
  if (values.some(v => !Number.isFinite(v)))
    throw new EnergyError('not-a-number', `${what}: a cost value is not finite`);
  if (model === 2) {
    const coefficients = values.reverse();
    while (coefficients.length > 1 && coefficients[coefficients.length - 1] === 0) coefficients.pop();
    return { kind: 'polynomial', coefficients: coefficients.length > 0 ? coefficients : [0] };
  }
  const powerMw = values.filter((_, k) => k % 2 === 0);
  const costPerHour = values.filter((_, k) => k % 2 === 1);
  for (let k = 1; k < n; k++)
    if (!(powerMw[k] > powerMw[k - 1]))
      throw new EnergyError(
        'cost',
        `${what}: point ${k + 1} lies at ${powerMw[k]} MW, not above the one before (${powerMw[k - 1]} MW)`,
      );
  const slopes = slopesOf(powerMw, costPerHour);
  const scale = Math.max(...slopes.map(Math.abs), 1e-9);
  for (let k = 1; k < slopes.length; k++)
    if (slopes[k] < slopes[k - 1] - 1e-4 * scale)
      throw new EnergyError(
        'cost',
        `${what}: the piecewise cost is not convex: its slope falls from ${slopes[k - 1]} to ${slopes[k]} $/MWh at ${powerMw[k]} MW`,
      );
  return { kind: 'piecewise', powerMw, costPerHour };
}

export function slopesOf(powerMw: readonly number[], costPerHour: readonly number[]): number[] {
  return powerMw.slice(1).map((p, k) => (costPerHour[k + 1] - costPerHour[k]) / (p - powerMw[k]));
}

/** The straight lines whose maximum is a convex piecewise cost: `slope` $/MWh, `intercept` $/h at 0 MW. */
export function linesOf(cost: Extract<Cost, { kind: 'piecewise' }>): { slope: number; intercept: number }[] {
  return slopesOf(cost.powerMw, cost.costPerHour).map((slope, k) => ({
    slope,
    intercept: cost.costPerHour[k] - slope * cost.powerMw[k],
  }));
}

/** Cost in $/h at a power in MW. */
export function costAt(cost: Cost, powerMw: number): number {
  if (cost.kind === 'polynomial') return cost.coefficients.reduceRight((sum, c) => sum * powerMw + c, 0);
  return Math.max(...linesOf(cost).map(l => l.slope * powerMw + l.intercept));
}

/** Degree of the polynomial; 1 for piecewise costs. */
export function degreeOf(cost: Cost): number {
  return cost.kind === 'polynomial' ? cost.coefficients.length - 1 : 1;
}
