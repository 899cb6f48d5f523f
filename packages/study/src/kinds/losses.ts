// How well a learnt model does on rows, one number a kind: what the simulation states and what a partner can work out on its own rows, at home.
import { type GlmSpec, type GlmState, glmMean } from './glm/glm.ts';
import { type KMeansSpec, type KMeansState, kmeans } from './kmeans/kmeans.ts';
import type { Rows } from './learner.ts';
import { type RidgeSpec, type RidgeState, ridgeLocation } from './ridge/ridge.ts';

/** Mean of `value` over the rows, weights left aside. NaN without rows. */
export function meanOver(rows: Rows, value: (x: Float64Array, y: number) => number): number {
  let sum = 0;
  for (let i = 0; i < rows.count; i++)
    sum += value(rows.x.subarray(i * rows.features, (i + 1) * rows.features), rows.y[i]);
  return sum / rows.count;
}

/** Half the squared error of the location. */
export function ridgeLoss(spec: RidgeSpec, state: RidgeState, rows: Rows): number {
  return meanOver(rows, (x, y) => (y - ridgeLocation(spec, state, x)) ** 2 / 2);
}

/** Half the squared error, minus log likelihood, or Poisson's without its constant, of a mean that is given. */
export function glmLossOf(family: GlmSpec['family'], mean: number, y: number): number {
  switch (family) {
    case 'linear':
      return (y - mean) ** 2 / 2;
    case 'logistic':
      return -Math.log(y > 0.5 ? mean : 1 - mean);
    case 'poisson':
      return mean - y * Math.log(mean);
  }
}

export function glmLoss(spec: GlmSpec, state: GlmState, rows: Rows): number {
  return meanOver(rows, (x, y) => glmLossOf(spec.family, glmMean(spec, state, x), y));
}

/** Mean squared distance to the nearest centre, as any node would count it in one more round. */
export function kmeansLoss(spec: KMeansSpec, state: KMeansState, rows: Rows): number {
  const vector = kmeans({ ...spec, maxRows: Math.max(spec.maxRows, rows.count) })
    .node(rows)
    .encode({ ...state, done: false });
  return Number(vector.at(-1)) / 2 ** (spec.bits ?? 24) / rows.count;
}
