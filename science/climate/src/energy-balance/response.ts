// Impulse response form and emergent parameters of an energy balance model: time scales, response coefficients, ECS and TCR.
// The layer matrix is tridiagonal with positive off-diagonal products, so a diagonal scaling makes it symmetric and its
// eigenvalues real; the method is Jacobi's on that symmetric matrix (Golub and Van Loan, section 8.5).
import { DOUBLING_TIME_1PCT_YR } from '../earth.ts';
import { checkEnergyBalance, type EnergyBalance, systemMatrix } from './system.ts';

/** Time scales in years, shortest first, with the temperature each adds in the end per unit of forcing, K per W/m2. */
export interface ImpulseResponse {
  readonly timescalesYr: readonly number[];
  readonly coefficients: readonly number[];
}

export function impulseResponse(model: EnergyBalance): ImpulseResponse {
  checkEnergyBalance(model);
  const n = model.heatCapacity.length;
  const full = new Float64Array((n + 1) * (n + 1));
  systemMatrix(model, 1, full, n + 1);
  const at = (r: number, c: number) => full[(r + 1) * (n + 1) + c + 1];
  // d[i] scales row i so that S = D A D^-1 is symmetric.
  const s = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    s[i * n + i] = at(i, i);
    if (i + 1 < n) s[i * n + i + 1] = s[(i + 1) * n + i] = Math.sqrt(at(i, i + 1) * at(i + 1, i));
  }
  const { values, vectors } = jacobi(s, n);
  const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
  // With A = D^-1 V L V' D the entry (0,0) of each eigen-projection is v[0]^2, whatever D is.
  const timescalesYr = order.map(k => -1 / values[k]);
  const coefficients = order.map((k, i) => (timescalesYr[i] * vectors[k] * vectors[k]) / model.heatCapacity[0]);
  return { timescalesYr, coefficients };
}

/**
 * Equilibrium climate sensitivity and transient climate response, K. `ratio2to4` is the forcing of doubled over that of quadrupled CO2
 * (0.5 by convention).
 */
export function emergentParameters(
  model: EnergyBalance,
  ratio2to4 = 0.5,
): { readonly ecsK: number; readonly tcrK: number } {
  const { timescalesYr, coefficients } = impulseResponse(model);
  const f2x = model.forcing4co2 * ratio2to4;
  const d = DOUBLING_TIME_1PCT_YR;
  let ecsK = 0;
  let tcrK = 0;
  for (const [i, tau] of timescalesYr.entries()) {
    ecsK += f2x * coefficients[i];
    tcrK += f2x * coefficients[i] * (1 - (tau / d) * (1 - Math.exp(-d / tau)));
  }
  return { ecsK, tcrK };
}

/** Eigenvalues of a symmetric matrix and, for each, element (0,k) of the orthonormal eigenvectors. Destroys `s`. */
function jacobi(s: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    let diagonal = 0;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        if (i === j) diagonal += s[i * n + i] ** 2;
        else off += s[i * n + j] ** 2;
      }
    if (off <= 1e-36 * diagonal) break;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const b = s[p * n + q];
        if (b === 0) continue;
        const theta = (s[q * n + q] - s[p * n + p]) / (2 * b);
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const sn = t * c;
        for (let k = 0; k < n; k++) {
          const x = s[k * n + p];
          const y = s[k * n + q];
          s[k * n + p] = c * x - sn * y;
          s[k * n + q] = sn * x + c * y;
        }
        for (let k = 0; k < n; k++) {
          const x = s[p * n + k];
          const y = s[q * n + k];
          s[p * n + k] = c * x - sn * y;
          s[q * n + k] = sn * x + c * y;
          const g = v[k * n + p];
          const h = v[k * n + q];
          v[k * n + p] = c * g - sn * h;
          v[k * n + q] = sn * g + c * h;
        }
      }
    }
  }
  return { values: Float64Array.from({ length: n }, (_, i) => s[i * n + i]), vectors: v.slice(0, n) };
}
