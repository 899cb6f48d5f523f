// Bagged gradient boosting for location and scale. Each bag leaves out whole stretches of time (rows of one month share their
// surprises), boosts the increment, and forecasts the rows it did not see; from those honest residuals come a boosted log scale and
// the shape of the standardised residuals by step. Increments are in units of their step.
import { random } from '@madang/numerics';
import { type Design, placeName } from '../panel/design.ts';
import { columnsWithout, type Member, QUANTILES, type Trained, weightedQuantiles } from './member.ts';
import { stepUnit } from './ridge.ts';
import { placeSpreads, type Spread, spreadBy } from './spread.ts';
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

/** Periods in one stretch. */
const STRETCH = 5;
const FLOOR = 0.003;
/** Rows that a band needs; with fewer there are fewer bands. */
const LEAST_IN_BAND = 150;

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

/** 1 for rows in the stretches of time that a bag sees. */
export function heldStretches(d: Design, r: ReturnType<typeof random>, share: number): Uint8Array {
  const stretches = [...new Set(Array.from(d.period, p => Math.floor(p / STRETCH)))].sort((a, b) => a - b);
  const held = new Set(stretches.filter(() => r.uniform() < share));
  return Uint8Array.from(d.period, p => (held.has(Math.floor(p / STRETCH)) ? 1 : 0));
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

export function shapes(
  d: Design,
  rows: readonly number[],
  standardised: (row: number) => number,
): Map<number, Float32Array> {
  const out = new Map<number, Float32Array>();
  for (const step of new Set(d.step)) {
    const of = rows.filter(i => d.step[i] === step);
    if (of.length === 0) continue;
    const q = new Float32Array(QUANTILES);
    weightedQuantiles(
      Float64Array.from(of, standardised),
      Float64Array.from(of, i => d.weight[i]),
      q,
      0,
    );
    out.set(step, q);
  }
  return out;
}

/** The level that a row's forecast is centred on: what the linear part and the trees add to the last value. */
const levelOf = (d: Design, i: number, linear: number, trees: number) =>
  d.panel.places[d.place[i]].z[d.base[i]] + linear + stepUnit(d.step[i]) * trees;

/** Shapes of one step by band of level; band k begins at `from[k]`, the first also holds all below. */
interface BandShapes {
  readonly from: readonly number[];
  readonly shapes: readonly Float32Array[];
}

function bandShapes(
  d: Design,
  rows: readonly number[],
  standardised: (row: number) => number,
  level: (row: number) => number,
  bands: number,
): Map<number, BandShapes> {
  if (bands === 1)
    return new Map([...shapes(d, rows, standardised)].map(([step, q]) => [step, { from: [0], shapes: [q] }]));
  const out = new Map<number, BandShapes>();
  for (const step of new Set(d.step)) {
    const of = rows.filter(i => d.step[i] === step);
    if (of.length === 0) continue;
    const levels = Float64Array.from(of, level).sort();
    const n = Math.max(1, Math.min(bands, Math.floor(of.length / LEAST_IN_BAND)));
    // Equal levels (all zeros) fill one band however many they are.
    const from = [...new Set(Array.from({ length: n }, (_, b) => levels[Math.floor((b * of.length) / n)]))];
    const members = from.map((): number[] => []);
    for (const i of of) members[bandOf(from, level(i))].push(i);
    out.set(step, { from, shapes: members.map(m => shapes(d, m, standardised).get(step)!) });
  }
  return out;
}

function bandOf(from: readonly number[], level: number): number {
  let b = from.length - 1;
  while (b > 0 && level < from[b]) b -= 1;
  return b;
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
