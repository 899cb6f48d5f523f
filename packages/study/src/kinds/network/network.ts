// Neural networks by federated averaging (McMahan et al. 2017), with a proximal term (FedProx, Li et al. 2020), with Adam at the server (FedAdam, Reddi et
// al. 2021), or with clipped updates, a fixed denominator and server momentum (DP-FedAvg, McMahan et al. 2018). Not identical to central training: local
// steps drift. Each node's whole update is clipped to an L2 norm, so that the privacy unit is the node; a single row is bounded by the same number.
import { random } from '@madang/numerics';
import { toFixed } from '../fixed-point.ts';
import { type Ask, type Integers, type Learner, mostOf, type NodeSide, type Rows } from '../learner.ts';
import { moments, momentsAsk, type Scaling, scalingFrom, weightOf } from '../linear/design.ts';
import {
  backward,
  forward,
  initialParameters,
  lossAndSlope,
  type NetworkLoss,
  parameterCount,
  type Widths,
  workspace,
} from './mlp.ts';

export type ServerStep =
  /** The weighted mean of the updates. */
  | { readonly kind: 'average' }
  | {
      readonly kind: 'adam';
      readonly rate: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly tau: number;
    }
  /** Sum of updates over a declared total weight, then momentum: needs no secret denominator, as differential privacy asks. */
  | { readonly kind: 'momentum'; readonly rate: number; readonly beta: number; readonly totalWeight: number };

export interface NetworkSpec {
  readonly featureRanges: readonly (readonly [low: number, high: number])[];
  readonly hidden: readonly number[];
  readonly loss: NetworkLoss;
  readonly seed: string;
  /** Most rounds of averaging. */
  readonly rounds: number;
  /** Passes over a node's rows in one round. */
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  /** Pull of local steps towards the shared model (FedProx); 0 for FedAvg. */
  readonly proximal: number;
  readonly server: ServerStep;
  /** A node's update is scaled down to this L2 norm. */
  readonly clip: number;
  /** Binary places of an update's coordinates. */
  readonly bits: number;
  /** A node with this many training rows or more has weight 1; fewer, in proportion. */
  readonly rowsForFullWeight: number;
  readonly maxRows: number;
  /** Every n-th row of a node is kept for validation; 0 for none. */
  readonly validateEvery: number;
  /** Rounds without a better validation loss before it stops; 0 never. */
  readonly patience: number;
  /** Validation losses of one row are clipped to [0, lossBound]. */
  readonly lossBound: number;
}

export interface NetworkState {
  readonly scaling?: Scaling;
  readonly parameters: Float64Array;
  /** Server memory: momentum, or Adam's two moments. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly round: number;
  /** Mean validation loss of the shared model before each round, over all nodes. */
  readonly losses: readonly number[];
  /** The parameters with the least validation loss so far, kept when validation is on. */
  readonly best?: { readonly round: number; readonly loss: number; readonly parameters: Float64Array };
  readonly done: boolean;
  readonly stoppedEarly: boolean;
}

const AUX = 3; // weight; validation loss; validation rows
const AUX_BITS = 16;

export function widthsOf(spec: NetworkSpec): Widths {
  return [spec.featureRanges.length, ...spec.hidden, spec.loss.kind === 'quantile' ? spec.loss.levels.length : 1];
}

/** The learner for one study. Throws RangeError on a declaration that cannot be. */
export function network(spec: NetworkSpec): Learner<Rows, NetworkState> {
  const need = (ok: boolean, what: string) => {
    if (!ok) throw new RangeError(`network: ${what}`);
  };
  need(spec.featureRanges.length > 0 && spec.featureRanges.every(([a, b]) => a < b), 'a feature range is empty');
  need(
    spec.hidden.every(h => Number.isInteger(h) && h >= 1),
    'a hidden layer has no units',
  );
  need(spec.rounds >= 1 && spec.epochs >= 1 && spec.batch >= 1 && spec.rate > 0, 'rounds, epochs, batch or rate');
  need(spec.clip > 0 && Number.isInteger(spec.bits) && spec.bits >= 4 && spec.bits <= 40, 'clip or bits');
  need(
    spec.rowsForFullWeight >= 1 && spec.lossBound > 0 && spec.proximal >= 0,
    'rows for full weight, loss bound or proximal',
  );
  const n = parameterCount(widthsOf(spec));
  const start: NetworkState = {
    parameters: initialParameters(widthsOf(spec), spec.seed),
    first: new Float64Array(spec.server.kind === 'average' ? 0 : n),
    second: new Float64Array(spec.server.kind === 'adam' ? n : 0),
    round: 0,
    losses: [],
    done: false,
    stoppedEarly: false,
  };
  return {
    kind: 'network',
    most: mostOf(1 + spec.rounds, [momentsAsk({ ...spec, hidden: 0, rowNorm: 1 }), updateAsk(spec, start)]),
    start: () => start,
    ask: state => (state.scaling ? updateAsk(spec, state) : momentsAsk({ ...spec, hidden: 0, rowNorm: 1 })),
    node: rows => networkNode(spec, rows),
    absorb(state, sum) {
      if (!state.scaling)
        return {
          ...state,
          scaling: scalingFrom({ ...spec, hidden: 0, rowNorm: 1 }, Float64Array.from(sum as Float64Array, Number)),
        };
      return serverStep(spec, state, sum, n);
    },
  };
}

