// The fluxes through an inner face and their slopes by pressure, temperature and composition of the cells about it. Ergun's equation between cell
// centres, van Leer's limiter (J. Comput. Phys. 14, 1974) on composition and temperature, so that no front overshoots.
import type { Column } from './column.ts';
import type { Bed } from './parameters.ts';

export const MOLAR_KG = [0.04401, 0.028014] as const;

/** Ergun's equation for a bed, and the density of its gas. */
export function ergun(bed: Bed) {
  const { voidFraction: e, gasConstant: R } = bed;
  const dp = 2 * bed.particleRadiusM;
  const viscous = (150 * bed.viscosityPaS * (1 - e) ** 2) / (e ** 3 * dp ** 2);
  const inertial = (1.75 * (1 - e)) / (e ** 3 * dp);
  return {
    viscous,
    /** Superficial velocity from a pressure gradient (Pa/m, positive drives to the right) and a density (kg/m3). */
    velocity(gradient: number, density: number): number {
      const g = Math.abs(gradient);
      const u = (2 * g) / (viscous + Math.sqrt(viscous * viscous + 4 * inertial * density * g));
      return gradient < 0 ? -u : u;
    },
    /** Pressure gradient (Pa/m) that drives a superficial velocity. */
    drop: (u: number, density: number) => (viscous + inertial * density * Math.abs(u)) * u,
    /** Slopes of the velocity by gradient and by density. */
    byGradient: (u: number, density: number) => 1 / (viscous + 2 * inertial * density * Math.abs(u)),
    byDensity: (u: number, density: number) =>
      (-inertial * u * Math.abs(u)) / (viscous + 2 * inertial * density * Math.abs(u)),
    density: (pa: number, k: number, x: number) => (pa / (R * k)) * (x * MOLAR_KG[0] + (1 - x) * MOLAR_KG[1]),
  };
}

export type Three = readonly [Float64Array, Float64Array, Float64Array];

/**
 * Inner faces of a column: face f lies between cells f - 1 and f. `cells` holds pressure, temperature and mole fraction of CO2 of the cells, `fluxes` takes
 * CO2, N2 (mol/m2/s) and enthalpy (W/m2) through the faces, positive to the right.
 */
export function innerFaces(c: Column, [P, T, X]: Three, [f1, f2, fe]: Three) {
  const { cells, bed } = c;
  const { voidFraction: e, gasConstant: R, feedK, cpGasJMolK: cp, conductivityWMK: conductivity } = bed;
  const perDz = cells / bed.lengthM;
  const still = 0.7 * bed.diffusivityM2S;
  const ofErgun = ergun(bed);
  const { velocity, density } = ofErgun;
  const spread = bed.particleRadiusM / e;

  const flux = (face: number) => {
    const j = face - 1;
    const gradient = (P[j] - P[j + 1]) * perDz;
    const up = gradient >= 0 ? j : j + 1;
    const u = velocity(gradient, density(P[up], T[up], X[up]));
    const down = gradient >= 0 ? j + 1 : j;
    const back = 2 * up - down;
    const inside = back >= 0 && back < cells;
    const x = X[up] + limited(inside ? X[up] - X[back] : 0, X[down] - X[up]);
    const k = T[up] + limited(inside ? T[up] - T[back] : 0, T[down] - T[up]);
    const gas = (P[j] + P[j + 1]) / (2 * R * k);
    const flow = u * gas;
    const mixing = e * (still + Math.abs(u) * spread) * gas * (X[j + 1] - X[j]) * perDz;
    f1[face] = flow * x - mixing;
    f2[face] = flow * (1 - x) + mixing;
    fe[face] = flow * cp * (k - feedK) - conductivity * (T[j + 1] - T[j]) * perDz;
  };

  /** Writes the slopes of the face's fluxes: out[9 * s + 3 * w + r] of flux r by value w (Pa, K, mole fraction) of cell face - 2 + s, s from 0 to 3. */
  const slopes = (face: number, out: Float64Array) => {
    out.fill(0);
    const j = face - 1;
    const gradient = (P[j] - P[j + 1]) * perDz;
    const sign = gradient >= 0 ? 1 : -1;
    const up = gradient >= 0 ? j : j + 1;
    const down = gradient >= 0 ? j + 1 : j;
    const back = 2 * up - down;
    const inside = back >= 0 && back < cells;
    const rho = density(P[up], T[up], X[up]);
    const u = velocity(gradient, rho);
    const byGradient = ofErgun.byGradient(u, rho);
    const byRho = ofErgun.byDensity(u, rho);
    const [xBehind, xAhead] = [inside ? X[up] - X[back] : 0, X[down] - X[up]];
    const [kBehind, kAhead] = [inside ? T[up] - T[back] : 0, T[down] - T[up]];
    const x = X[up] + limited(xBehind, xAhead);
    const k = T[up] + limited(kBehind, kAhead);
    const gas = (P[j] + P[j + 1]) / (2 * R * k);
    const step = e * (X[j + 1] - X[j]) * perDz;
    const reach = still + Math.abs(u) * spread;
    const add = (cell: number, w: number, du: number, dx: number, dk: number, dgas: number) => {
      const flow = du * gas + u * dgas;
      const mixing = step * (sign * du * spread * gas + reach * dgas);
      const at = 9 * (cell - face + 2) + 3 * w;
      out[at] += flow * x + u * gas * dx - mixing;
      out[at + 1] += flow * (1 - x) - u * gas * dx + mixing;
      out[at + 2] += cp * (flow * (k - feedK) + u * gas * dk);
    };
    const gasByPa = 1 / (2 * R * k);
    add(j, 0, byGradient * perDz, 0, 0, gasByPa);
    add(j + 1, 0, -byGradient * perDz, 0, 0, gasByPa);
    add(up, 0, (byRho * rho) / P[up], 0, 0, 0);
    add(up, 1, (-byRho * rho) / T[up], 0, 0, 0);
    add(up, 2, (byRho * P[up] * (MOLAR_KG[0] - MOLAR_KG[1])) / (R * T[up]), 0, 0, 0);
    const [xb, xa] = [limitedSlope(xBehind, xAhead), limitedSlope(xAhead, xBehind)];
    add(up, 2, 0, 1 + xb - xa, 0, 0);
    add(down, 2, 0, xa, 0, 0);
    const [kb, ka] = [limitedSlope(kBehind, kAhead), limitedSlope(kAhead, kBehind)];
    const gasByK = -gas / k;
    add(up, 1, 0, 0, 1 + kb - ka, (1 + kb - ka) * gasByK);
    add(down, 1, 0, 0, ka, ka * gasByK);
    if (inside) {
      add(back, 2, 0, -xb, 0, 0);
      add(back, 1, 0, 0, -kb, -kb * gasByK);
    }
    const diffusion = e * reach * gas * perDz;
    const conduction = conductivity * perDz;
    for (const [slot, way] of [
      [1, -1],
      [2, 1],
    ]) {
      out[9 * slot + 6] -= way * diffusion;
      out[9 * slot + 7] += way * diffusion;
      out[9 * slot + 5] -= way * conduction;
    }
  };
  return { flux, slopes };
}

/** van Leer's limited half difference from the differences behind and ahead of the upwind cell: their harmonic mean, or 0 at an extremum. */
function limited(behind: number, ahead: number): number {
  const product = behind * ahead;
  return product > 0 ? product / (behind + ahead) : 0;
}

/** Its slope by the first of the two differences. */
function limitedSlope(a: number, b: number): number {
  return a * b > 0 ? (b / (a + b)) ** 2 : 0;
}
