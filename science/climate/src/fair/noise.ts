// Internal variability: noise on the lagged forcing and on the surface layer (Cummins et al. 2020, eqs. 13 and 14), whose covariance over a
// step is found with one matrix exponential (Van Loan 1978). Seeded per member by name, so that a share of the ensemble draws the same.
import type { Random } from '@madang/numerics';
import { makeExpm } from '../energy-balance/expm.ts';
import { systemMatrix } from '../energy-balance/system.ts';
import { energyBalanceOf, type FairModel } from './parameters.ts';

/** Covariance (row-major, order layers + 1) of what noise adds to the state over one step. */
export function noiseCovariance(model: FairModel, member: number, stepYears: number): Float64Array {
  const ebm = energyBalanceOf(model, member);
  const n = ebm.heatCapacity.length + 1;
  const a = new Float64Array(n * n);
  systemMatrix(ebm, stepYears, a, n);
  const size = 2 * n;
  const h = new Float64Array(size * size);
  for (let r = 0; r < n; r++) {
    for (let c = 0; c < n; c++) {
      h[r * size + c] = -a[r * n + c];
      h[(r + n) * size + c + n] = a[c * n + r];
    }
  }
  h[n] = model.climate.sigmaEta[member] ** 2;
  h[size + n + 1] = (model.climate.sigmaXi[member] / (ebm.heatCapacity[0] / stepYears)) ** 2;
  makeExpm(size)(h);
  const q = new Float64Array(n * n);
  for (let r = 0; r < n; r++) {
    for (let c = 0; c < n; c++) {
      let s = 0;
      for (let k = 0; k < n; k++) s += h[(k + n) * size + r + n] * h[k * size + c + n];
      q[r * n + c] = s;
    }
  }
  for (let r = 0; r < n; r++)
    for (let c = 0; c < r; c++) q[r * n + c] = q[c * n + r] = 0.5 * (q[r * n + c] + q[c * n + r]);
  return q;
}

/** Noise for a run of `count` steps: (count + 1) x (layers + 1) x members; the first bound has none. */
export function drawNoise(model: FairModel, count: number, stepYears: number, random: Random): Float64Array {
  const members = model.members.length;
  const n = model.climate.heatCapacity.length + 1;
  const out = new Float64Array((count + 1) * n * members);
  const z = new Float64Array(n);
  for (const [m, name] of model.members.entries()) {
    const l = factor(noiseCovariance(model, m, stepYears), n);
    const stream = random.fork(`member ${name}`);
    for (let t = 1; t <= count; t++) {
      for (let k = 0; k < n; k++) z[k] = stream.normal();
      for (let r = 0; r < n; r++) {
        let s = 0;
        for (let k = 0; k <= r; k++) s += l[r * n + k] * z[k];
        out[(t * n + r) * members + m] = s;
      }
    }
  }
  return out;
}

/** Lower factor L with L L' = a for a covariance that may be singular: a pivot lost in rounding becomes 0 (the deep ocean gets next to no noise). */
function factor(a: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let s = a[i * n + j];
      for (let k = 0; k < j; k++) s -= l[i * n + k] * l[j * n + k];
      if (i === j) l[i * n + i] = s > 1e-14 * a[i * n + i] ? Math.sqrt(s) : 0;
      else l[i * n + j] = l[j * n + j] > 0 ? s / l[j * n + j] : 0;
    }
  }
  return l;
}
