// AC optimal power flow in polar voltages as a sparse nonlinear program with exact first and second derivatives, per unit throughout.
// Rows: balances of P and of Q, |(P, Q, s)| <= |(rating, s)| at both ends (s a tenth of the rating: smooth at no flow, the same limit, and
// growing no faster than the flow: squares would be huge on stiff lines far from the answer), angle differences, lines of piecewise costs.
import type { NonlinearProgram } from '@madang/numerics';
import type { Grid } from '../grid/network.ts';
import { type AcStart, columnBounds, rowBounds } from './ac-bounds.ts';
import { acCosts, polynomialAt, polynomialBend, polynomialSlope } from './ac-costs.ts';
import { type AcLayout, acColumns, acLayout } from './ac-layout.ts';
import { hessianPattern, jacobianPattern, pivotGroups } from './ac-pattern.ts';
import { branchTerms } from './branch-terms.ts';

export interface AcModel extends AcLayout {
  readonly program: NonlinearProgram;
}

/** Builds the program; costs in $/h. `start` gives the point to begin from (angles in radians, voltages, generation per unit). */
export function buildAcModel(grid: Grid, start?: AcStart): AcModel {
  const { buses, generators, branches, dcLines, baseMva } = grid;
  const columns = acColumns(grid);
  const costs = acCosts(grid, columns);
  const layout = acLayout(grid, columns, costs);
  const { voltage, power, reactive, dcPower, dcReactiveFrom, dcReactiveTo, balanceP, balanceQ } = layout;
  const { angles, angleRow, lineRow } = layout;
  const { smooth, lines, scale } = costs;
  const { soft, ...bounds } = rowBounds(grid, layout, costs);
  const terms = branchTerms(grid, layout, soft);

  const program: NonlinearProgram = {
    variables: layout.columns,
    constraints: layout.rows,
    ...columnBounds(grid, layout, costs, start),
    ...bounds,
    objective(x) {
      let sum = 0;
      for (const s of smooth) sum += polynomialAt(s.coefficients, x[s.column]);
      for (let e = layout.epigraph; e < layout.columns; e++) sum += scale * x[e];
      return sum;
    },
    gradient(x, out) {
      out.fill(0);
      for (const s of smooth) out[s.column] += polynomialSlope(s.coefficients, x[s.column]);
      for (let e = layout.epigraph; e < layout.columns; e++) out[e] = scale;
    },
    values(x, out) {
      for (let i = 0; i < buses.count; i++) {
        const v2 = x[voltage + i] * x[voltage + i];
        out[balanceP + i] = (buses.loadMw[i] + buses.shuntMw[i] * v2) / baseMva;
        out[balanceQ + i] = (buses.loadMvar[i] - buses.shuntMvar[i] * v2) / baseMva;
      }
      terms.values(x, out);
      for (let g = 0; g < generators.count; g++) {
        out[balanceP + generators.bus[g]] -= x[power + g];
        out[balanceQ + generators.bus[g]] -= x[reactive + g];
      }
      for (let d = 0; d < dcLines.count; d++) {
        out[balanceP + dcLines.from[d]] += x[dcPower + d];
        out[balanceP + dcLines.to[d]] += dcLines.loss0Mw[d] / baseMva - (1 - dcLines.loss1[d]) * x[dcPower + d];
        out[balanceQ + dcLines.from[d]] -= x[dcReactiveFrom + d];
        out[balanceQ + dcLines.to[d]] -= x[dcReactiveTo + d];
      }
      for (let q = 0; q < angles.length; q++)
        out[angleRow + q] = x[layout.angle + branches.from[angles[q]]] - x[layout.angle + branches.to[angles[q]]];
      for (let q = 0; q < lines.length; q++)
        out[lineRow + q] = (lines[q].slope / scale) * x[lines[q].column] - x[lines[q].epigraph];
    },
    jacobian: jacobianPattern(grid, layout, costs),
    jacobianValues(x, out) {
      let at = terms.flowSlopes(x, out, 0);
      for (let i = 0; i < buses.count; i++) {
        out[at++] = (2 * buses.shuntMw[i] * x[voltage + i]) / baseMva;
        out[at++] = (-2 * buses.shuntMvar[i] * x[voltage + i]) / baseMva;
      }
      for (let g = 0; g < 2 * generators.count; g++) out[at++] = -1;
      for (let d = 0; d < dcLines.count; d++) {
        out[at++] = 1;
        out[at++] = -(1 - dcLines.loss1[d]);
        out[at++] = -1;
        out[at++] = -1;
      }
      at = terms.limitSlopes(x, out, at);
      for (let q = 0; q < angles.length; q++) {
        out[at++] = 1;
        out[at++] = -1;
      }
      for (let q = 0; q < lines.length; q++) {
        out[at++] = lines[q].slope / scale;
        out[at++] = -1;
      }
    },
    hessian: hessianPattern(grid, layout, costs),
    hessianValues(x, factor, multipliers, out) {
      let at = terms.bends(x, multipliers, out);
      for (let i = 0; i < buses.count; i++)
        out[at++] =
          (2 * (multipliers[balanceP + i] * buses.shuntMw[i] - multipliers[balanceQ + i] * buses.shuntMvar[i])) /
          baseMva;
      for (const s of smooth) out[at++] = factor * polynomialBend(s.coefficients, x[s.column]);
    },
    groups: pivotGroups(grid, layout),
  };
  return { ...layout, program };
}
