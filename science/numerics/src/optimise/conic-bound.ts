// The lower bound that any multipliers prove for a convex program with cones, by weak duality over the box of its columns. Only sums are
// trusted: multipliers are first pushed into the dual cone, and sides that are not there count as no multiplier.
import type { ConicModel } from './conic-model.ts';

/** Lower bound on the optimum; -Infinity when `rowDual` proves nothing. Curvature must be diagonal and not negative. */
export function conicBound(model: ConicModel, rowDual: Float64Array): number {
  const y = rowDual.slice();
  const uses = new Int32Array(model.columns);
  for (const j of model.indices) uses[j] += 1;
  const inCone = new Uint8Array(model.rows);
  for (const { first, size } of model.cones ?? []) {
    inCone.fill(1, first, first + size);
    let tail = 0;
    for (let k = 1; k < size; k++) tail += y[first + k] ** 2;
    // A hair above the length, so that rounding cannot leave the cone.
    y[first] = Math.max(y[first], Math.sqrt(tail) * (1 + 1e-15));
  }
  const curvature = new Float64Array(model.columns);
  const h = model.hessian;
  if (h)
    for (let k = 0; k < h.values.length; k++) {
      if (h.rows[k] !== h.cols[k]) throw new TypeError('conicBound: the curvature must be diagonal');
      curvature[h.rows[k]] += h.values[k];
    }
  // An equality's multiplier that leans on a column without bounds is taken out where one such column decides the row's sign.
  for (let i = 0; i < model.rows; i++)
    for (let p = model.starts[i]; p < model.starts[i + 1]; p++) {
      const j = model.indices[p];
      const open = !Number.isFinite(model.columnLower[j]) && !Number.isFinite(model.columnUpper[j]);
      if (open && !inCone[i] && curvature[j] === 0 && model.cost[j] === 0 && uses[j] === 1) y[i] = 0;
    }
  const slope = model.cost.slice();
  let bound = model.offset;
  for (let i = 0; i < model.rows; i++) {
    if (y[i] === 0) continue;
    const side = inCone[i] || y[i] > 0 ? model.rowLower[i] : model.rowUpper[i];
    if (!Number.isFinite(side)) continue;
    bound += y[i] * side;
    for (let p = model.starts[i]; p < model.starts[i + 1]; p++) slope[model.indices[p]] -= y[i] * model.values[p];
  }
  for (let j = 0; j < model.columns; j++) {
    const [low, high, z, q] = [model.columnLower[j], model.columnUpper[j], slope[j], curvature[j]];
    if (q > 0) {
      const at = Math.min(Math.max(-z / q, low), high);
      bound += (0.5 * q * at + z) * at;
    } else if (z !== 0) {
      const side = z > 0 ? low : high;
      // An epigraph column's slope vanishes up to rounding; its open side then costs nothing that matters but must not prove anything either.
      bound += Number.isFinite(side) ? z * side : Math.abs(z) < 1e-9 ? -Math.abs(z) * 1e9 : Number.NEGATIVE_INFINITY;
    }
  }
  return Number.isNaN(bound) ? Number.NEGATIVE_INFINITY : bound;
}
