// Places the buses of a grid on a plane when nobody gave their positions: stress by stochastic gradient descent (Zheng, Pawar, Goodman 2019, IEEE
// Trans. Vis. Comput. Graph. 25, 2738), so that drawn distance follows the number of lines between two buses. Same grid, same picture.
import { random as seeded } from '@madang/numerics';

/** Most buses that are laid out: every pair is looked at. */
export const LAYOUT_LIMIT = 1500;
const SWEEPS = 24;

/** x, y of each node in [0, 1]; islands lie side by side. Edges are pairs of node indices. */
export function layoutGraph(count: number, edges: readonly (readonly [number, number])[]): Float64Array {
  const random = seeded('grid').uniform;
  const xy = Float64Array.from({ length: 2 * count }, () => random());
  const hops = distances(count, edges);
  const far = hops.reduce((most, d) => (d < UNREACHED && d > most ? d : most), 1);
  // Nodes of different islands keep a little more than the widest island apart.
  const pairs: [number, number][] = [];
  for (let i = 0; i < count; i++) for (let j = i + 1; j < count; j++) pairs.push([i, j]);
  const wanted = (i: number, j: number) => {
    const d = hops[i * count + j];
    return d < UNREACHED ? d : far * 1.2;
  };
  const least = 0.1;
  const most = far * far;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const rate = most * (least / most) ** (sweep / (SWEEPS - 1));
    for (let k = pairs.length - 1; k > 0; k--) {
      const r = Math.floor(random() * (k + 1));
      [pairs[k], pairs[r]] = [pairs[r], pairs[k]];
    }
    for (const [i, j] of pairs) {
      const d = wanted(i, j);
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
  return fitted(xy);
}

const UNREACHED = 65_535;

/** Number of edges between every two nodes, breadth first; UNREACHED between islands. */
function distances(count: number, edges: readonly (readonly [number, number])[]): Uint16Array {
  const near: number[][] = Array.from({ length: count }, () => []);
  for (const [a, b] of edges) {
    if (a === b) continue;
    near[a].push(b);
    near[b].push(a);
  }
  const out = new Uint16Array(count * count).fill(UNREACHED);
  const queue = new Int32Array(count);
  for (let s = 0; s < count; s++) {
    const row = out.subarray(s * count, (s + 1) * count);
    row[s] = 0;
    queue[0] = s;
    for (let head = 0, tail = 1; head < tail; head++)
      for (const b of near[queue[head]]) {
        if (row[b] !== UNREACHED) continue;
        row[b] = row[queue[head]] + 1;
        queue[tail++] = b;
      }
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