function updateAsk(spec: NetworkSpec, state: NetworkState): Ask | undefined {
  if (state.done) return undefined;
  const length = parameterCount(widthsOf(spec)) + AUX;
  const scale = 2 ** spec.bits;
  // Two updates of norm `clip` may point apart; rounding moves each by half a unit a coordinate. Auxiliary numbers are counts and bounded losses.
  const update = BigInt(Math.ceil(2 * spec.clip * scale)) + BigInt(Math.ceil(Math.sqrt(length)));
  const validationRows = spec.validateEvery > 0 ? Math.ceil(spec.maxRows / spec.validateEvery) : 0;
  const loss = BigInt(Math.ceil(validationRows * spec.lossBound * 2 ** AUX_BITS));
  const whole = update * update + BigInt(2 ** AUX_BITS) ** 2n + loss * loss + BigInt(validationRows) ** 2n;
  return {
    label: `update of ${length - AUX} parameters, round ${state.round + 1} of at most ${spec.rounds}`,
    length,
    limit: [BigInt(Math.ceil(spec.clip * scale)) + 1n, BigInt(2 ** AUX_BITS), loss].reduce((a, b) => (a > b ? a : b)),
    rowDiameterSquared: whole,
    nodeDiameterSquared: whole,
  };
}

function networkNode(spec: NetworkSpec, rows: Rows): NodeSide<NetworkState> {
  const f = spec.featureRanges.length;
  if (rows.features !== f) throw new RangeError(`network: rows have ${rows.features} features, the study ${f}`);
  if (rows.count > spec.maxRows)
    throw new RangeError(
      `network: ${rows.count} rows, but the study allows ${spec.maxRows} a node; leave rows out or do not take part`,
    );
  const { training, validation } = divide(spec, rows.count);
  return {
    encode(state) {
      if (!state.scaling) return moments({ ...spec, hidden: 0, rowNorm: 1 }, rows);
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

function standardised(spec: NetworkSpec, { means, deviations }: Scaling, rows: Rows): Float64Array {
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

function* lossesOf(
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

function serverStep(spec: NetworkSpec, state: NetworkState, sum: Integers, n: number): NetworkState {
  const { server } = spec;
  const weight = Math.max(Number(sum[n]) / 2 ** AUX_BITS, 1e-9);
  const loss = Number(sum[n + 2]) > 0 ? Number(sum[n + 1]) / 2 ** AUX_BITS / Number(sum[n + 2]) : Number.NaN;
  const scale = 1 / (2 ** spec.bits * (server.kind === 'momentum' ? server.totalWeight : weight));
  const parameters = state.parameters.slice();
  const first = state.first.slice();
  const second = state.second.slice();
  for (let i = 0; i < n; i++) {
    const update = Number(sum[i]) * scale;
    switch (server.kind) {
      case 'average':
        parameters[i] += update;
        break;
      case 'momentum':
        first[i] = server.beta * first[i] + update;
        parameters[i] += server.rate * first[i];
        break;
      case 'adam':
        first[i] = server.beta1 * first[i] + (1 - server.beta1) * update;
        second[i] = server.beta2 * second[i] + (1 - server.beta2) * update * update;
        parameters[i] += (server.rate * first[i]) / (Math.sqrt(second[i]) + server.tau);
    }
  }
  // The validation loss belongs to the model before this step.
  const better = Number.isFinite(loss) && !(state.best && state.best.loss <= loss);
  const best = better ? { round: state.round, loss, parameters: state.parameters } : state.best;
  const stoppedEarly = spec.patience > 0 && best !== undefined && state.round - best.round >= spec.patience;
  const round = state.round + 1;
  return {
    scaling: state.scaling,
    parameters: stoppedEarly && best ? best.parameters : parameters,
    first,
    second,
    round,
    losses: [...state.losses, loss],
    ...(best ? { best } : {}),
    done: stoppedEarly || round >= spec.rounds,
    stoppedEarly,
  };
}

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
