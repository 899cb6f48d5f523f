// Generalised linear models by Fisher scoring (IRLS): each round the nodes add up score vector, information matrix and loss at the present coefficients;
// the sum gives the next ones. Linear needs one such round. A step that raises the loss is halved. The log-likelihood is the study's, penalty included.
import { type Ask, type Learner, mostOf, type NodeSide, type Rows } from '../learner.ts';
import {
  bitsOf,
  checkDesign,
  checkRows,
  columnsOf,
  type DesignSpec,
  designOf,
  moments,
  momentsAsk,
  type Scaling,
  scalingFrom,
  weightOf,
} from '../linear/design.ts';
import {
  addOuter,
  addScaled,
  FixedSums,
  fixedDiameterSquared,
  fixedSumLimit,
  fromSums,
  triangle,
} from '../linear/fixed-sums.ts';
import { ridgeSolve } from '../linear/solve.ts';

/** linear: mean = eta; logistic: targets 0 or 1, probability = 1 / (1 + e^-eta); poisson: counts, mean = e^eta. */
export type GlmFamily = 'linear' | 'logistic' | 'poisson';

export interface GlmSpec extends DesignSpec {
  readonly family: GlmFamily;
  /** Targets are moved to [-targetBound, targetBound] (linear), [0, targetBound] (poisson); logistic ignores it. */
  readonly targetBound: number;
  readonly lambda: number;
  /** Most scoring rounds. */
  readonly rounds: number;
  /** Ends when no coefficient moves by more. */
  readonly tolerance: number;
}

export interface GlmState {
  readonly scaling?: Scaling;
  readonly coefficients: Float64Array;
  /** Coefficients and loss before the last step. */
  readonly previous?: { readonly coefficients: Float64Array; readonly loss: number };
  /** Penalised loss at `previous`, one a round: for the log. */
  readonly losses: readonly number[];
  readonly rounds: number;
  readonly done: boolean;
  /** Whether it ended because nothing moved any more. */
  readonly converged: boolean;
}

/** The learner for one study. Throws RangeError on a declaration that cannot be. */
export function glm(spec: GlmSpec): Learner<Rows, GlmState> {
  checkDesign(spec, spec.family);
  if (!(spec.lambda >= 0 && spec.rounds >= 1 && spec.tolerance >= 0 && spec.targetBound > 0))
    throw new RangeError(`${spec.family}: lambda, rounds, tolerance or target bound`);
  const p = columnsOf(spec);
  const start: GlmState = { coefficients: new Float64Array(p), losses: [], rounds: 0, done: false, converged: false };
  return {
    kind: spec.family,
    most: mostOf(spec.family === 'linear' ? 2 : 1 + spec.rounds, [momentsAsk(spec), scoreAsk(spec, start)]),
    start: () => start,
    ask: state => (state.scaling ? scoreAsk(spec, state) : momentsAsk(spec)),
    node: rows => glmNode(spec, rows),
    absorb(state, sum) {
      if (!state.scaling)
        return { ...state, scaling: scalingFrom(spec, Float64Array.from(sum as Float64Array, Number)) };
      return step(spec, state, fromSums(sum, bitsOf(spec)));
    },
  };
}

/** One scoring step from decoded sums: information (upper triangle), score, loss. */
function step(spec: GlmSpec, state: GlmState, sums: Float64Array): GlmState {
  const p = columnsOf(spec);
  const at = state.coefficients;
  const information = sums.subarray(0, triangle(p));
  const score = sums.slice(triangle(p), triangle(p) + p);
  let loss = sums[triangle(p) + p];
  for (let j = 1; j < p; j++) {
    loss += (spec.lambda / 2) * at[j] * at[j];
    score[j] -= spec.lambda * at[j];
  }
  const rounds = state.rounds + 1;
  const losses = [...state.losses, loss];
  const before = state.previous;
  if (before && loss > before.loss + 1e-9 * (1 + Math.abs(before.loss))) {
    const coefficients = at.map((b, j) => (b + before.coefficients[j]) / 2);
    const moved = Math.max(...coefficients.map((b, j) => Math.abs(b - before.coefficients[j])));
    const converged = moved <= spec.tolerance;
    return {
      ...state,
      coefficients: converged ? before.coefficients : coefficients,
      losses,
      rounds,
      converged,
      done: converged || rounds >= spec.rounds,
    };
  }
  const change = ridgeSolve(information, p, spec.lambda, [score]).solutions[0];
  const coefficients = at.map((b, j) => b + change[j]);
  const converged = change.every(c => Math.abs(c) <= spec.tolerance);
  const done = converged || rounds >= spec.rounds || spec.family === 'linear';
  return {
    ...state,
    coefficients,
    previous: { coefficients: at, loss },
    losses,
    rounds,
    converged: converged || spec.family === 'linear',
    done,
  };
}

