// First points of the interior point for quadratic programs: the middle of the bounds, or Mehrotra's (SIAM J. Optim. 2:575, 1992, section 7).
import type { AugmentedSystem } from './augmented-system.ts';
import type { ScaledModel } from './scaled-model.ts';

/** Columns and activities, multipliers of their bounds, multipliers of the rows. */
export interface Point {
  readonly v: Float64Array;
  readonly zl: Float64Array;
  readonly zu: Float64Array;
  readonly y: Float64Array;
}

/** The middle of the bounds, multipliers one. */
export function middleStart(scaled: ScaledModel): Point {
  const { n, m, lower, upper, fixed, hasLower, hasUpper, cones, inCone } = scaled;
  const total = n + m;
  const v = new Float64Array(total);
  const y = new Float64Array(m);
  for (let j = 0; j < total; j++) {
    if (fixed[j] || (hasLower[j] && hasUpper[j])) v[j] = lower[j] / 2 + upper[j] / 2;
    else if (hasLower[j]) v[j] = Math.max(0, lower[j] + 1);
    else if (hasUpper[j]) v[j] = Math.min(0, upper[j] - 1);
  }
  for (let i = 0; i < m; i++) {
    if (fixed[n + i]) continue;
    const a = activity(scaled, v, i);
    v[n + i] = inCone[i] >= 0 ? a : inside(a, lower[n + i], upper[n + i]);
  }
  for (const { first, size } of cones) {
    // Into the cone: the first entry is lifted above the length of the others.
    let length = 0;
    for (let i = first + 1; i < first + size; i++) length += (v[n + i] - lower[n + i]) ** 2;
    length = Math.sqrt(length);
    v[n + first] = Math.max(v[n + first], lower[n + first] + 1.1 * length + 0.1);
    y[first] = 1;
  }
  return { v, y, zl: Float64Array.from(hasLower), zu: Float64Array.from(hasUpper) };
}

/**
 * Moves a point to the least-norm activities that meet the rows and to the multipliers that fit the costs best, both shifted inside. For
 * bounds that are far apart and costs that are not, where the middle is a poor place.
 */
export function leastNormStart(scaled: ScaledModel, system: AugmentedSystem, { v, zl, zu, y }: Point): void {
  const { n, m, cost, lower, upper, fixed, hasLower, hasUpper } = scaled;
  const total = n + m;
  const rhs = new Float64Array(total);
  const step = new Float64Array(total);
  system.factoriseLeastNorm(1e-9);
  // Nearest point to the middle of the bounds on which A v = s holds.
  for (let i = 0; i < m; i++) rhs[n + i] = v[n + i] - activity(scaled, v, i);
  system.solve(rhs, step, 1e-8, 2);
  let short = 0;
  for (let j = 0; j < total; j++) {
    if (!fixed[j]) v[j] += step[j];
    if (hasLower[j]) short = Math.max(short, lower[j] - v[j]);
    if (hasUpper[j]) short = Math.max(short, v[j] - upper[j]);
  }
  const margin = 1 + 0.5 * short;
  for (let j = 0; j < total; j++) {
    if (fixed[j]) continue;
    const gap = Math.min(margin, 0.25 * (upper[j] - lower[j]));
    if (hasLower[j]) v[j] = Math.max(v[j], lower[j] + gap);
    if (hasUpper[j]) v[j] = Math.min(v[j], upper[j] - gap);
  }
  // Multipliers: z = c - A'y of least size.
  rhs.fill(0);
  for (let j = 0; j < n; j++) rhs[j] = fixed[j] ? 0 : cost[j];
  system.solve(rhs, step, 1e-8, 2);
  y.set(step.subarray(n));
  let largest = 1;
  for (let j = 0; j < total; j++) if (!fixed[j]) largest = Math.max(largest, Math.abs(step[j]));
  const least = Math.max(1e-2, Math.min(1, 0.1 * largest));
  for (let j = 0; j < total; j++) {
    if (fixed[j]) continue;
    if (hasLower[j]) zl[j] = Math.max(least, step[j]);
    if (hasUpper[j]) zu[j] = Math.max(least, -step[j]);
  }
}

/** Row i of A times the columns. */
function activity({ starts, indices, values }: ScaledModel, v: Float64Array, i: number): number {
  let a = 0;
  for (let p = starts[i]; p < starts[i + 1]; p++) a += values[p] * v[indices[p]];
  return a;
}

function inside(a: number, low: number, high: number): number {
  const width = high - low;
  const margin = Number.isFinite(width) ? Math.min(1, 0.1 * width) : 1;
  return Math.min(Math.max(a, low + margin), high - margin);
}
