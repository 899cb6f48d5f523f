// Ridge and random-feature ridge with location, scale and shape: a whole predictive distribution from four rounds of sums.
// Location: ridge of the target. Scale: a second ridge, with the same matrix, of log |residual|. Shape: a histogram of standardised residuals for each
// group (for instance weeks ahead). Its quantiles times scale plus location are the forecast, so that no quantiles cross.
import { histogramQuantile } from '../histogram-quantile.ts';
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

export interface RidgeSpec extends DesignSpec {
  /** Targets are moved to within ±targetBound. */
  readonly targetBound: number;
  /** Penalty, in the units of the weighted Gram matrix. */
  readonly lambda: number;
  /** How far to go: 'location' (two rounds), 'scale' (three), 'shape' (four). */
  readonly upTo: 'location' | 'scale' | 'shape';
  /** Groups of rows with a shape of their own; `group` of each row is 0 to groups - 1. */
  readonly groups: number;
  /** Cells of each group's histogram of standardised residuals over ±shapeReach. */
  readonly cells: number;
  readonly shapeReach: number;
}

export interface RidgeRows extends Rows {
  /** Which shape a row belongs to; absent: all 0. */
  readonly group?: ArrayLike<number>;
}

export interface RidgeState {
  readonly scaling?: Scaling;
  /** Upper triangle of X'WX, kept for the second solve; then dropped when nothing needs it. */
  readonly gram?: Float64Array;
  readonly location?: Float64Array;
  readonly scale?: Float64Array;
  /** groups x cells weights. */
  readonly shape?: Float64Array;
  readonly penalty?: number;
}

/** Log residuals lie in ± this: between e^-12 and e^12 of the target's unit. */
const LOG_BOUND = 12;
const WEIGHT_BITS = 12;

const none: Scaling = { means: [], deviations: [] };
const empty = new Float64Array(0);

/** The learner for one study. Throws RangeError on a declaration that cannot be. */
export function ridge(spec: RidgeSpec): Learner<RidgeRows, RidgeState> {
  checkDesign(spec, 'ridge');
  if (!(spec.targetBound > 0 && spec.lambda >= 0)) throw new RangeError('ridge: target bound or lambda');
  if (spec.upTo === 'shape' && !(spec.groups >= 1 && spec.cells >= 2 && spec.shapeReach > 0))
    throw new RangeError('ridge: a shape needs groups, cells and a reach');
  return {
    kind: 'ridge',
    most: mostOf({ location: 2, scale: 3, shape: 4 }[spec.upTo], [
      askOf(spec, {}),
      askOf(spec, { scaling: none }),
      askOf(spec, { scaling: none, location: empty }),
      askOf(spec, { scaling: none, location: empty, scale: empty }),
    ]),
    start: () => ({}),
    ask: state => askOf(spec, state),
    node: rows => ridgeNode(spec, rows),
    absorb(state, sum) {
      const p = columnsOf(spec);
      const bits = bitsOf(spec);
      if (!state.scaling) return { scaling: scalingFrom(spec, Float64Array.from(sum as Float64Array, Number)) };
      if (!state.location) {
        const gram = fromSums(sum, bits, 0, triangle(p));
        const { solutions, penalty } = ridgeSolve(gram, p, spec.lambda, [
          fromSums(sum, bits, triangle(p), triangle(p) + p),
        ]);
        return { ...state, gram, location: solutions[0], penalty };
      }
      if (!state.scale) {
        const { solutions } = ridgeSolve(state.gram!, p, state.penalty!, [fromSums(sum, bits)]);
        return { ...state, scale: solutions[0] };
      }
      return { ...state, shape: Float64Array.from(sum as Float64Array, v => Number(v) / 2 ** WEIGHT_BITS) };
    },
  };
}

function askOf(spec: RidgeSpec, state: RidgeState): Ask | undefined {
  const p = columnsOf(spec);
  const norm = spec.rowNorm;
  const bits = bitsOf(spec);
  if (!state.scaling) return momentsAsk(spec);
  if (!state.location) {
    const length = triangle(p) + p;
    const bound = norm * Math.max(norm, spec.targetBound);
    // Outer products of two rows have a product of at least 0, so their squared distance is at most the sum of the squares; X'y adds (2 norm y)^2.
    const real = 2 * norm ** 4 + (2 * norm * spec.targetBound) ** 2;
    return {
      label: `Gram matrix of ${p} columns`,
      length,
      limit: fixedSumLimit(bound, spec.maxRows, bits),
      rowDiameterSquared: fixedDiameterSquared(real, length, bits),
    };
  }
  if (!state.scale && spec.upTo !== 'location')
    return {
      label: 'columns times log residuals',
      length: p,
      limit: fixedSumLimit(norm * LOG_BOUND, spec.maxRows, bits),
      rowDiameterSquared: fixedDiameterSquared((2 * norm * LOG_BOUND) ** 2, p, bits),
    };
  if (!state.shape && spec.upTo === 'shape')
    return {
      label: 'histogram of standardised residuals',
      length: spec.groups * spec.cells,
      limit: BigInt(spec.maxRows) << BigInt(WEIGHT_BITS),
      rowDiameterSquared: 2n << BigInt(2 * WEIGHT_BITS),
    };
  return undefined;
}

