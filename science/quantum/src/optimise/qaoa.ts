// QAOA (Farhi, Goldstone, Gutmann, arXiv:1411.4028) on the state vector simulator: p rounds of phases by the problem and rx on every qubit,
// angles by Nelder and Mead on the exact expectation from a linear ramp, then shots; the answer is the best point seen, as on a device.
import type { Random } from '@madang/numerics';
import { QuantumError } from '../error.ts';
import type { Step } from '../state/lower.ts';
import { wasmState } from '../state/wasm-state.ts';
import { nelderMead } from './nelder-mead.ts';
import { allValues, bitsOf, type Qubo } from './qubo.ts';

export interface QaoaOptions {
  /** Default 3. */
  readonly rounds?: number;
  /** Evaluations of the expectation; default 200. */
  readonly evaluations?: number;
  /** Samples taken from the final state; default 1000. */
  readonly shots?: number;
  readonly onEvaluation?: () => void;
}

export interface QaoaResult {
  /** Best of the shots. */
  readonly x: Uint8Array;
  readonly value: number;
  /** Mean value of the final state. */
  readonly expectation: number;
  /** Probability of the best value over all points. */
  readonly successProbability: number;
  /** Angles: gamma of each round, then beta of each. */
  readonly angles: readonly number[];
  readonly evaluations: number;
}

/** The steps of one QAOA circuit; `scale` divides the problem's values so that angles are of order one. */
export function qaoaSteps(q: Qubo, scale: number, gammas: readonly number[], betas: readonly number[]): Step[] {
  const n = q.variables;
  const steps: Step[] = [];
  const h = Math.SQRT1_2;
  for (let i = 0; i < n; i++)
    steps.push({ kind: 'matrix', targets: [i], on: [], wanted: 0, matrix: Float64Array.of(h, 0, h, 0, h, 0, -h, 0) });
  const phase = (on: number[], angle: number): void => {
    if (angle !== 0)
      steps.push({ kind: 'phase', on, wanted: 2 ** on.length - 1, re: Math.cos(angle), im: Math.sin(angle) });
  };
  for (const [r, gamma] of gammas.entries()) {
    for (let i = 0; i < n; i++) {
      phase([i], (-gamma * q.linear[i]) / scale);
      for (let j = i + 1; j < n; j++) phase([i, j], (-gamma * q.quadratic[i * n + j]) / scale);
    }
    const c = Math.cos(betas[r]);
    const s = -Math.sin(betas[r]);
    for (let i = 0; i < n; i++)
      steps.push({ kind: 'matrix', targets: [i], on: [], wanted: 0, matrix: Float64Array.of(c, 0, 0, s, 0, s, c, 0) });
  }
  return steps;
}

/** Throws QuantumError 'too-large' beyond 24 variables. */
export function qaoa(q: Qubo, random: Random, options: QaoaOptions = {}): QaoaResult {
  const { rounds = 3, evaluations = 200, shots = 1000 } = options;
  const n = q.variables;
  if (n > 24) throw new QuantumError('too-large', `QAOA is simulated for up to 24 variables, not ${n}`);
  const values = allValues(q);
  let least = Number.POSITIVE_INFINITY;
  let mean = 0;
  for (const v of values) {
    least = Math.min(least, v);
    mean += v / values.length;
  }
  // Spread of the values: one standard deviation becomes one.
  let spread = 0;
  for (const v of values) spread += (v - mean) ** 2 / values.length;
  const scale = Math.sqrt(spread) || 1;
  const state = wasmState(n);
  const prepare = (angles: readonly number[]): Float64Array => {
    state.clear();
    state.run(qaoaSteps(q, scale, angles.slice(0, rounds), angles.slice(rounds)));
    return state.amplitudes();
  };
  const expectation = (angles: readonly number[]): number => {
    const a = prepare(angles);
    let e = 0;
    for (let i = 0; i < values.length; i++) e += values[i] * (a[2 * i] ** 2 + a[2 * i + 1] ** 2);
    options.onEvaluation?.();
    return e;
  };
  // A ramp as in slow annealing: the problem grows, the mixing fades.
  const start = [
    ...Array.from({ length: rounds }, (_, r) => (0.7 * (r + 0.5)) / rounds),
    ...Array.from({ length: rounds }, (_, r) => 0.7 * (1 - (r + 0.5) / rounds)),
  ];
  const found = nelderMead(expectation, start, { step: 0.2, evaluations });
  const a = prepare(found.x);
  let successProbability = 0;
  const tolerance = 1e-9 * Math.max(1, Math.abs(least));
  for (let i = 0; i < values.length; i++)
    if (values[i] <= least + tolerance) successProbability += a[2 * i] ** 2 + a[2 * i + 1] ** 2;
  const draws = Float64Array.from({ length: shots }, () => random.uniform()).sort();
  let best = -1;
  for (const index of state.sample(draws)) if (best < 0 || values[index] < values[best]) best = index;
  return {
    x: bitsOf(best, n),
    value: values[best],
    expectation: found.value,
    successProbability,
    angles: found.x,
    evaluations: found.evaluations,
  };
}
