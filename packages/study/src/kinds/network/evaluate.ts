// A finished network: its loss, its outputs, and how far it lies from another.
import type { Rows } from '../learner.ts';
import { forward, initialParameters, workspace } from './mlp.ts';
import { lossesOf, standardised } from './node.ts';
import { type NetworkSpec, type NetworkState, widthsOf } from './spec.ts';

/** Mean loss of the shared model on one partner's rows: its own evaluation, which never leaves it. */
export function evaluateNetwork(spec: NetworkSpec, state: NetworkState, rows: Rows): number {
  if (!state.scaling || rows.count === 0) return Number.NaN;
  const x = standardised(spec, state.scaling, rows);
  let sum = 0;
  for (const loss of lossesOf(
    spec,
    state.parameters,
    rows,
    x,
    Array.from({ length: rows.count }, (_, i) => i),
  ))
    sum += loss;
  return sum / rows.count;
}

/** Outputs for one row of raw features; quantiles are sorted. */
export function networkOutput(spec: NetworkSpec, state: NetworkState, x: ArrayLike<number>): number[] {
  const widths = widthsOf(spec);
  const w = workspace(widths);
  const row = { count: 1, features: x.length, x: Float64Array.from(x), y: new Float64Array(1) };
  w.activations[0].set(standardised(spec, state.scaling!, row));
  const out = Array.from(forward(widths, state.parameters, w));
  return spec.loss.kind === 'quantile' ? out.sort((a, b) => a - b) : out;
}

/** How far two models lie apart: the L2 distance of their parameters over the way that `b` went from the common start. */
export function networkDistance(spec: NetworkSpec, a: NetworkState, b: NetworkState): number {
  const start = initialParameters(widthsOf(spec), spec.seed);
  let [apart, way] = [0, 0];
  for (let i = 0; i < start.length; i++) {
    apart += (a.parameters[i] - b.parameters[i]) ** 2;
    way += (b.parameters[i] - start[i]) ** 2;
  }
  return Math.sqrt(apart / way);
}