/** Largest mean of a count, and hence largest information of one row. */
function varianceBound(spec: GlmSpec): number {
  return spec.family === 'linear' ? 1 : spec.family === 'logistic' ? 0.25 : spec.targetBound;
}

/** Largest |y - mean|. */
function residualBound(spec: GlmSpec): number {
  return spec.family === 'linear' ? 2 * spec.targetBound : spec.family === 'logistic' ? 1 : spec.targetBound;
}

/** Largest loss of one row, either sign. */
function lossBound(spec: GlmSpec): number {
  if (spec.family === 'linear') return residualBound(spec) ** 2 / 2;
  if (spec.family === 'logistic') return ETA_BOUND + 1;
  return spec.targetBound * (1 + 2 * ETA_BOUND);
}

/** Linear predictors are kept within this. */
const ETA_BOUND = 30;

function scoreAsk(spec: GlmSpec, state: GlmState): Ask | undefined {
  if (state.done) return undefined;
  const p = columnsOf(spec);
  const length = triangle(p) + p + 1;
  const norm = spec.rowNorm;
  const [v, r, l] = [varianceBound(spec), residualBound(spec), lossBound(spec)];
  return {
    label: `${spec.family} scoring round ${state.rounds + 1}`,
    length,
    limit: fixedSumLimit(Math.max(norm * norm * v, norm * r, l), spec.maxRows, bitsOf(spec)),
    rowDiameterSquared: fixedDiameterSquared(
      2 * (norm * norm * v) ** 2 + (2 * norm * r) ** 2 + (2 * l) ** 2,
      length,
      bitsOf(spec),
    ),
  };
}

function glmNode(spec: GlmSpec, rows: Rows): NodeSide<GlmState> {
  checkRows(spec, rows, spec.family);
  for (let i = 0; i < rows.count; i++)
    if (Number.isNaN(rows.y[i])) throw new RangeError(`${spec.family}: row ${i} has no target; leave it out`);
  const p = columnsOf(spec);
  const bits = bitsOf(spec);
  return {
    encode(state) {
      if (!state.scaling) return moments(spec, rows);
      const design = designOf(spec, state.scaling);
      const v = new Float64Array(p);
      const bound = Math.max(
        spec.rowNorm ** 2 * varianceBound(spec),
        spec.rowNorm * residualBound(spec),
        lossBound(spec),
      );
      const sums = new FixedSums(triangle(p) + p + 1, bound, bits);
      for (let i = 0; i < rows.count; i++) {
        design(rows.x, i * rows.features, v);
        const w = weightOf(rows, i);
        const { residual, variance, loss } = evaluate(spec, rows.y[i], predictor(state.coefficients, v));
        const next = addScaled(sums.block, addOuter(sums.block, 0, v, w * variance, bits), v, w * residual, bits);
        sums.block[next] += Math.round(w * loss * 2 ** bits);
        sums.endRow();
      }
      return sums.total();
    },
  };
}

function predictor(b: ArrayLike<number>, v: ArrayLike<number>): number {
  let s = 0;
  for (let j = 0; j < v.length; j++) s += b[j] * v[j];
  return Math.max(-ETA_BOUND, Math.min(ETA_BOUND, s));
}

function evaluate(spec: GlmSpec, y: number, eta: number): { residual: number; variance: number; loss: number } {
  switch (spec.family) {
    case 'linear': {
      const b = spec.targetBound;
      const residual = Math.max(-2 * b, Math.min(2 * b, Math.max(-b, Math.min(b, y)) - eta));
      return { residual, variance: 1, loss: residual ** 2 / 2 };
    }
    case 'logistic': {
      const target = y > 0.5 ? 1 : 0;
      const mean = 1 / (1 + Math.exp(-eta));
      const loss = Math.log1p(Math.exp(-Math.abs(eta))) + Math.max(0, eta) - target * eta;
      return { residual: target - mean, variance: mean * (1 - mean), loss };
    }
    case 'poisson': {
      const target = Math.max(0, Math.min(spec.targetBound, y));
      // Above the largest mean the loss goes on straight, so that it stays convex and its slope is the clipped residual.
      const over = Math.max(0, eta - Math.log(spec.targetBound));
      const mean = Math.exp(eta - over);
      return { residual: target - mean, variance: mean, loss: mean * (1 + over) - target * eta };
    }
  }
}

/** The mean for one row of raw features: a value, a probability, or an expected count. */
export function glmMean(spec: GlmSpec, state: GlmState, x: ArrayLike<number>): number {
  const v = new Float64Array(columnsOf(spec));
  designOf(spec, state.scaling!)(x, 0, v);
  const eta = predictor(state.coefficients, v);
  return spec.family === 'linear' ? eta : spec.family === 'logistic' ? 1 / (1 + Math.exp(-eta)) : Math.exp(eta);
}
