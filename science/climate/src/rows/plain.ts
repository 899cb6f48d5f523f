// The rows of rows.ts in plain TypeScript: the definition that the WebAssembly kernel is tested against, and the way where there is none.
import { GHG_FORMULAE } from '../fair/greenhouse.ts';
import type { Rows } from './rows.ts';

const UNIT = 2 ** 53;

/**
 * exp(-x) for x > 0. For tiny x it is the next double at or above the true value: so the vector library under the reference rounds, which
 * the expected CO2 shows (errors fall from 9e-6 to 4e-7 ppm against rounding to nearest). Either differs from the truth by less than 2e-16.
 */
export function survival(x: number): number {
  return x < 2 ** -20 ? 1 - Math.floor((x - 0.5 * x * x) * UNIT) / UNIT : Math.exp(-x);
}

/** No species changes methane's lifetime by a smaller factor: so FaIR 2.2.5 goes on where emissions far beyond its range would make it negative. */
export const LEAST_FACTOR = 0.01;

/** The factor of temperature must be positive; otherwise there is no lifetime. */
const positive = (x: number) => (x > 0 ? x : Number.NaN);

export function plainRows(members: number): Rows {
  const n = members;
  return {
    members,
    row: () => new Float64Array(n),
    exp(out, x) {
      for (let m = 0; m < n; m++) out[m] = Math.exp(x[m]);
    },
    log(out, x) {
      for (let m = 0; m < n; m++) out[m] = x[m] > 0 ? Math.log(x[m]) : Number.NaN;
    },
    alpha(out, gas, temperature, iirfMax) {
      const { g0, g1, iirf0, iirfUptake, iirfTemperature, iirfAirborne, airborne, cumulative } = gas;
      for (let m = 0; m < n; m++) {
        const a = airborne[m];
        const x =
          iirf0[m] + iirfUptake[m] * (cumulative[m] - a) + iirfTemperature[m] * temperature[m] + iirfAirborne[m] * a;
        const value = g0[m] * Math.exp(Math.min(x, iirfMax) / g1[m]);
        out[m] = Number.isNaN(value) ? 1 : value;
      }
    },
    decay(decay, gain, alpha, lifetime, fraction, step) {
      for (let m = 0; m < n; m++) {
        const scaled = alpha[m] * lifetime[m];
        const d = survival(step / scaled);
        decay[m] = d;
        gain[m] = fraction[m] * scaled * (1 - d);
      }
    },
    box(box, airborne, gain, decay, baseline, emissions) {
      for (let m = 0; m < n; m++) {
        const v = gain[m] * (emissions - baseline[m]) + box[m] * decay[m];
        box[m] = v;
        airborne[m] += v;
      }
    },
    setLinear(out, a, b, c) {
      for (let m = 0; m < n; m++) out[m] = a[m] + b[m] * c[m];
    },
    addNumber(out, x) {
      for (let m = 0; m < n; m++) out[m] += x;
    },
    add(out, a) {
      for (let m = 0; m < n; m++) out[m] += a[m];
    },
    addScaled(out, a, x) {
      for (let m = 0; m < n; m++) out[m] += a[m] * x;
    },
    addWeighted(out, weight, row, base) {
      for (let m = 0; m < n; m++) out[m] += weight[m] * (row[m] - base[m]);
    },
    setProduct(out, a, b) {
      for (let m = 0; m < n; m++) out[m] = a[m] * b[m];
    },
    addProduct(out, a, b) {
      for (let m = 0; m < n; m++) out[m] += a[m] * b[m];
    },
    propagate(state, next, matrix, vector, forcing) {
      const order = state.length;
      for (let m = 0; m < n; m++) {
        for (let r = 0; r < order; r++) {
          let sum = vector[r][m] * forcing[m];
          for (let c = 0; c < (r === 0 ? 1 : order); c++) sum += matrix[r * order + c][m] * state[c][m];
          next[r][m] = sum;
        }
        for (let r = 0; r < order; r++) state[r][m] = next[r][m];
      }
    },
    setFactor(out, row, sensitivity, common) {
      for (let m = 0; m < n; m++) out[m] = common * positive(1 + row[m] * sensitivity[m]);
    },
    mulFactor(out, row, base, sensitivity) {
      for (let m = 0; m < n; m++) out[m] *= Math.max(LEAST_FACTOR, 1 + (row[m] - base[m]) * sensitivity[m]);
    },
    aerosolCloud(out, scale, logBaseline) {
      for (let m = 0; m < n; m++) out[m] = scale[m] * (Math.log(1 + out[m]) - logBaseline[m]);
    },
    meinshausen(out, gas, f) {
      const formula = GHG_FORMULAE.meinshausen2020[gas];
      for (let m = 0; m < n; m++) {
        const value = formula(f.co2[m], f.ch4[m], f.n2o[m], f.co2Zero[m], f.ch4Zero[m], f.n2oZero[m]);
        out[m] = value * f.scale[m] - f.offset[m];
      }
    },
  };
}
