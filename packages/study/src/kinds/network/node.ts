// What a node computes in a round: its own training from the shared parameters, the clipped update, the loss on rows kept aside.
import { random } from '@madang/numerics';
import { toFixed } from '../fixed-point.ts';
import type { NodeSide, Rows } from '../learner.ts';
import { moments, type Scaling, weightOf } from '../linear/design.ts';
import { backward, forward, lossAndSlope, workspace } from './mlp.ts';
import { AUX, AUX_BITS, momentsOf, type NetworkSpec, type NetworkState, widthsOf } from './spec.ts';

export function networkNode(spec: NetworkSpec, rows: Rows): NodeSide<NetworkState> {
  const f = spec.featureRanges.length;
  if (rows.features !== f) throw new RangeError(`network: rows have ${rows.features} features, the study ${f}`);
  if (rows.count > spec.maxRows)
    throw new RangeError(
      `network: ${rows.count} rows, but the study allows ${spec.maxRows} a node; leave rows out or do not take part`,
    );
  const { training, validation } = divide(spec, rows.count);
  return {
    encode(state) {
      if (!state.scaling) return moments(momentsOf(spec), rows);
      const x = standardised(spec, state.scaling, rows);
      const local = localTraining(spec, state, rows, x, training);
      const n = local.length;
      const out = new Float64Array(n + AUX);
      let square = 0;
      for (let i = 0; i < n; i++) {
        local[i] -= state.parameters[i];
        square += local[i] * local[i];
      }
      // A local run that diverged has no direction to give: weight 0, no update.
      const finite = Number.isFinite(square);
      const weight = finite ? Math.min(1, training.length / spec.rowsForFullWeight) : 0;
      const shrink = finite ? weight * Math.min(1, spec.clip / Math.sqrt(square || 1)) : 0;
      for (let i = 0; i < n; i++) out[i] = toFixed(local[i] * shrink, { clip: spec.clip, bits: spec.bits });
      out[n] = Math.round(weight * 2 ** AUX_BITS);
      for (const loss of lossesOf(spec, state.parameters, rows, x, validation))
        out[n + 1] += Math.round(Math.min(spec.lossBound, loss) * 2 ** AUX_BITS);
      out[n + 2] = validation.length;
      return out;
    },
  };
}

/** Every `validateEvery`-th row is for validation. */
function divide(spec: NetworkSpec, count: number): { training: number[]; validation: number[] } {
  const [training, validation]: [number[], number[]] = [[], []];
  for (let i = 0; i < count; i++)
    (spec.validateEvery > 0 && i % spec.validateEvery === spec.validateEvery - 1 ? validation : training).push(i);
  return { training, validation };
}

/** Features within their ranges, centred and scaled; a missing one is the mean. */
export function standardised(spec: NetworkSpec, { means, deviations }: Scaling, rows: Rows): Float64Array {
  const f = rows.features;
  return Float64Array.from({ length: rows.count * f }, (_, i) => {
    const [low, high] = spec.featureRanges[i % f];
    const v = rows.x[i];
    return Number.isNaN(v) ? 0 : (Math.max(low, Math.min(high, v)) - means[i % f]) / deviations[i % f];
  });
}

/** Minibatch descent from the shared parameters; the order of rows follows from the study's seed and the round. */
function localTraining(
  spec: NetworkSpec,
  state: NetworkState,
  rows: Rows,
  x: Float64Array,
  training: readonly number[],
): Float64Array {
  const widths = widthsOf(spec);
  const f = rows.features;
  const parameters = state.parameters.slice();
  const gradient = new Float64Array(parameters.length);
  const w = workspace(widths);
  const last = w.errors.length - 1;
  const r = random(`${spec.seed} round ${state.round} rows ${rows.count}`);
  const order = [...training];
  for (let epoch = 0; epoch < spec.epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = r.below(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    for (let from = 0; from < order.length; from += spec.batch) {
      const batch = order.slice(from, from + spec.batch);
      gradient.fill(0);
      let weights = 0;
      for (const i of batch) {
        w.activations[0].set(x.subarray(i * f, (i + 1) * f));
        lossAndSlope(spec.loss, forward(widths, parameters, w), rows.y[i], w.errors[last]);
        const weight = weightOf(rows, i);
        weights += weight;
        if (weight !== 1) for (let k = 0; k < w.errors[last].length; k++) w.errors[last][k] *= weight;
        backward(widths, parameters, w, gradient);
      }
      const rate = spec.rate / Math.max(weights, 1e-9);
      for (let k = 0; k < parameters.length; k++)
        parameters[k] -= rate * gradient[k] + spec.rate * spec.proximal * (parameters[k] - state.parameters[k]);
    }
  }
  return parameters;
}

/** The loss of each of these rows under the parameters. */
export function* lossesOf(
  spec: NetworkSpec,
  parameters: Float64Array,
  rows: Rows,
  x: Float64Array,
  which: Iterable<number>,
): Generator<number> {
  const widths = widthsOf(spec);
  const w = workspace(widths);
  for (const i of which) {
    w.activations[0].set(x.subarray(i * rows.features, (i + 1) * rows.features));
    yield lossAndSlope(spec.loss, forward(widths, parameters, w), rows.y[i], w.errors[w.errors.length - 1]);
  }
}
