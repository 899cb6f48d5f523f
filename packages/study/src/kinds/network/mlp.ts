// A feed-forward network with ReLU layers, by hand: parameters are one flat array, so that they can be summed, clipped and compared as a vector.
// Layout: for each layer its weights (out x in, row-major), then its biases.
import { random } from '@madang/numerics';

export type NetworkLoss =
  | { readonly kind: 'squared' }
  /** Target 0 or 1; the output is the logit. */
  | { readonly kind: 'logistic' }
  /** One output a level; the loss is the mean pinball loss. */
  | { readonly kind: 'quantile'; readonly levels: readonly number[] };

/** Layer widths from features to outputs, e.g. [12, 64, 64, 1]. */
export type Widths = readonly number[];

export function parameterCount(widths: Widths): number {
  let n = 0;
  for (let l = 1; l < widths.length; l++) n += widths[l] * (widths[l - 1] + 1);
  return n;
}

/** He's start from a public seed: everyone begins at the same point. */
export function initialParameters(widths: Widths, seed: string): Float64Array {
  const r = random(`network ${seed}`);
  const out = new Float64Array(parameterCount(widths));
  let at = 0;
  for (let l = 1; l < widths.length; l++) {
    const spread = Math.sqrt((l === widths.length - 1 ? 1 : 2) / widths[l - 1]);
    for (let i = 0; i < widths[l] * widths[l - 1]; i++) out[at++] = spread * r.normal();
    at += widths[l];
  }
  return out;
}

/** Room for one row's activations and errors. */
export interface Workspace {
  readonly activations: readonly Float64Array[];
  readonly errors: readonly Float64Array[];
}

export function workspace(widths: Widths): Workspace {
  return { activations: widths.map(w => new Float64Array(w)), errors: widths.map(w => new Float64Array(w)) };
}

/** Outputs for the inputs in `activations[0]`; the result is the last activation. */
export function forward(widths: Widths, parameters: Float64Array, { activations }: Workspace): Float64Array {
  let at = 0;
  for (let l = 1; l < widths.length; l++) {
    const [from, to] = [activations[l - 1], activations[l]];
    const bias = at + widths[l] * widths[l - 1];
    const last = l === widths.length - 1;
    for (let o = 0; o < to.length; o++) {
      let s = parameters[bias + o];
      for (let i = 0; i < from.length; i++) s += parameters[at++] * from[i];
      to[o] = last || s > 0 ? s : 0;
    }
    at = bias + widths[l];
  }
  return activations[activations.length - 1];
}

/** Loss of one row; its slope in the outputs goes to `slope`. */
export function lossAndSlope(loss: NetworkLoss, output: Float64Array, y: number, slope: Float64Array): number {
  switch (loss.kind) {
    case 'squared':
      slope[0] = output[0] - y;
      return slope[0] ** 2 / 2;
    case 'logistic':
      slope[0] = 1 / (1 + Math.exp(-output[0])) - y;
      return Math.log1p(Math.exp(-Math.abs(output[0]))) + Math.max(0, output[0]) - y * output[0];
    case 'quantile': {
      const n = loss.levels.length;
      let sum = 0;
      for (let k = 0; k < n; k++) {
        const over = output[k] - y;
        slope[k] = ((over >= 0 ? 1 : 0) - loss.levels[k]) / n;
        sum += slope[k] * over;
      }
      return sum;
    }
  }
}

/** Adds the gradient of one row, after `forward` and with the slope in the last error, to `gradient`. */
export function backward(widths: Widths, parameters: Float64Array, w: Workspace, gradient: Float64Array): void {
  let end = parameters.length;
  for (let l = widths.length - 1; l >= 1; l--) {
    const [from, error, below] = [w.activations[l - 1], w.errors[l], w.errors[l - 1]];
    const bias = end - widths[l];
    const start = bias - widths[l] * widths[l - 1];
    below.fill(0);
    for (let o = 0; o < error.length; o++) {
      const e = error[o];
      if (e === 0) continue;
      gradient[bias + o] += e;
      const row = start + o * from.length;
      for (let i = 0; i < from.length; i++) {
        gradient[row + i] += e * from[i];
        below[i] += e * parameters[row + i];
      }
    }
    if (l > 1) for (let i = 0; i < from.length; i++) if (from[i] <= 0) below[i] = 0;
    end = start;
  }
}
