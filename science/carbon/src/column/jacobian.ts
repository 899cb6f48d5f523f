// The column's Jacobian by the structure of its equations. A face's fluxes depend on pressure, temperature and composition of at most four cells, and
// these three on the five unknowns of their own cell alone: differences are taken face by face in the three, the rest is the chain rule. It costs
// a quarter of differences in all unknowns, column by column.
import type { Band } from '../stiff/band.ts';
import type { Column } from './column.ts';

/** Relative step of the differences: the root of the rounding unit. */
const STEP = 1.5e-8;
/** Least values to which the step relates: Pa, K, mole fraction. */
const LEAST = [1, 1, 1e-2] as const;

/** What the equations of one step of the cycle work on. */
export interface Equations {
  /** Pressure, temperature and mole fraction of CO2 of the cells. */
  readonly cells: readonly [Float64Array, Float64Array, Float64Array];
  /** Fluxes of CO2, N2 and enthalpy through the faces, cells + 1. */
  readonly fluxes: readonly [Float64Array, Float64Array, Float64Array];
  /** Computes the fluxes of one face from the cells. */
  face(face: number, t: number): void;
  /** Equilibrium loadings, mol/kg, at temperature (K) and concentrations (mol/m3). */
  equilibrium(k: number, c1: number, c2: number, out: Float64Array): void;
  /** Of a scaled unknown, per flux: gas, energy; and of scaled gas per scaled loading. */
  readonly rates: { readonly gas: number; readonly energy: number; readonly load: number };
}

/** Gives a function that writes the derivatives of the equations at (t, y), whose cells `equations` holds already, into `jacobian`; false when one is not finite. */
export function jacobianOf(c: Column, equations: Equations): (t: number, y: Float64Array, jacobian: Band) => boolean {
  const { cells: n, bed, scale, solidKgM3: solid } = c;
  const { voidFraction: e, gasConstant: R, cpGasJMolK: cp, cpAdsorbedJMolK: ca, cpSolidJKgK: cs } = bed;
  const heat = c.sorbent.heatJMol;
  const { cells, fluxes, rates } = equations;
  const [, T, X] = cells;
  // Derivatives of pressure, temperature and composition by the five unknowns of the cell: 15 a cell.
  const inner = new Float64Array(15 * n);
  const at0 = new Float64Array(2);
  const byT = new Float64Array(2);
  const byC1 = new Float64Array(2);
  const byC2 = new Float64Array(2);
  const still = new Float64Array(3);
  let total = 0;

  const chain = (j: number, y: Float64Array) => {
    const gas = (y[j * 5] + y[j * 5 + 1]) * scale.gas;
    const theta = T[j] - bed.feedK;
    const capacity = e * gas * (cp - R) + solid * (cs + ca * (y[j * 5 + 3] + y[j * 5 + 4]) * scale.load);
    const at = 15 * j;
    const kByGas = (scale.gas * (e * R * bed.feedK - theta * e * (cp - R))) / capacity;
    inner[at + 5] = kByGas;
    inner[at + 6] = kByGas;
    inner[at + 7] = scale.energy / capacity;
    inner[at + 8] = (-scale.load * solid * (heat[0] + ca * theta)) / capacity;
    inner[at + 9] = (-scale.load * solid * (heat[1] + ca * theta)) / capacity;
    for (let v = 0; v < 5; v++) inner[at + v] = gas * R * inner[at + 5 + v] + (v < 2 ? R * T[j] * scale.gas : 0);
    inner[at + 10] = (scale.gas * (1 - X[j])) / gas;
    inner[at + 11] = (-scale.gas * X[j]) / gas;
  };

  const kinetics = (j: number, y: Float64Array, { data, width, lower }: Band) => {
    const [c1, c2] = [y[j * 5] * scale.gas, y[j * 5 + 1] * scale.gas];
    const k = T[j];
    const dk = STEP * k;
    const dc = STEP * Math.max(c1 + c2, 1e-4 * scale.gas);
    equations.equilibrium(k, c1, c2, at0);
    equations.equilibrium(k + dk, c1, c2, byT);
    equations.equilibrium(k, c1 + dc, c2, byC1);
    equations.equilibrium(k, c1, c2 + dc, byC2);
    for (let s = 0; s < 2; s++) {
      const rate = bed.driving[s] / scale.load;
      const perK = ((byT[s] - at0[s]) / (k + dk - k)) * rate;
      const row = j * 5 + 3 + s;
      for (let v = 0; v < 5; v++) {
        let d = perK * inner[15 * j + 5 + v];
        if (v === 0) d += ((byC1[s] - at0[s]) / (c1 + dc - c1)) * rate * scale.gas;
        if (v === 1) d += ((byC2[s] - at0[s]) / (c2 + dc - c2)) * rate * scale.gas;
        if (v === 3 + s) d -= bed.driving[s];
        total += d;
        const column = j * 5 + v;
        data[row * width + column - row + lower] = d;
        // What is adsorbed leaves the gas.
        const gas = j * 5 + s;
        data[gas * width + column - gas + lower] -= d * rates.load;
      }
    }
  };

  /** Adds what a face's fluxes do to both of its cells, by the unknowns of cell j. */
  const faceBy = (face: number, j: number, t: number, { data, width, lower }: Band) => {
    for (let w = 0; w < 3; w++) {
      const values = cells[w];
      const value = values[j];
      values[j] = value + STEP * Math.max(Math.abs(value), LEAST[w]);
      const moved = values[j] - value;
      equations.face(face, t);
      values[j] = value;
      for (let r = 0; r < 3; r++) {
        const slope = ((fluxes[r][face] - still[r]) / moved) * (r < 2 ? rates.gas : rates.energy);
        if (slope === 0) continue;
        total += slope;
        const from = 15 * j + 5 * w;
        const right = face * 5 + r;
        const left = right - 5;
        const toRight = right * width + j * 5 - right + lower;
        const toLeft = left * width + j * 5 - left + lower;
        for (let v = 0; v < 5; v++) {
          const d = slope * inner[from + v];
          if (face < n) data[toRight + v] += d;
          if (face > 0) data[toLeft + v] -= d;
        }
      }
    }
  };

  return (t, y, jacobian) => {
    jacobian.data.fill(0);
    total = 0;
    for (let j = 0; j < n; j++) {
      chain(j, y);
      kinetics(j, y, jacobian);
    }
    for (let face = 0; face <= n; face++) {
      equations.face(face, t);
      for (let r = 0; r < 3; r++) still[r] = fluxes[r][face];
      const last = Math.min(n - 1, face === 0 ? 0 : face + 1);
      for (let j = face === n ? n - 1 : Math.max(0, face - 2); j <= last; j++) faceBy(face, j, t, jacobian);
      for (let r = 0; r < 3; r++) fluxes[r][face] = still[r];
    }
    return Number.isFinite(total);
  };
}
