// k-means (Lloyd 1982) over secure sums: each round the nodes add up, for every cluster, how many rows it has and where they lie; the sums move the
// centres. The first round counts rows around eight times as many public points; the starting centres are found among those means by weighted k-means++
// (Arthur and Vassilvitskii 2007), so that one unlucky seed does not decide.
import { random } from '@madang/numerics';
import { type Ask, type Integers, type Learner, mostOf, type NodeSide, type Rows } from '../learner.ts';

export interface KMeansSpec {
  readonly clusters: number;
  /** Public range of each feature; distances are measured after both ends are moved to ±1. */
  readonly featureRanges: readonly (readonly [low: number, high: number])[];
  readonly seed: string;
  readonly rounds: number;
  /** Ends when no centre moves further, in the scaled units. */
  readonly tolerance: number;
  readonly maxRows: number;
  /** Binary places of the sums, 4 to 30; default 24. */
  readonly bits?: number;
}

export interface KMeansState {
  /** Centres x features, scaled to ±1; in round 0 the public points, then `clusters` of them. */
  readonly centres: Float64Array;
  /** Rows in each cluster at the last round. */
  readonly sizes: Float64Array;
  /** Sum of squared distances at the last round. */
  readonly inertia: number;
  readonly rounds: number;
  readonly done: boolean;
}

/** One in the sums. */
const unitOf = (spec: KMeansSpec) => 2 ** (spec.bits ?? 24);
/** Public points a cluster in the first round. */
const ANCHORS = 8;

/** Only x is used. Missing values count as the middle of the range. */
export function kmeans(spec: KMeansSpec): Learner<Rows, KMeansState> {
  const f = spec.featureRanges.length;
  const k = spec.clusters;
  if (!(Number.isInteger(k) && k >= 1 && k <= 1024)) throw new RangeError(`kmeans: clusters: ${k} is not 1 to 1,024`);
  if (f < 1 || spec.featureRanges.some(([low, high]) => !(low < high)))
    throw new RangeError('kmeans: a feature range is empty');
  if (!(spec.rounds >= 1 && spec.tolerance >= 0 && Number.isSafeInteger(spec.maxRows)))
    throw new RangeError('kmeans: rounds, tolerance or rows');
  const start: KMeansState = {
    centres: spread(spec, 'start', ANCHORS * k),
    sizes: new Float64Array(ANCHORS * k),
    inertia: Number.NaN,
    rounds: 0,
    done: false,
  };
  if (spec.bits !== undefined && !(Number.isInteger(spec.bits) && spec.bits >= 4 && spec.bits <= 30))
    throw new RangeError(`kmeans: bits: ${spec.bits} is not 4 to 30`);
  return {
    kind: 'kmeans',
    most: mostOf(spec.rounds, [askOf(spec, start)]),
    start: () => start,
    ask: state => askOf(spec, state),
    node: rows => kmeansNode(spec, rows),
    absorb(state, sum) {
      const moved = means(spec, state, sum);
      const inertia = Number(sum[sum.length - 1]) / unitOf(spec);
      const rounds = state.rounds + 1;
      if (state.rounds === 0)
        return {
          centres: choose(moved.centres, moved.sizes, k, f, spec.seed),
          sizes: new Float64Array(k),
          inertia,
          rounds,
          done: false,
        };
      return { ...moved, inertia, rounds, done: moved.furthest <= spec.tolerance || rounds >= spec.rounds };
    },
  };
}

/** The means that the sums give, in clusters with at least half a row (noise may leave less); an empty one starts again at a public point. */
function means(spec: KMeansSpec, { centres, rounds }: KMeansState, sum: Integers) {
  const f = spec.featureRanges.length;
  const k = centres.length / f;
  const next = centres.slice();
  const sizes = new Float64Array(k);
  const one = unitOf(spec);
  let furthest = 0;
  for (let c = 0; c < k; c++) {
    sizes[c] = Math.max(0, Number(sum[c]) / one);
    const fresh = sizes[c] < 0.5 ? spread(spec, `round ${rounds} cluster ${c}`, 1) : undefined;
    for (let j = 0; j < f; j++) {
      const mean = fresh ? fresh[j] : Math.max(-1, Math.min(1, Number(sum[k + c * f + j]) / one / sizes[c]));
      furthest = Math.max(furthest, Math.abs(mean - centres[c * f + j]));
      next[c * f + j] = mean;
    }
  }
  return { centres: next, sizes, furthest };
}

function askOf(spec: KMeansSpec, state: KMeansState): Ask | undefined {
  if (state.done) return undefined;
  const f = spec.featureRanges.length;
  const clusters = state.centres.length / f;
  const length = clusters * (f + 1) + 1;
  // Two clusters: 2 (1 + f); one cluster: opposite corners, 4 f. A squared distance is 0 to 4 f. Half a unit of rounding a coordinate.
  const real = Math.max(2 * (1 + f), 4 * f) + (4 * f) ** 2;
  const root = BigInt(Math.ceil(Math.sqrt(real) * unitOf(spec))) + BigInt(Math.ceil(Math.sqrt(2 * f + 3)));
  return {
    label: `sizes and centres of ${clusters} clusters, round ${state.rounds + 1}`,
    length,
    limit: BigInt(spec.maxRows) * BigInt(4 * f) * BigInt(unitOf(spec)),
    rowDiameterSquared: root * root,
  };
}

