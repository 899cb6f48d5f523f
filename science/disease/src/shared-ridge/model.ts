// From the three sums to the model, and from the model to a place's forecast. All of it is post-processing of what was released.
import { cholesky, choleskySolve } from '@madang/numerics';
import type { Series } from '../change-log.ts';
import { type RidgeModel, ridgeQuantiles } from '../members/ridge.ts';
import { shapeQuantiles } from '../members/ridge-shape.ts';
import { forecastDesign } from '../panel/design.ts';
import { featureMaker } from '../panel/features.ts';
import { makePanel } from '../panel/panel.ts';
import { CALENDAR, SHAPE_REACH, sharedRidgeEncoding } from './rows.ts';
import { LOG_CENTRE, type SharedRidgeSpec } from './spec.ts';

/** Coefficients and shape as released: what is published of a study. */
export interface SharedRidgeFit {
  readonly location: Float64Array;
  readonly scale: Float64Array;
  /** Weights of the cells. */
  readonly shape: Float64Array;
}

/**
 * Solves for coefficients. `upper` is the triangle of the weighted Gram matrix. The penalty is the spec's, plus `noise`, the standard deviation of the
 * noise in each number, times root p / 2: about what noise adds to an eigenvalue. The scale's constant bears no penalty of its own, the location's does: no drift
 * is the prior. Noise can make the matrix indefinite: then the penalty doubles until it stands.
 */
export function solveShared(
  s: SharedRidgeSpec,
  upper: ArrayLike<number>,
  side: Float64Array,
  weeks: number,
  noise: number,
  what: 'location' | 'scale',
): Float64Array {
  const p = side.length;
  const full = new Float64Array(p * p);
  for (let a = 0, k = 0; a < p; a++)
    for (let b = a; b < p; b++, k++) {
      full[a * p + b] = upper[k];
      full[b * p + a] = upper[k];
    }
  const penalty = (s.penaltyPeriods / Math.max(1, weeks)) * Math.max(1, full[0]);
  for (let extra = (noise * Math.sqrt(p)) / 2; ; extra = 2 * extra + 1e-6 * Math.max(1, Math.abs(full[0]))) {
    const m = full.slice();
    for (let a = 0; a < p; a++) m[a * p + a] += (a === 0 && what === 'scale' ? 0 : penalty) + extra;
    try {
      return choleskySolve(cholesky(m, p), p, side);
    } catch (error) {
      if (!(error instanceof RangeError) || !Number.isFinite(extra)) throw error;
    }
  }
}

/** The model as members/ridge.ts applies it. */
export function sharedRidgeModel(s: SharedRidgeSpec, fit: SharedRidgeFit): RidgeModel {
  const groups = s.shapes === 'one' ? 1 : s.steps;
  // The scale is counted from its centre: that factor goes into the shape.
  const shape = shapeQuantiles(fit.shape, groups, s.cells, SHAPE_REACH).map(q => q * Math.exp(LOG_CENTRE));
  const each = shape.length / groups;
  const steps = new Float64Array(s.steps * each);
  for (let d = 0; d < s.steps; d++) {
    const from = s.shapes === 'one' ? 0 : d * each;
    steps.set(shape.subarray(from, from + each), d * each);
  }
  return { encoding: sharedRidgeEncoding(s), location: fit.location, scale: fit.scale, shape: steps, steps: s.steps };
}

export interface PlaceForecast {
  readonly target: string;
  readonly location: string;
  readonly week: number;
  /** 23, sorted, in the unit of the series. */
  readonly quantiles: Float64Array;
}

/**
 * What a place forecasts at its own node from the shared model: its newest history, its own running scale and climatology. `weeks` are target weeks;
 * those already known are left out. Values of the own series are not noised: such a forecast stands outside the promise about the sums.
 */
export function sharedRidgeForecasts(
  s: SharedRidgeSpec,
  fit: SharedRidgeFit,
  series: readonly Series[],
  weeks: readonly number[],
): PlaceForecast[] {
  const panel = makePanel(series, CALENDAR);
  const wanted = panel.places.flatMap((place, p) => {
    const base = place.z.length - 1;
    return weeks.flatMap(week => {
      const step = week - (place.first + base);
      return step >= 1 ? [{ place: p, base, step, week }] : [];
    });
  });
  const design = forecastDesign(panel, featureMaker(panel, CALENDAR, []), wanted, s.steps);
  const increments = ridgeQuantiles(sharedRidgeModel(s, fit), design);
  const levels = increments.length / Math.max(1, wanted.length);
  return wanted.map(({ place, base, week }, i) => {
    const { z, scale, target, location } = panel.places[place];
    const quantiles = Float64Array.from(
      increments.subarray(i * levels, (i + 1) * levels),
      v => panel.transform.backward(z[base] + v) * scale,
    ).sort();
    return { target, location, week, quantiles };
  });
}
