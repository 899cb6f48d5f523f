// Places the buses of a grid on a plane when nobody gave their positions: stress by stochastic gradient descent (Zheng, Pawar, Goodman 2019, IEEE
// Trans. Vis. Comput. Graph. 25, 2738), so that drawn distance follows the number of lines between two buses. Same grid, same picture.
import { random as seeded } from '@madang/numerics';

/** Most buses that are laid out. */
export const LAYOUT_LIMIT = 20_000;
/** Up to here every pair is looked at; beyond, close pairs and the distances to a few pivots spread over the grid (Ortmann, Klimenta, Brandes 2017, J. Graph Algorithms Appl. 21, 799). */
const EVERY_PAIR = 300;
const PIVOTS = 60;
const LOCAL = 3;
const SWEEPS = 24;

/** x, y of each node in [0, 1]; islands lie side by side. Edges are pairs of node indices. */
export function layoutGraph(count: number, edges: readonly (readonly [number, number])[]): Float64Array {
  const random = seeded('grid').uniform;
  const xy = Float64Array.from({ length: 2 * count }, () => random());
  const near = neighboursOf(count, edges);
  const terms = count <= EVERY_PAIR ? everyPair(count, near) : nearAndPivots(count, near);
  const { from, to, hops } = terms;
  const far = hops.reduce((most, d) => (d < UNREACHED && d > most ? d : most), 1);
  const order = Uint32Array.from({ length: hops.length }, (_, k) => k);
  const least = 0.1;
  const most = far * far;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const rate = most * (least / most) ** (sweep / (SWEEPS - 1));
    for (let k = order.length - 1; k > 0; k--) {
      const r = Math.floor(random() * (k + 1));
      [order[k], order[r]] = [order[r], order[k]];
    }
    for (const k of order) {
      const [i, j] = [from[k], to[k]];
      // Nodes of different islands keep a little more than the widest island apart.
      const d = hops[k] < UNREACHED ? hops[k] : far * 1.2;
      const mu = Math.min(1, rate / (d * d));
      const dx = xy[2 * i] - xy[2 * j];
      const dy = xy[2 * i + 1] - xy[2 * j + 1];
      const length = Math.hypot(dx, dy) || 1e-9;
      const move = (mu * (length - d)) / 2 / length;
      xy[2 * i] -= move * dx;
      xy[2 * i + 1] -= move * dy;
      xy[2 * j] += move * dx;
      xy[2 * j + 1] += move * dy;
    }
  }
  return fitted(count <= EVERY_PAIR ? xy : spread(xy));
}

const UNREACHED = 65_535;

/** Pairs of nodes and how many edges lie between them. */
interface Terms {
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly hops: Uint16Array;
}

function neighboursOf(count: number, edges: readonly (readonly [number, number])[]): readonly (readonly number[])[] {
  const near: number[][] = Array.from({ length: count }, () => []);
  for (const [a, b] of edges) {
    if (a === b) continue;
    near[a].push(b);
    near[b].push(a);
  }
  return near;
}

/** Edges from `start` to every node, breadth first; UNREACHED on other islands. */
function hopsFrom(start: number, near: readonly (readonly number[])[], queue: Int32Array): Uint16Array {
  const row = new Uint16Array(near.length).fill(UNREACHED);
  row[start] = 0;
  queue[0] = start;
  for (let head = 0, tail = 1; head < tail; head++)
    for (const b of near[queue[head]]) {
      if (row[b] !== UNREACHED) continue;
      row[b] = row[queue[head]] + 1;
      queue[tail++] = b;
    }
  return row;
}

function everyPair(count: number, near: readonly (readonly number[])[]): Terms {
  const n = (count * (count - 1)) / 2;
  const out = { from: new Uint32Array(n), to: new Uint32Array(n), hops: new Uint16Array(n) };
  const queue = new Int32Array(count);
  for (let i = 0, k = 0; i < count; i++) {
    const row = hopsFrom(i, near, queue);
    for (let j = i + 1; j < count; j++, k++) {
      out.from[k] = i;
      out.to[k] = j;
      out.hops[k] = row[j];
    }
  }
  return out;
}