function kmeansNode(spec: KMeansSpec, rows: Rows): NodeSide<KMeansState> {
  const f = spec.featureRanges.length;
  if (rows.features !== f) throw new RangeError(`kmeans: rows have ${rows.features} features, the study ${f}`);
  if (rows.count > spec.maxRows)
    throw new RangeError(
      `kmeans: ${rows.count} rows, but the study allows ${spec.maxRows} a node; leave rows out or do not take part`,
    );
  const scaled = Float64Array.from({ length: rows.count * f }, (_, i) => scale(rows.x[i], spec.featureRanges[i % f]));
  return {
    encode({ centres }) {
      const k = centres.length / f;
      const one = unitOf(spec);
      const out = new Float64Array(k * (f + 1) + 1);
      for (let i = 0; i < rows.count; i++) {
        const row = scaled.subarray(i * f, (i + 1) * f);
        const { cluster, distance } = nearest(centres, row);
        out[cluster] += one;
        for (let j = 0; j < f; j++) out[k + cluster * f + j] += Math.round(row[j] * one);
        out[k + k * f] += Math.round(distance * one);
      }
      return out;
    },
  };
}

function scale(x: number, [low, high]: readonly [number, number]): number {
  return Number.isNaN(x) ? 0 : Math.max(-1, Math.min(1, (2 * x - low - high) / (high - low)));
}

/** The nearest centre (the first of equals) and the squared distance, in scaled units. */
function nearest(centres: Float64Array, row: Float64Array): { cluster: number; distance: number } {
  const f = row.length;
  let best = { cluster: 0, distance: Number.POSITIVE_INFINITY };
  for (let c = 0; c * f < centres.length; c++) {
    let d = 0;
    for (let j = 0; j < f; j++) d += (row[j] - centres[c * f + j]) ** 2;
    if (d < best.distance) best = { cluster: c, distance: d };
  }
  return best;
}

/** The cluster of a row of raw features. */
export function kmeansCluster(spec: KMeansSpec, state: KMeansState, x: ArrayLike<number>): number {
  return nearest(
    state.centres,
    Float64Array.from(spec.featureRanges, (range, j) => scale(x[j], range)),
  ).cluster;
}

/** The best of twenty runs of weighted k-means++ and Lloyd over a few weighted points. */
function choose(points: Float64Array, weights: Float64Array, k: number, f: number, seed: string): Float64Array {
  const r = random(`kmeans ${seed} choose`);
  const n = weights.length;
  const point = (i: number) => points.subarray(i * f, (i + 1) * f);
  let best = { centres: points.slice(0, k * f), cost: Number.POSITIVE_INFINITY };
  for (let run = 0; run < 20; run++) {
    const centres = new Float64Array(k * f);
    for (let c = 0; c < k; c++) {
      const reach = (i: number) => weights[i] * (c === 0 ? 1 : nearest(centres.subarray(0, c * f), point(i)).distance);
      const total = weights.reduce((t, _, i) => t + reach(i), 0);
      let left = r.uniform() * total;
      let pick = 0;
      for (let i = 0; i < n && left >= 0; i++) {
        const here = reach(i);
        if (here > 0) pick = i;
        left -= here;
      }
      centres.set(point(pick), c * f);
    }
    let cost = 0;
    for (let round = 0; round < 20; round++) {
      const sums = new Float64Array(k * (f + 1));
      cost = 0;
      for (let i = 0; i < n; i++) {
        const { cluster, distance } = nearest(centres, point(i));
        cost += weights[i] * distance;
        sums[cluster] += weights[i];
        for (let j = 0; j < f; j++) sums[k + cluster * f + j] += weights[i] * points[i * f + j];
      }
      for (let c = 0; c < k * f; c++)
        if (sums[Math.floor(c / f)] > 0) centres[c] = sums[k + c] / sums[Math.floor(c / f)];
    }
    if (cost < best.cost) best = { centres, cost };
  }
  return best.centres;
}

/** `count` public points spread over the cube, each the farthest of ten from those before it. */
function spread(spec: KMeansSpec, label: string, count: number): Float64Array {
  const f = spec.featureRanges.length;
  const r = random(`kmeans ${spec.seed} ${label}`);
  const out = new Float64Array(count * f);
  for (let c = 0; c < count; c++) {
    let best: Float64Array | undefined;
    let far = -1;
    for (let t = 0; t < 10; t++) {
      const point = Float64Array.from({ length: f }, () => 1.6 * r.uniform() - 0.8);
      const d = c === 0 ? t : nearest(out.subarray(0, c * f), point).distance;
      if (d > far) {
        far = d;
        best = point;
      }
    }
    out.set(best!, c * f);
  }
  return out;
}
