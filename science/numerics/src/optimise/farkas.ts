// Farkas' proof that a program has no feasible point.
import type { ScaledModel } from './scaled-model.ts';

/** True when y'Ax cannot reach what the rows ask of it anywhere in the box of the columns. */
export function provesInfeasible(scaled: ScaledModel, y: Float64Array): boolean {
  const { n, m, starts, indices, values, lower, upper } = scaled;
  const slope = new Float64Array(n);
  let asked = 0;
  let size = 0;
  for (let i = 0; i < m; i++) {
    if (y[i] === 0) continue;
    const side = y[i] > 0 ? lower[n + i] : upper[n + i];
    if (!Number.isFinite(side)) return false;
    asked += y[i] * side;
    size = Math.max(size, Math.abs(y[i]));
    for (let p = starts[i]; p < starts[i + 1]; p++) slope[indices[p]] += y[i] * values[p];
  }
  let most = 0;
  for (let j = 0; j < n; j++) {
    const side = slope[j] > 0 ? upper[j] : lower[j];
    if (Number.isFinite(side)) most += slope[j] * side;
    else if (Math.abs(slope[j]) > 1e-10 * size) return false;
  }
  return asked - most > 1e-7 * size;
}
