// The shared ridge: location, scale and shape from sums alone, so that a federation trains it with secure aggregation and gets exactly
// the pooled model. Location: ridge regression of the increment. Scale: a second ridge on the log absolute residual with the same Gram
// matrix. Shape: counts of standardised residuals by step. Forecast = location + scale x quantile of shape: quantiles cannot cross.
import { choleskySolve } from '@madang/numerics';
import type { Design } from '../panel/design.ts';
import { type Encoding, type EncodingPlan, type Moments, makeEncoding, momentsOf } from './encoding.ts';
import { type Member, QUANTILES, type Trained } from './member.ts';
import { shapeQuantiles, shapeSums } from './ridge-shape.ts';
import { dot, ridgeFactor, ridgeSums, scaleSums } from './ridge-sums.ts';
import { periodsOf, perStep, stepUnit } from './units.ts';

export interface RidgePlan extends EncodingPlan {
  /**
   * Penalty on every coefficient but the constant, as a share of the total weight, times the number of distinct periods in the rows:
   * rows of one period share their surprises, so periods, not rows, say how much has been seen.
   */
  readonly penaltyPeriods: number;
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