function ridgeNode(spec: RidgeSpec, rows: RidgeRows): NodeSide<RidgeState> {
  checkRows(spec, rows, 'ridge');
  const p = columnsOf(spec);
  const bits = bitsOf(spec);
  const target = (i: number) => Math.max(-spec.targetBound, Math.min(spec.targetBound, rows.y[i]));
  const eachRow = (scaling: Scaling, visit: (v: Float64Array, i: number) => void) => {
    const design = designOf(spec, scaling);
    const v = new Float64Array(p);
    for (let i = 0; i < rows.count; i++) {
      if (Number.isNaN(rows.y[i])) throw new RangeError(`ridge: row ${i} has no target; leave it out`);
      design(rows.x, i * rows.features, v);
      visit(v, i);
    }
  };
  return {
    encode(state) {
      const { scaling, location, scale } = state;
      if (!scaling) return moments(spec, rows);
      if (!location) {
        const sums = new FixedSums(triangle(p) + p, spec.rowNorm * Math.max(spec.rowNorm, spec.targetBound), bits);
        eachRow(scaling, (v, i) => {
          const w = weightOf(rows, i);
          addScaled(sums.block, addOuter(sums.block, 0, v, w, bits), v, w * target(i), bits);
          sums.endRow();
        });
        return sums.total();
      }
      if (!scale) {
        const sums = new FixedSums(p, spec.rowNorm * LOG_BOUND, bits);
        eachRow(scaling, (v, i) => {
          addScaled(sums.block, 0, v, weightOf(rows, i) * logSize(target(i) - dot(v, location)), bits);
          sums.endRow();
        });
        return sums.total();
      }
      const out = new Float64Array(spec.groups * spec.cells);
      eachRow(scaling, (v, i) => {
        const group = rows.group?.[i] ?? 0;
        if (!(Number.isInteger(group) && group >= 0 && group < spec.groups))
          throw new RangeError(`ridge: row ${i} is of group ${group}; the study has ${spec.groups}`);
        const e = (target(i) - dot(v, location)) / Math.exp(dot(v, scale));
        const cell = Math.floor(((e + spec.shapeReach) / (2 * spec.shapeReach)) * spec.cells);
        out[group * spec.cells + Math.max(0, Math.min(spec.cells - 1, cell))] += Math.round(
          2 ** WEIGHT_BITS * weightOf(rows, i),
        );
      });
      return out;
    },
  };
}

function logSize(r: number): number {
  return Math.max(-LOG_BOUND, Math.min(LOG_BOUND, Math.log(Math.abs(r))));
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i] * b[i];
  return s;
}

/** The location for one row of raw features. */
export function ridgeLocation(spec: RidgeSpec, state: RidgeState, x: ArrayLike<number>): number {
  const v = new Float64Array(columnsOf(spec));
  designOf(spec, state.scaling!)(x, 0, v);
  return dot(v, state.location!);
}

/** A forecaster of quantiles at `levels`, ascending in the levels, for rows of raw features and a group. Needs a state that went up to 'shape'. */
export function ridgeQuantiles(
  spec: RidgeSpec,
  state: RidgeState,
  levels: readonly number[],
): (x: ArrayLike<number>, group?: number) => number[] {
  const { scaling, location, scale, shape } = state;
  if (!scaling || !location || !scale || !shape)
    throw new RangeError('ridge: quantiles need a study that went up to shape');
  const design = designOf(spec, scaling);
  const v = new Float64Array(columnsOf(spec));
  const width = (2 * spec.shapeReach) / spec.cells;
  const standard = Array.from({ length: spec.groups }, (_, g) => {
    const cells = shape.subarray(g * spec.cells, (g + 1) * spec.cells);
    const place = (cell: number) => width * cell - spec.shapeReach;
    return levels.map(q => histogramQuantile(cells, q, (c, over, here) => place(c + over / here), place(cells.length)));
  });
  return (x, group = 0) => {
    design(x, 0, v);
    const [centre, spread] = [dot(v, location), Math.exp(dot(v, scale))];
    return standard[group].map(e => centre + spread * e);
  };
}
