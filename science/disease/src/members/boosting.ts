// Bagged gradient boosting for location and scale. Each bag leaves out whole stretches of time (rows of one month share their
// surprises), boosts the increment, and forecasts the rows it did not see; from those honest residuals come a boosted log scale and
// the shape of the standardised residuals by step. Increments are in units of their step.
import { random } from '@madang/numerics';
import { type Design, placeName } from '../panel/design.ts';
import { columnsWithout, type Member, QUANTILES, type Trained } from './member.ts';
import { type BandShapes, bandOf, bandShapes, levelOf } from './shape-bands.ts';
import { placeSpreads, type Spread, spreadBy } from './spread.ts';
import { heldStretches } from './stretches.ts';
import {
  addTree,
  type Binned,
  type Binning,
  binRows,
  growTree,
  makeBinning,
  type Tree,
  type TreePlan,
} from './trees.ts';
import { fitTuned, type TunedPlan, tunedMeans } from './tuned.ts';
import { stepUnit } from './units.ts';

export interface BoostingPlan {
  readonly without: readonly string[];
  readonly bags: number;
  readonly trees: number;
  readonly scaleTrees: number;
  readonly rate: number;
  readonly tree: TreePlan;
  /** Share of the stretches of time that a bag sees. */
  readonly bagShare: number;
  /** Boost what a tuned linear model leaves over: trees cannot extrapolate, the linear part can. Absent = boost the increments. */
  readonly upon?: TunedPlan;
  /** Shapes apart for so many bands of the level forecast: near 0 the surprises are one-sided. One when left out. */
  readonly bands?: number;
  /** Spread of each place by its own surprises, pulled to that of all by so many periods (spread.ts). None when left out. */
  readonly spreadPeriods?: number;
}

export const BOOSTING: BoostingPlan = {
  without: [],
  bags: 6,
  trees: 70,
  scaleTrees: 30,
  rate: 0.08,
  tree: { leaves: 24, leastWeight: 60, shrink: 30, columnShare: 0.25 },
  bagShare: 0.6,
};

const FLOOR = 0.003;

export function boostingMember(name: string, plan: BoostingPlan): Member {
  return {
    name,
    train(d, seed): Trained {
      const binning = makeBinning(d, columnsWithout(d, plan.without));
      const data = binRows(d, binning);
      const linear =
        plan.upon &&
        fitTuned(
          d,
          plan.upon,
          d.step.reduce((a, b) => Math.max(a, b), 1),
          `${seed}/linear`,
        );
      const expected = linear ? tunedMeans(linear, d) : new Float64Array(d.rows);
      const y = d.y.map((v, i) => (v - expected[i]) / stepUnit(d.step[i]));
      const bags: Tree[][] = [];
      const unseenSum = new Float32Array(d.rows);
      const unseen = new Float32Array(d.rows);
      for (let b = 0; b < plan.bags; b++) {
        const r = random(`${seed}/bag ${b}`);
        const held = heldStretches(d, r.fork('stretches'), plan.bagShare);
        const f = new Float32Array(d.rows);
        bags.push(boost(d, data, binning, held, y, plan, plan.trees, r, f));
        for (let i = 0; i < d.rows; i++) {
          if (held[i]) continue;
          unseenSum[i] += f[i];
          unseen[i] += 1;
        }
      }
      const honest: number[] = [];
      for (let i = 0; i < d.rows; i++) if (unseen[i] > 0) honest.push(i);
      const logError = new Float32Array(d.rows);
      for (const i of honest) logError[i] = Math.log(Math.abs(y[i] - unseenSum[i] / unseen[i]) + FLOOR);
      let mean = 0;
      let total = 0;
      for (const i of honest) {
        mean += d.weight[i] * logError[i];
        total += d.weight[i];
      }
      mean /= total;
      const seen = new Uint8Array(d.rows);
      for (const i of honest) {
        seen[i] = 1;
        logError[i] -= mean;
      }
      const s = new Float32Array(d.rows);
      const scale = boost(d, data, binning, seen, logError, plan, plan.scaleTrees, random(`${seed}/scale`), s);
      const level = (i: number) => levelOf(d, i, expected[i], unseenSum[i] / unseen[i]);
      const shape = bandShapes(
        d,
        honest,
        i => (y[i] - unseenSum[i] / unseen[i]) / Math.exp(mean + s[i]),
        level,
        plan.bands ?? 1,
      );
      const said = (i: number) => {
        const { from, shapes } = shape.get(d.step[i])!;
        const unit = Math.exp(mean + s[i]);
        const outcome = (y[i] - unseenSum[i] / unseen[i]) / unit;
        return { quantiles: shapes[bandOf(from, level(i))], outcome, unit };
      };
      const spreads = plan.spreadPeriods === undefined ? undefined : placeSpreads(d, honest, said, plan.spreadPeriods);
      return {
        quantiles(rows) {
          const m = linear ? tunedMeans(linear, rows) : new Float64Array(rows.rows);
          const q = forecast(rows, binning, bags, scale, mean, m, shape, spreads, plan);
          return linear ? q.map((v, i) => v + m[Math.floor(i / QUANTILES)]) : q;
        },
      };
    },
  };
}

/** Boosts squared loss on the seen rows; adds the forecasts of all rows to `f`. */
function boost(
  d: Design,
  data: Binned,
  binning: Binning,
  seen: Uint8Array,
  y: Float32Array,
  plan: BoostingPlan,
  count: number,
  r: ReturnType<typeof random>,
  f: Float32Array,
): Tree[] {
  const residual = new Float32Array(d.rows);
  const part = new Int32Array(d.rows);
  const trees: Tree[] = [];
  for (let t = 0; t < count; t++) {
    // Half of the rows for each tree: faster, and less prone to follow single rows.
    let n = 0;
    for (let i = 0; i < d.rows; i++) {
      if (!seen[i]) continue;
      residual[i] = y[i] - f[i];
      if (r.uint32() < 0x80000000) part[n++] = i;
    }
    if (n === 0) break;
    const tree = growTree(data, binning.columns.length, part.subarray(0, n), residual, d.weight, plan.tree, r);
    addTree(tree, data, plan.rate, f);
    trees.push(tree);
  }
  return trees;
}

function forecast(
  d: Design,
  binning: Binning,
  bags: readonly (readonly Tree[])[],
  scale: readonly Tree[],
  mean: number,
  linear: Float64Array,
  shape: ReadonlyMap<number, BandShapes>,
  spreads: ReadonlyMap<string, Spread> | undefined,
  plan: BoostingPlan,
): Float32Array {
  const data = binRows(d, binning);
  const f = new Float32Array(d.rows);
  for (const trees of bags) for (const tree of trees) addTree(tree, data, plan.rate / bags.length, f);
  const s = new Float32Array(d.rows);
  for (const tree of scale) addTree(tree, data, plan.rate, s);
  const out = new Float32Array(d.rows * QUANTILES).fill(Number.NaN);
  for (let i = 0; i < d.rows; i++) {
    const of = shape.get(d.step[i]);
    if (!of) continue;
    const q = of.shapes[bandOf(of.from, levelOf(d, i, linear[i], f[i]))];
    const n = stepUnit(d.step[i]);
    const sd = Math.exp(mean + s[i]);
    const own = spreads?.get(placeName(d, d.place[i]));
    for (let k = 0; k < QUANTILES; k++) out[i * QUANTILES + k] = n * (f[i] + sd * (own ? spreadBy(own, q, k) : q[k]));
  }
  return out;
}
