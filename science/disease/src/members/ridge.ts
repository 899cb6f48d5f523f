// The shared ridge: location, scale and shape from sums alone, so that a federation trains it with secure aggregation and gets exactly
// the pooled model. Location: ridge regression of the increment. Scale: a second ridge on the log absolute residual with the same Gram
// matrix. Shape: counts of standardised residuals by step. Forecast = location + scale x quantile of shape: quantiles cannot cross.
import { cholesky, choleskySolve } from '@madang/numerics';
import { LEVELS } from '../levels.ts';
import type { Design } from '../panel/design.ts';
import { type Encoding, type EncodingPlan, type Moments, makeEncoding, momentsOf } from './encoding.ts';
import { type Member, QUANTILES, type Trained } from './member.ts';

/** The spread of increments grows about so with the step. */
const STEP_POWER = 0.7;

/** What increments over `step` periods are divided by, so that all steps have one spread. */
export const stepUnit = (step: number): number => step ** STEP_POWER;

/**
 * The design with increments in units of their step. Without it the long steps decide the fit, and the pull to 0 leaves the shortest
 * step with half of the longest one's effect (docs/decisions/0033).
 */
export function perStep(d: Design): Design {
  return { ...d, y: d.y.map((y, i) => y / stepUnit(d.step[i])) };
}

export interface RidgePlan extends EncodingPlan {
  /**
   * Penalty on every coefficient but the constant, as a share of the total weight, times the number of distinct periods in the rows:
   * rows of one period share their surprises, so periods, not rows, say how much has been seen.
   */
  readonly penaltyPeriods: number;
}

/** First upload: Gram matrix X'WX (lower triangle filled, row-major), X'Wy and the total weight. */
export interface RidgeSums {
  readonly size: number;
  readonly gram: Float64Array;
  readonly moment: Float64Array;
  readonly weight: number;
}

/** Added to |residual| before the logarithm, on the z scale. */
export const LOG_FLOOR = 0.002;
/** Shape cells: equal in asinh of the standardised residual, symmetric, `SHAPE_CELLS` a step. */
export const SHAPE_CELLS = 240;
const SHAPE_LIMIT = 4.2;

/** Shape cell of a standardised residual; the outermost are open. */
export function shapeCell(u: number): number {
  const cell = Math.floor((Math.asinh(u) / SHAPE_LIMIT + 1) * (SHAPE_CELLS / 2));
  return Math.min(SHAPE_CELLS - 1, Math.max(0, cell));
}

/** The sums of one node's rows for the location; those of several nodes add up. */
export function ridgeSums(d: Design, encoding: Encoding): RidgeSums {
  const p = encoding.size;
  const gram = new Float64Array(p * p);
  const moment = new Float64Array(p);
  let weight = 0;
  const block = 8;
  const z = new Float64Array(block * p);
  for (let i = 0; i < d.rows; i += block) {
    const n = Math.min(block, d.rows - i);
    z.fill(0, n * p);
    for (let r = 0; r < n; r++) {
      const w = d.weight[i + r];
      encoding.encode(d, i + r, z, r * p);
      const root = Math.sqrt(w);
      const y = root * d.y[i + r];
      for (let k = 0; k < p; k++) {
        const v = z[r * p + k] * root;
        z[r * p + k] = v;
        moment[k] += v * y;
      }
      weight += w;
    }
    addGram(gram, z, p);
  }
  return { size: p, gram, moment, weight };
}

/** Adds the outer products of eight rows to the lower triangle; eight at a time, so that each cell is loaded once. */
function addGram(gram: Float64Array, z: Float64Array, p: number): void {
  const r0 = z.subarray(0, p);
  const r1 = z.subarray(p, 2 * p);
  const r2 = z.subarray(2 * p, 3 * p);
  const r3 = z.subarray(3 * p, 4 * p);
  const r4 = z.subarray(4 * p, 5 * p);
  const r5 = z.subarray(5 * p, 6 * p);
  const r6 = z.subarray(6 * p, 7 * p);
  const r7 = z.subarray(7 * p, 8 * p);
  for (let i = 0; i < p; i++) {
    const a0 = r0[i];
    const a1 = r1[i];
    const a2 = r2[i];
    const a3 = r3[i];
    const a4 = r4[i];
    const a5 = r5[i];
    const a6 = r6[i];
    const a7 = r7[i];
    const row = gram.subarray(i * p, i * p + i + 1);
    for (let j = 0; j <= i; j++) {
      row[j] += a0 * r0[j] + a1 * r1[j] + a2 * r2[j] + a3 * r3[j] + a4 * r4[j] + a5 * r5[j] + a6 * r6[j] + a7 * r7[j];
    }
  }
}

/** Factor of the penalised Gram matrix, good for both solves. */
export function ridgeFactor(sums: RidgeSums, penalty: number): Float64Array {
  const a = sums.gram.slice();
  const p = sums.size;
  for (let k = 0; k < p; k++) a[k * p + k] += (k === 0 ? 1e-9 : penalty) * Math.max(sums.weight, 1e-9) + 1e-9;
  return cholesky(a, p);
}

/** Second upload: X'W log(|residual| + floor) for a published location. */
export function scaleSums(d: Design, encoding: Encoding, location: Float64Array): Float64Array {
  const p = encoding.size;
  const z = new Float64Array(p);
  const out = new Float64Array(p);
  for (let i = 0; i < d.rows; i++) {
    encoding.encode(d, i, z, 0);
    const target = d.weight[i] * Math.log(Math.abs(d.y[i] - dot(z, location)) + LOG_FLOOR);
    for (let k = 0; k < p; k++) out[k] += z[k] * target;
  }
  return out;
}

