// The energy balance model of n ocean layers with first-order lag of the forcing (Cummins et al. 2020, J. Climate 33, 7909, eqs. 10-14;
// deep ocean efficacy as Geoffroy et al. 2013). Trap: the state has one element more than there are layers. Element 0 is the forcing that
// reaches the ocean, lagged at the rate gamma, so gamma matters even when there is no noise.
import { ClimateError } from '../error.ts';
import { makeExpm } from './expm.ts';

/** One model: heat capacities W yr m-2 K-1 and transfers W m-2 K-1 from the top layer down; efficacy 1; gamma 1/yr; F of 4xCO2, W/m2. */
export interface EnergyBalance {
  readonly heatCapacity: readonly number[];
  readonly heatTransfer: readonly number[];
  readonly deepOceanEfficacy: number;
  readonly gammaAutocorrelation: number;
  readonly forcing4co2: number;
}

/** Throws `bad-parameter` unless there are two layers or more and every number is finite and, where it must be, positive. */
export function checkEnergyBalance(model: EnergyBalance, name = 'energy balance model'): void {
  const n = model.heatCapacity.length;
  if (n < 2 || model.heatTransfer.length !== n)
    throw new ClimateError(
      'bad-parameter',
      `${name}: ${n} heat capacities and ${model.heatTransfer.length} heat transfers; give the same number of both, two or more`,
    );
  const fine = (v: number) => v > 0 && v < Number.POSITIVE_INFINITY;
  if (
    model.heatCapacity.every(fine) &&
    model.heatTransfer.every(fine) &&
    fine(model.deepOceanEfficacy) &&
    fine(model.gammaAutocorrelation)
  )
    return;
  const named = [
    ...model.heatCapacity.map((v, i) => [`ocean_heat_capacity[${i}]`, v] as const),
    ...model.heatTransfer.map((v, i) => [`ocean_heat_transfer[${i}]`, v] as const),
    ['deep_ocean_efficacy', model.deepOceanEfficacy] as const,
    ['gamma_autocorrelation', model.gammaAutocorrelation] as const,
  ];
  const [label, v] = named.find(([, x]) => !fine(x))!;
  throw new ClimateError('bad-parameter', `${name}: ${label} is ${v}; it must be a positive number`);
}

/** Writes the continuous system matrix (row-major, order n+1, with the given row stride) for a time step in years. */
export function systemMatrix(model: EnergyBalance, stepYears: number, out: Float64Array, stride: number): void {
  const n = model.heatCapacity.length;
  for (let r = 0; r <= n; r++) for (let c = 0; c <= n; c++) out[r * stride + c] = 0;
  const capacity = (i: number) => model.heatCapacity[i] / stepYears;
  out[0] = -model.gammaAutocorrelation;
  out[stride] = 1 / capacity(0);
  for (let i = 0; i < n; i++) {
    const row = (i + 1) * stride;
    const up = model.heatTransfer[i];
    const efficacy = i === n - 2 ? model.deepOceanEfficacy : 1;
    const down = i < n - 1 ? efficacy * model.heatTransfer[i + 1] : 0;
    if (i > 0) out[row + i] = up / capacity(i);
    out[row + i + 1] = -(up + down) / capacity(i);
    if (i < n - 1) out[row + i + 2] = down / capacity(i);
  }
}

/** One step's propagator: state' = matrix (row-major, order n+1) state + vector forcing. */
export interface Propagator {
  readonly matrix: Float64Array;
  readonly vector: Float64Array;
}

/**
 * A maker of propagators for models of `layers` layers. The matrix and the response to a forcing held for the step come from one
 * exponential of the system with the forcing as an extra, constant state (Van Loan 1978), which also works when the system is singular.
 */
export function makeDiscretise(layers: number): (model: EnergyBalance, stepYears: number) => Propagator {
  const n = layers + 1;
  const work = new Float64Array((n + 1) * (n + 1));
  const expm = makeExpm(n + 1);
  return (model, stepYears) => {
    work.fill(0);
    systemMatrix(model, stepYears, work, n + 1);
    work[n] = model.gammaAutocorrelation;
    expm(work);
    const matrix = new Float64Array(n * n);
    const vector = new Float64Array(n);
    for (let r = 0; r < n; r++) {
      for (let c = 0; c < n; c++) matrix[r * n + c] = work[r * (n + 1) + c];
      vector[r] = work[r * (n + 1) + n];
    }
    return { matrix, vector };
  };
}

/** Layer temperatures, K, row-major steps x layers, from rest under a forcing in W/m2; row t follows forcing[t-1]. */
export function runEnergyBalance(model: EnergyBalance, forcing: ArrayLike<number>, stepYears = 1): Float64Array {
  checkEnergyBalance(model);
  const layers = model.heatCapacity.length;
  const n = layers + 1;
  const { matrix, vector } = makeDiscretise(layers)(model, stepYears);
  let state = new Float64Array(n);
  let next = new Float64Array(n);
  const out = new Float64Array(forcing.length * layers);
  for (let t = 1; t < forcing.length; t++) {
    for (let r = 0; r < n; r++) {
      let s = vector[r] * forcing[t - 1];
      for (let c = 0; c < n; c++) s += matrix[r * n + c] * state[c];
      next[r] = s;
    }
    [state, next] = [next, state];
    out.set(state.subarray(1), t * layers);
  }
  return out;
}
