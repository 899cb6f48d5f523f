// What happens at the two ends of a column: their fluxes, and the slopes of these by pressure, temperature and composition of the end's cell.
// What goes through an open end has one composition whichever way it goes, an inlet's that of the feed, an outlet's that of its cell: a composition that
// leaps where the flow turns would send Newton's iteration to and fro, since the pressures of a predicted state do not tell the way of the flow.
import type { Column } from './column.ts';
import { ergun, MOLAR_KG, type Three } from './face.ts';

/** Flows are positive into the column, mol/m2/s; what comes in has composition `co2` and temperature `k`. */
export type End =
  | { readonly kind: 'closed' }
  | { readonly kind: 'flow'; readonly molM2S: number; readonly co2: number; readonly k: number }
  | { readonly kind: 'inlet'; readonly pa: (t: number) => number; readonly co2: number; readonly k: number }
  | { readonly kind: 'outlet'; readonly pa: (t: number) => number };

/** Both ends of a column whose `cells` hold pressure, temperature and mole fraction of CO2; `fluxes` as in face.ts. */
export function ends(c: Column, left: End, right: End, [P, T, X]: Three, [f1, f2, fe]: Three) {
  const { cells, bed } = c;
  const { gasConstant: R, feedK, cpGasJMolK: cp } = bed;
  const half = bed.lengthM / cells / 2;
  const { velocity, density, drop, byGradient, byDensity } = ergun(bed);

  /** Writes an end's fluxes; gives the pressure at it. */
  const flux = (face: number, t: number): number => {
    const [end, cell, into] = face === 0 ? ([left, 0, 1] as const) : ([right, cells - 1, -1] as const);
    if (end.kind === 'closed') {
      f1[face] = f2[face] = fe[face] = 0;
      return P[cell];
    }
    if (end.kind === 'flow') {
      f1[face] = into * end.molM2S * end.co2;
      f2[face] = into * end.molM2S * (1 - end.co2);
      fe[face] = into * end.molM2S * cp * (end.k - feedK);
      const u = (end.molM2S * R * end.k) / P[cell];
      return P[cell] + drop(u, density(P[cell], end.k, end.co2)) * half;
    }
    const pa = end.pa(t);
    const inlet = end.kind === 'inlet';
    const x = inlet ? end.co2 : X[cell];
    const k = inlet ? end.k : T[cell];
    const flow = into * velocity((pa - P[cell]) / half, density(pa, k, x)) * (pa / (R * k));
    f1[face] = flow * x;
    f2[face] = flow * (1 - x);
    fe[face] = flow * cp * (k - feedK);
    return pa;
  };

  /** Writes their slopes: out[3 * w + r] of flux r by value w (Pa, K, mole fraction). */
  const slopes = (face: number, t: number, out: Float64Array) => {
    out.fill(0, 0, 9);
    const [end, cell, into] = face === 0 ? ([left, 0, 1] as const) : ([right, cells - 1, -1] as const);
    if (end.kind === 'closed' || end.kind === 'flow') return;
    const inlet = end.kind === 'inlet';
    const pa = end.pa(t);
    const x = inlet ? end.co2 : X[cell];
    const k = inlet ? end.k : T[cell];
    const rho = density(pa, k, x);
    const u = velocity((pa - P[cell]) / half, rho);
    const gas = (into * pa) / (R * k);
    const add = (w: number, flow: number) => {
      out[3 * w] += flow * x;
      out[3 * w + 1] += flow * (1 - x);
      out[3 * w + 2] += flow * cp * (k - feedK);
    };
    add(0, (-gas * byGradient(u, rho)) / half);
    if (inlet) return;
    add(1, (-gas * (byDensity(u, rho) * rho + u)) / k);
    add(2, (gas * byDensity(u, rho) * pa * (MOLAR_KG[0] - MOLAR_KG[1])) / (R * k));
    out[5] += u * gas * cp;
    out[6] += u * gas;
    out[7] -= u * gas;
  };
  return { flux, slopes };
}
