// QAOA (Farhi, Goldstone, Gutmann, arXiv:1411.4028) on the state vector simulator: p rounds of phases by the problem and rx on every qubit,
// angles found round by round (qaoa-angles.ts), then shots; the answer is the best point seen, as on a device. Angles are judged by the mean of
// the best fifth of shots (conditional value at risk: Barkoutsos et al., Quantum 4:256, 2020), since the best shot is what counts.
import type { Random } from '@madang/numerics';
import { QuantumError } from '../error.ts';
import type { Step } from '../state/lower.ts';
import { wasmState } from '../state/wasm-state.ts';
import { findAngles } from './qaoa-angles.ts';
import { allValues, bitsOf, type Qubo } from './qubo.ts';

export interface QaoaOptions {
  /** Default 3. */
  readonly rounds?: number;
  /** Evaluations that polish the angles of each number of rounds; default 50 for each angle. */
  readonly evaluations?: number;
  /** Samples taken from the final state; default 1000. */
  readonly shots?: number;
  readonly onEvaluation?: () => void;
}

export interface QaoaResult {
  /** Best of the shots. */
  readonly x: Uint8Array;
  readonly value: number;
  /** Mean value of one shot. */
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
  const { rounds = 3, evaluations = 50, shots = 1000 } = options;
  const n = q.variables;
  if (n > 24) throw new QuantumError('too-large', `QAOA is simulated for up to 24 variables, not ${n}`);
  const values = allValues(q);
  let mean = 0;
  for (const v of values) mean += v / values.length;
  // Spread of the values: one standard deviation becomes one.
  let spread = 0;
  for (const v of values) spread += (v - mean) ** 2 / values.length;
  const scale = Math.sqrt(spread) || 1;
  const state = wasmState(n);
  const prepare = (gammas: readonly number[], betas: readonly number[]): Float64Array => {
    state.clear();
    state.run(qaoaSteps(q, scale, gammas, betas));
    return state.amplitudes();
  };
  const order = Uint32Array.from(values, (_, i) => i).sort((i, j) => values[i] - values[j]);
  const least = values[order[0]];
  const tail = (gammas: readonly number[], betas: readonly number[]): number => {
    options.onEvaluation?.();
    return meanOfBest(values, order, prepare(gammas, betas)) / scale;
  };
  const found = findAngles(tail, rounds, evaluations);
  const a = prepare(found.gammas, found.betas);
  let successProbability = 0;
  let expectation = 0;
  const tolerance = 1e-9 * Math.max(1, Math.abs(least));
  for (let i = 0; i < values.length; i++) {
    const p = a[2 * i] ** 2 + a[2 * i + 1] ** 2;
    expectation += p * values[i];
    if (values[i] <= least + tolerance) successProbability += p;
  }
  const draws = Float64Array.from({ length: shots }, () => random.uniform()).sort();
  let best = -1;
  for (const index of state.sample(draws)) if (best < 0 || values[index] < values[best]) best = index;
  return {
    x: bitsOf(best, n),
    value: values[best],
    expectation,
    successProbability,
    angles: [...found.gammas, ...found.betas],
    evaluations: found.evaluations,
  };
}

/** Share of the shots that angles are judged by. */
const TAIL = 0.2;

/** Mean value of the best part of all shots; `order` sorts the points by value. */
function meanOfBest(values: Float64Array, order: Uint32Array, amplitudes: Float64Array): number {
  let left = TAIL;
  let sum = 0;
  for (const i of order) {
    const p = Math.min(left, amplitudes[2 * i] ** 2 + amplitudes[2 * i + 1] ** 2);
    sum += p * values[i];
    left -= p;
    if (left <= 0) break;
  }
  return sum / (TAIL - Math.max(0, left));
}
