// The surface that pooled increments are read through: location and spread by the week of the season and the step, in some twenty
// coefficients, and the forecasts that a place makes from it.
import { weekOfSeason } from './calendar.ts';
import { LEVELS } from './levels.ts';
import { type PilotSpec, rootOf, valueFromRoot } from './pooled-increments.ts';

/** Fitted surface: increments are distributed as location + spread x Student t with 4 degrees of freedom. */
export interface PilotModel {
  readonly spec: PilotSpec;
  readonly location: Float64Array;
  readonly logSpread: Float64Array;
}

/** Harmonics of the year at a week of season, the constant first. */
function seasonWaves(week: number, harmonics: number): number[] {
  const out = [1];
  for (let k = 1; k <= harmonics; k++) {
    const a = (2 * Math.PI * k * (week + 0.5)) / 52.18;
    out.push(Math.sin(a), Math.cos(a));
  }
  return out;
}

/** Location grows with the step from 0: waves x (d, d^2). */
export function locationBasis(week: number, step: number): Float64Array {
  const d = step / 5;
  return Float64Array.from(seasonWaves(week, 3).flatMap(f => [f * d, f * d * d]));
}

/** Log spread: waves, and growth with the step that may differ by season. */
export function spreadBasis(week: number, step: number): Float64Array {
  const w = seasonWaves(week, 2);
  const g = Math.log(step);
  return Float64Array.from([...w, g, g * w[1], g * w[2]]);
}

/** Student t with 4 degrees of freedom: distribution function, density, quantile (closed forms). */
export const t4 = {
  cdf(x: number): number {
    if (!Number.isFinite(x)) return x > 0 ? 1 : 0;
    const a = x / Math.sqrt(4 + x * x);
    return 0.5 + a * (0.75 - 0.25 * a * a);
  },
  pdf: (x: number): number => (Number.isFinite(x) ? 0.375 * (1 + (x * x) / 4) ** -2.5 : 0),
  quantile(p: number): number {
    const alpha = 4 * p * (1 - p);
    const r = Math.sqrt(alpha);
    const q = Math.cos(Math.acos(r) / 3) / r;
    return Math.sign(p - 0.5) * 2 * Math.sqrt(Math.max(0, q - 1));
  },
};

/** A surface's value: basis x coefficients from `from` on. */
export function dot(basis: Float64Array, theta: Float64Array, from: number): number {
  let s = 0;
  for (let i = 0; i < basis.length; i++) s += basis[i] * theta[from + i];
  return s;
}

/** Spread of a log spread, held between 0.001 and 7.4. */
export const spreadOf = (log: number) => Math.exp(Math.min(2, Math.max(-7, log)));

/** Steps beyond this are treated as this one: a series silent for months says nothing more about its drift. */
const LAST_STEP = 8;

/** 23 quantiles, in the unit of the value, `step` weeks (1 or more) after week `baseWeek` whose value was `lastValue`. */
export function pilotQuantiles(
  model: PilotModel,
  baseWeek: number,
  lastValue: number,
  scale: number,
  step: number,
): Float64Array {
  const z = rootOf(lastValue, scale);
  const week = weekOfSeason(baseWeek);
  const d = Math.min(LAST_STEP, step);
  const mu = dot(locationBasis(week, d), model.location, 0);
  const spread = spreadOf(dot(spreadBasis(week, d), model.logSpread, 0));
  return Float64Array.from(LEVELS, p => valueFromRoot(z + mu + spread * t4.quantile(p), scale));
}
