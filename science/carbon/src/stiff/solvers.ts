// Solvers for (I - c J) x = b inside the stiff integrator: a plain band, and a band of cells some of whose unknowns act on their own cell only.
// Eliminating such local unknowns first (loadings, in an adsorber) leaves a band of half the width.
import { type Band, band, factorBand, solveBand } from './band.ts';

export interface StepSolver {
  /** Factorises I - c J; false when it is singular. */
  factor(jacobian: Band, c: number): boolean;
  /** Overwrites x with the solution. */
  solve(x: Float64Array): void;
  /** A `solve` by the present factors that later ones do not touch. */
  keep(): (x: Float64Array) => void;
}

export function plainSolver(n: number, lower: number, upper: number): StepSolver {
  const lu = band(n, lower, upper);
  return {
    factor(jacobian, c) {
      const { data, width } = lu;
      for (let i = 0; i < data.length; i++) data[i] = -c * jacobian.data[i];
      for (let i = 0; i < n; i++) data[i * width + lower] += 1;
      return factorBand(lu);
    },
    solve: x => solveBand(lu, x),
    keep() {
      const kept = { ...lu, data: lu.data.slice(), pivots: lu.pivots.slice(), ends: lu.ends.slice() };
      return x => solveBand(kept, x);
    },
  };
}

/** What `cellSolver` has of a matrix. */
interface CellFactors {
  readonly lu: Band;
  readonly b: Float64Array;
  readonly e: Float64Array;
  readonly inverse: Float64Array;
}

/**
 * For unknowns that lie cell by cell, in each first `coupled` ones and then two local ones whose equations contain only their own cell. Cells
 * are coupled to `reach` neighbours on either side.
 */
export function cellSolver(cells: number, coupled: number, reach: number): StepSolver {
  const size = coupled + 2;
  const width = reach * coupled + coupled - 1;
  const factors: CellFactors = {
    lu: band(cells * coupled, width, width),
    b: new Float64Array(cells * (2 * reach + 1) * coupled * 2),
    e: new Float64Array(cells * 2 * coupled),
    inverse: new Float64Array(cells * 4),
  };
  const { lu, b, e, inverse } = factors;
  const x = new Float64Array(cells * coupled);
  const local = new Float64Array(cells * 2);
  const solveWith = ({ lu, b, e, inverse }: CellFactors, y: Float64Array) => {
    for (let k = 0; k < cells; k++) {
      const q = k * size + coupled;
      const v = 4 * k;
      local[2 * k] = inverse[v] * y[q] + inverse[v + 1] * y[q + 1];
      local[2 * k + 1] = inverse[v + 2] * y[q] + inverse[v + 3] * y[q + 1];
      for (let s = 0; s < coupled; s++) x[k * coupled + s] = y[k * size + s];
    }
    for (let k = 0; k < cells; k++) {
      const t0 = local[2 * k];
      const t1 = local[2 * k + 1];
      const first = Math.max(0, k - reach);
      const last = Math.min(cells - 1, k + reach);
      let w = (k * (2 * reach + 1) + first - k + reach) * coupled * 2;
      for (let i = first * coupled; i < (last + 1) * coupled; i++, w += 2) x[i] -= b[w] * t0 + b[w + 1] * t1;
    }
    solveBand(lu, x);
    for (let k = 0; k < cells; k++) {
      let q0 = local[2 * k];
      let q1 = local[2 * k + 1];
      for (let s = 0; s < coupled; s++) {
        const v = x[k * coupled + s];
        y[k * size + s] = v;
        q0 -= e[2 * k * coupled + s] * v;
        q1 -= e[(2 * k + 1) * coupled + s] * v;
      }
      y[k * size + coupled] = q0;
      y[k * size + coupled + 1] = q1;
    }
  };
  return {
    factor(jacobian, c) {
      const J = jacobian.data;
      const at = (i: number, j: number) => i * jacobian.width + j - i + jacobian.lower;
      lu.data.fill(0);
      for (let k = 0; k < cells; k++) {
        const q = k * size + coupled;
        const d00 = 1 - c * J[at(q, q)];
        const d01 = -c * J[at(q, q + 1)];
        const d10 = -c * J[at(q + 1, q)];
        const d11 = 1 - c * J[at(q + 1, q + 1)];
        const det = d00 * d11 - d01 * d10;
        if (!(Math.abs(det) > 0)) return false;
        const v = 4 * k;
        inverse[v] = d11 / det;
        inverse[v + 1] = -d01 / det;
        inverse[v + 2] = -d10 / det;
        inverse[v + 3] = d00 / det;
        for (let s = 0; s < coupled; s++) {
          const c0 = -c * J[at(q, k * size + s)];
          const c1 = -c * J[at(q + 1, k * size + s)];
          e[2 * k * coupled + s] = inverse[v] * c0 + inverse[v + 1] * c1;
          e[(2 * k + 1) * coupled + s] = inverse[v + 2] * c0 + inverse[v + 3] * c1;
        }
        for (let i = Math.max(0, k - reach); i <= Math.min(cells - 1, k + reach); i++) {
          for (let r = 0; r < coupled; r++) {
            const row = i * size + r;
            const b0 = -c * J[at(row, q)];
            const b1 = -c * J[at(row, q + 1)];
            const w = ((k * (2 * reach + 1) + i - k + reach) * coupled + r) * 2;
            b[w] = b0;
            b[w + 1] = b1;
            const to = i * coupled + r;
            const base = to * lu.width - to + lu.lower + k * coupled;
            const from = at(row, k * size);
            for (let s = 0; s < coupled; s++)
              lu.data[base + s] = -c * J[from + s] - b0 * e[2 * k * coupled + s] - b1 * e[(2 * k + 1) * coupled + s];
          }
        }
      }
      for (let i = 0; i < lu.n; i++) lu.data[i * lu.width + lu.lower] += 1;
      return factorBand(lu);
    },
    solve: y => solveWith(factors, y),
    keep() {
      const kept = {
        lu: { ...lu, data: lu.data.slice(), pivots: lu.pivots.slice(), ends: lu.ends.slice() },
        b: b.slice(),
        e: e.slice(),
        inverse: inverse.slice(),
      };
      return y => solveWith(kept, y);
    },
  };
}
