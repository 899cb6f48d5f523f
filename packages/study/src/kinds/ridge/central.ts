// The float64 twin: the same model fitted in one place with ordinary arithmetic, no fixed point, no rounds. What fixed point costs is the difference.
import { columnsOf, designOf, type Scaling, weightOf } from '../linear/design.ts';
import { ridgeSolve } from '../linear/solve.ts';
import type { RidgeRows, RidgeSpec } from './ridge.ts';

/** Location coefficients by float64 arithmetic throughout; `sums` are X'WX (upper triangle) and X'Wy for comparing with decoded secure sums. */
export function fitRidgeInFloat(
  spec: RidgeSpec,
  rows: RidgeRows,
): { scaling: Scaling; location: Float64Array; gram: Float64Array; right: Float64Array } {
  const f = rows.features;
  const means: number[] = [];
  const deviations: number[] = [];
  for (let j = 0; j < f; j++) {
    const [low, high] = spec.featureRanges[j];
    let [w, s, q] = [0, 0, 0];
    for (let i = 0; i < rows.count; i++) {
      const x = rows.x[i * f + j];
      if (Number.isNaN(x)) continue;
      const c = Math.max(low, Math.min(high, x));
      w += weightOf(rows, i);
      s += weightOf(rows, i) * c;
      q += weightOf(rows, i) * c * c;
    }
    means.push(s / w);
    deviations.push(Math.sqrt(q / w - (s / w) ** 2));
  }
  const scaling = { means, deviations };
  const p = columnsOf(spec);
  const design = designOf(spec, scaling);
  const v = new Float64Array(p);
  const gram = new Float64Array((p * (p + 1)) / 2);
  const right = new Float64Array(p);
  for (let i = 0; i < rows.count; i++) {
    design(rows.x, i * f, v);
    const w = weightOf(rows, i);
    const y = Math.max(-spec.targetBound, Math.min(spec.targetBound, rows.y[i]));
    let at = 0;
    for (let a = 0; a < p; a++) {
      right[a] += w * v[a] * y;
      for (let b = a; b < p; b++) gram[at++] += w * v[a] * v[b];
    }
  }
  return { scaling, location: ridgeSolve(gram, p, spec.lambda, [right]).solutions[0], gram, right };
}
