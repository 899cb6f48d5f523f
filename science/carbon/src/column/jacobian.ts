// The column's Jacobian by the structure of its equations. A face's fluxes depend on pressure, temperature and composition of at most four cells, and
// these three on the five unknowns of their own cell alone: slopes of fluxes and of kinetics by the three, the rest is
// the chain rule.
import type { Band } from '../stiff/band.ts';
import type { Column } from './column.ts';
import { equilibriumSlopes } from './equilibrium.ts';

/** What the equations of one step of the cycle work on. */
export interface Equations {
  /** Pressure, temperature and mole fraction of CO2 of the cells. */
  readonly cells: readonly [Float64Array, Float64Array, Float64Array];
  /** Slopes of an end's fluxes by the three values of its cell: out[3 * w + r] of flux r by value w. */
  end(face: number, t: number, out: Float64Array): void;
  /** Takes the slopes of both ends' fluxes by the five unknowns of their cells: [15 * end + 5 * r + v] of flux r by unknown v. */
  readonly ends: Float64Array;
  /** Slopes of an inner face's fluxes (`innerFaces`). */
  inner(face: number, out: Float64Array): void;
  /** Of a scaled unknown, per flux: gas, energy; and of scaled gas per scaled loading. */
  readonly rates: { readonly gas: number; readonly energy: number; readonly load: number };
}

/** Gives a function that writes the derivatives of the equations at (t, y), whose cells `equations` holds already, into `jacobian`; false when one is not finite. */
export function jacobianOf(c: Column, equations: Equations): (t: number, y: Float64Array, jacobian: Band) => boolean {
  const { cells: n, bed, scale, solidKgM3: solid } = c;
  const { voidFraction: e, gasConstant: R, cpGasJMolK: cp, cpAdsorbedJMolK: ca, cpSolidJKgK: cs } = bed;
  const heat = c.sorbent.heatJMol;
  const { cells, rates, ends } = equations;
  const [, T, X] = cells;
  // Derivatives of pressure, temperature and composition by the five unknowns of the cell: 15 a cell.
  const inner = new Float64Array(15 * n);
  const ofLoadings = equilibriumSlopes(c.sorbent, R);
  const byValue = new Float64Array(6);
  const slopes = new Float64Array(36);
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
    ofLoadings(T[j], c1, c2, byValue);
    for (let s = 0; s < 2; s++) {
      const rate = bed.driving[s] / scale.load;
      const row = j * 5 + 3 + s;
      for (let v = 0; v < 5; v++) {
        let d = byValue[s] * rate * inner[15 * j + 5 + v];
        if (v < 2) d += byValue[2 + 2 * v + s] * rate * scale.gas;
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

  /** Adds what a face's fluxes do to both of its cells, by the unknowns of cell j: their slopes by its three values lie at `from` of `slopes`. */
  const faceBy = (face: number, j: number, from: number, { data, width, lower }: Band) => {
    const values = 15 * j;
    for (let r = 0; r < 3; r++) {
      const rate = r < 2 ? rates.gas : rates.energy;
      const byPa = slopes[from + r] * rate;
      const byK = slopes[from + 3 + r] * rate;
      const byX = slopes[from + 6 + r] * rate;
      const right = face * 5 + r;
      const toRight = right * width + j * 5 - right + lower;
      const toLeft = toRight - 5 * width + 5;
      for (let v = 0; v < 5; v++) {
        const d = byPa * inner[values + v] + byK * inner[values + 5 + v] + byX * inner[values + 10 + v];
        total += d;
        if (face < n) data[toRight + v] += d;
        if (face > 0) data[toLeft + v] -= d;
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
    for (let face = 1; face < n; face++) {
      equations.inner(face, slopes);
      for (let j = Math.max(0, face - 2); j <= Math.min(n - 1, face + 1); j++)
        faceBy(face, j, 9 * (j - face + 2), jacobian);
    }
    for (const [face, j] of [
      [0, 0],
      [n, n - 1],
    ]) {
      equations.end(face, t, slopes);
      faceBy(face, j, 0, jacobian);
      for (let r = 0; r < 3; r++)
        for (let v = 0; v < 5; v++) {
          const [byPa, byK, byX] = [inner[15 * j + v], inner[15 * j + 5 + v], inner[15 * j + 10 + v]];
          ends[(face > 0 ? 15 : 0) + 5 * r + v] = slopes[r] * byPa + slopes[3 + r] * byK + slopes[6 + r] * byX;
        }
    }
    return Number.isFinite(total);
  };
}