/** Nodes up to three edges apart, and every node with every pivot; each next pivot is the node farthest from those before it. */
function nearAndPivots(count: number, near: readonly (readonly number[])[]): Terms {
  const local = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    let ring = new Set([i]);
    const seen = new Set([i]);
    for (let d = 1; d <= LOCAL; d++) {
      const next = new Set<number>();
      for (const a of ring) for (const b of near[a]) if (!seen.has(b)) next.add(b);
      for (const b of next) {
        seen.add(b);
        if (b > i) local.set(i * count + b, d);
      }
      ring = next;
    }
  }
  const n = local.size + PIVOTS * (count - 1);
  const out = { from: new Uint32Array(n), to: new Uint32Array(n), hops: new Uint16Array(n) };
  let k = 0;
  const add = (i: number, j: number, d: number) => {
    out.from[k] = i;
    out.to[k] = j;
    out.hops[k++] = d;
  };
  for (const [pair, d] of local) add(Math.floor(pair / count), pair % count, d);
  const queue = new Int32Array(count);
  const nearest = new Uint16Array(count).fill(UNREACHED);
  for (let p = 0, pivot = 0; p < PIVOTS; p++) {
    const row = hopsFrom(pivot, near, queue);
    for (let i = 0; i < count; i++) {
      if (i !== pivot) add(pivot, i, row[i]);
      if (row[i] < nearest[i]) nearest[i] = row[i];
    }
    for (let i = 0; i < count; i++) if (nearest[i] > nearest[pivot]) pivot = i;
  }
  return out;
}

/**
 * Thousands of buses have a crowded middle and long arms: each is moved along its ray from the middle towards the place that its rank of distance would have
 * on an evenly filled disc, twice as wide as high as the picture is.
 */
function spread(xy: Float64Array): Float64Array {
  const n = xy.length / 2;
  const middle = [0, 1].map(k => xy.reduce((s, v, i) => (i % 2 === k ? s + v : s), 0) / n);
  const radius = Float64Array.from({ length: n }, (_, i) =>
    Math.hypot(xy[2 * i] - middle[0], xy[2 * i + 1] - middle[1]),
  );
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => radius[a] - radius[b]);
  const most = radius[order[n - 1]] || 1;
  const out = new Float64Array(2 * n);
  for (const [rank, i] of order.entries()) {
    const even = Math.sqrt((rank + 0.5) / n);
    const r = (0.75 * even + (0.25 * radius[i]) / most) / (radius[i] || 1);
    out[2 * i] = 2 * r * (xy[2 * i] - middle[0]);
    out[2 * i + 1] = r * (xy[2 * i + 1] - middle[1]);
  }
  return out;
}

/** Turned so that the longest way lies flat, and stretched into the unit square with its proportions kept. */
function fitted(xy: Float64Array): Float64Array {
  const n = xy.length / 2;
  let [mx, my] = [0, 0];
  for (let i = 0; i < n; i++) {
    mx += xy[2 * i] / n;
    my += xy[2 * i + 1] / n;
  }
  let [xx, yy, both] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [dx, dy] = [xy[2 * i] - mx, xy[2 * i + 1] - my];
    xx += dx * dx;
    yy += dy * dy;
    both += dx * dy;
  }
  const angle = 0.5 * Math.atan2(2 * both, xx - yy);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const turned = new Float64Array(2 * n);
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < n; i++) {
    const [dx, dy] = [xy[2 * i] - mx, xy[2 * i + 1] - my];
    const [x, y] = [c * dx + s * dy, c * dy - s * dx];
    turned[2 * i] = x;
    turned[2 * i + 1] = y;
    [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x), Math.min(y0, y), Math.max(y1, y)];
  }
  const span = Math.max(x1 - x0, 2 * (y1 - y0)) || 1;
  for (let i = 0; i < n; i++) {
    turned[2 * i] = 0.5 + (turned[2 * i] - (x0 + x1) / 2) / span;
    turned[2 * i + 1] = 0.5 + (2 * (turned[2 * i + 1] - (y0 + y1) / 2)) / span;
  }
  return turned;
}