/** Third upload: counts of standardised residuals, steps x {@link SHAPE_CELLS}, weighted. */
export function shapeSums(
  d: Design,
  encoding: Encoding,
  location: Float64Array,
  scale: Float64Array,
  steps: number,
): Float64Array {
  const z = new Float64Array(encoding.size);
  const out = new Float64Array(steps * SHAPE_CELLS);
  for (let i = 0; i < d.rows; i++) {
    encoding.encode(d, i, z, 0);
    const u = (d.y[i] - dot(z, location)) / Math.exp(dot(z, scale));
    out[(d.step[i] - 1) * SHAPE_CELLS + shapeCell(u)] += d.weight[i];
  }
  return out;
}

/** Quantiles of the shape of each step; a step without rows takes the nearest one's. Negative (noised) counts are read as their running maximum. */
export function shapeQuantiles(
  counts: Float64Array,
  steps: number,
  cells: number = SHAPE_CELLS,
  limit: number = SHAPE_LIMIT,
): Float64Array {
  const out = new Float64Array(steps * QUANTILES).fill(Number.NaN);
  for (let s = 0; s < steps; s++) {
    const c = counts.subarray(s * cells, (s + 1) * cells);
    let total = 0;
    for (const v of c) total += v;
    if (!(total > 0)) continue;
    let k = 0;
    let sum = 0;
    let cdf = 0;
    for (let b = 0; b < cells && k < QUANTILES; b++) {
      sum += c[b];
      const next = Math.max(cdf, sum / total);
      while (k < QUANTILES && LEVELS[k] <= next) {
        const f = next > cdf ? (LEVELS[k] - cdf) / (next - cdf) : 0.5;
        out[s * QUANTILES + k] = Math.sinh(((b + f) / (cells / 2) - 1) * limit);
        k += 1;
      }
      cdf = next;
    }
    for (; k < QUANTILES; k++) out[s * QUANTILES + k] = Math.sinh(limit);
  }
  for (let s = 0; s < steps; s++) {
    if (!Number.isNaN(out[s * QUANTILES])) continue;
    for (let gap = 1; gap < steps; gap++) {
      const from = [s - gap, s + gap].find(x => x >= 0 && x < steps && !Number.isNaN(out[x * QUANTILES]));
      if (from === undefined) continue;
      out.set(out.subarray(from * QUANTILES, (from + 1) * QUANTILES), s * QUANTILES);
      break;
    }
  }
  return out;
}

/** A trained ridge: what a federation publishes. */
export interface RidgeModel {
  readonly encoding: Encoding;
  readonly location: Float64Array;
  readonly scale: Float64Array;
  /** steps x 23. */
  readonly shape: Float64Array;
  readonly steps: number;
  /** True: fitted to increments in units of their step ({@link perStep}). */
  readonly perStep?: boolean;
}

/** Fits the three parts on rows that are all at hand. */
export function fitRidge(rows: Design, plan: RidgePlan, steps: number, moments: Moments = momentsOf(rows)): RidgeModel {
  const d = perStep(rows);
  const encoding = makeEncoding(d.columns, moments, plan);
  const sums = ridgeSums(d, encoding);
  const factor = ridgeFactor(sums, plan.penaltyPeriods / periodsOf(d));
  const location = choleskySolve(factor, sums.size, sums.moment);
  const scale = choleskySolve(factor, sums.size, scaleSums(d, encoding, location));
  const shape = shapeQuantiles(shapeSums(d, encoding, location, scale, steps), steps);
  return { encoding, location, scale, shape, steps, perStep: true };
}

/** Number of distinct base periods in a design. */
export function periodsOf(d: Design): number {
  return new Set(d.period).size;
}

/** Expected increments of the rows. */
export function ridgeMeans(model: RidgeModel, d: Design): Float64Array {
  const z = new Float64Array(model.encoding.size);
  return Float64Array.from({ length: d.rows }, (_, i) => {
    model.encoding.encode(d, i, z, 0);
    return (model.perStep ? stepUnit(d.step[i]) : 1) * dot(z, model.location);
  });
}

/** No row's log scale exceeds the usual one by more: a line through logs explodes on rows unlike any seen. */
export const SCALE_ROOM = 2;

/** Scales of the rows: geometric mean absolute residuals, on the transformed scale. */
export function ridgeScales(model: RidgeModel, d: Design): Float64Array {
  const log = ridgeMeans({ ...model, location: model.scale, perStep: false }, d);
  return log.map(
    (s, i) => (model.perStep ? stepUnit(d.step[i]) : 1) * Math.exp(Math.min(1, model.scale[0] + SCALE_ROOM, s)),
  );
}

/** Quantiles of increments from a trained ridge. */
export function ridgeQuantiles(model: RidgeModel, d: Design): Float32Array {
  const mean = ridgeMeans(model, d);
  const scale = ridgeScales(model, d);
  const out = new Float32Array(d.rows * QUANTILES);
  for (let i = 0; i < d.rows; i++) {
    const s = (Math.min(model.steps, d.step[i]) - 1) * QUANTILES;
    for (let k = 0; k < QUANTILES; k++) out[i * QUANTILES + k] = mean[i] + scale[i] * model.shape[s + k];
  }
  return out;
}

/** The shared ridge as a member of the stack. */
export function ridgeMember(name: string, plan: Omit<RidgePlan, 'seed'>, steps: number): Member {
  return {
    name,
    train(design, seed): Trained {
      const model = fitRidge(design, { ...plan, seed }, steps);
      return { quantiles: d => ridgeQuantiles(model, d) };
    },
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let k = 0; k < a.length; k++) s += a[k] * b[k];
  return s;
}
